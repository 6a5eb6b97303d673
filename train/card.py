"""The model card: what the encoder is, what it learnt from and under which licences, and what was measured.

Not for measuring: see `evaluate_encoder`. The text is `card.md`; what can change is filled in here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from train import wordnet
from train.evaluate_encoder import Figures, table
from train.sources import Source

# What is to be told of a teacher that has a licence on record.
_KNOWN = {
    "sentence-transformers/all-MiniLM-L6-v2": (
        " (Apache-2.0), slim and in int8 (`dubhashi model slim`). It learnt from public pairs of texts, the training "
        "questions of SQuAD among them; XQuAD's are from SQuAD's other part, which it did not learn from"
    )
}
_TEXT = Path(__file__).with_name("card.md")


@dataclass(frozen=True, slots=True)
class Training:
    """How a table was made: the recipe, the command, the teacher's name if there was one, and whether it knows
    English alone."""

    recipe: str
    command: str
    teacher: str = ""
    english: bool = False
    wordnet: bool = False

    @property
    def start(self) -> str:
        if not self.teacher:
            return "a random table weighted by rarity"
        through = "; of Hindi pieces, those of their translations" if self.english else ""
        return f"the vectors that {self.teacher} gives the pieces{through}"

    @property
    def lessons(self) -> str:
        """What there was beside the three tasks."""
        defined = (
            "WordNet's definitions and the words that they define, in part put into Hindi word by word. "
        )
        followed = f"Beside these it learnt to give {self.teacher}'s vectors to lines of both languages"
        return (defined if self.wordnet else "") + (
            followed + (", and to definitions. " if self.wordnet else ". ") if self.teacher else ""
        )


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
        others=_others(training),
    )
    path.write_text(text, "utf-8")
    path.chmod(0o644)


def _others(training: Training) -> str:
    teacher = (
        f"Teacher: {training.teacher}{_KNOWN.get(training.teacher, '')}.\n\n" if training.teacher else ""
    )
    return teacher + (f"Definitions: {wordnet.NOTICE}\n\n" if training.wordnet else "")


def _sources(sources: list[Source]) -> str:
    rows = [f"| `{s.name}` | {s.what} | {s.licence} | {s.origin} |" for s in sources]
    return "\n".join(["| file | what | licence | origin |", "|---|---|---|---|", *rows])
