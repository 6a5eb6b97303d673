"""The vocabulary of the made-up lines, and a lexicon's stand-in."""

from __future__ import annotations

from typing import cast

from index.lexicon import Lexicon
from train.course import Recipe

WORDS = {
    "river": "नदी", "bridge": "पुल", "minister": "मंत्री", "vote": "मत", "rain": "बारिश", "school": "विद्यालय",
    "king": "राजा", "road": "सड़क", "moon": "चंद्रमा", "water": "पानी", "farmer": "किसान", "bank": "बैंक",
}  # fmt: skip
RECIPE = Recipe(size=400, whole=60, dimension=32, batch=32, steps=60, rate=0.03)


class _Translations(dict[str, list[tuple[str, float]]]):
    def translations(self, term: str) -> list[tuple[str, float]]:
        return self.get(term, [])


def lexicon_of(rows: dict[str, list[tuple[str, float]]]) -> Lexicon:
    """One that knows these translations and nothing else."""
    return cast(Lexicon, _Translations(rows))
