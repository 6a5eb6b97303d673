"""The model card: what the encoder is, what it learnt from and under which licences, and what was measured.

Not for measuring: see `evaluate_encoder`. The text is `card.md`; what can change is filled in here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from train.evaluate_encoder import Figures, table
from train.sources import Source

_TEXT = Path(__file__).with_name("card.md")


@dataclass(frozen=True, slots=True)
class Training:
    """How a table was made: what it began as, what it learnt beside the three tasks, the recipe, the command."""

    start: str
    recipe: str
    command: str
    lessons: str = ""


def write_card(folder: Path, sources: list[Source], figures: dict[str, Figures], training: Training) -> None:
    about = json.loads((folder / "bridge.json").read_text("utf-8"))
    path = folder / "README.md"
    text = _TEXT.read_text("utf-8").format(
        pieces=about["pieces"],
        dimension=about["dimension"],
        start=training.start,
        lessons=training.lessons,
        recipe=training.recipe,
        command=training.command,
        figures=table(figures) if figures else "None were measured with this training.",
        sources=_sources(sources),
    )
    path.write_text(text, "utf-8")
    path.chmod(0o644)


def _sources(sources: list[Source]) -> str:
    rows = [f"| `{s.name}` | {s.what} | {s.licence} | {s.origin} |" for s in sources]
    return "\n".join(["| file | what | licence | origin |", "|---|---|---|---|", *rows])
