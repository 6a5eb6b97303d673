"""The model card: what the encoder is, what it learnt from and under which licences, and what was measured.

Not for measuring: see `evaluate_encoder`. The text is `card.md`; what can change is filled in here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from train import wordnet
from train.evaluate_encoder import Figures, table
from train.sources import Source

_TASKS = (
    "lines and their translations; made-up questions (a few words of a line with question words strewn in) and the "
    "paragraph around the line, in either language; entries of the glossary in `train/glossary`, written for this "
    "project"
)
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

    def told(self) -> str:
        """What the table began as and what it practised, in sentences."""
        through = "; of Hindi pieces, those of their translations" if self.english else ""
        start = (
            f"the vectors that {self.teacher} gives the pieces{through}"
            if self.teacher
            else "a random table weighted by rarity"
        )
        tasks = [_TASKS]
        if self.wordnet:
            tasks.append(
                "WordNet's definitions and the words that they define, in part put into Hindi word by word"
            )
        followed = "lines of both languages" + (" and to definitions" if self.wordnet else "")
        last = (
            f" Beside these it learnt to give {self.teacher}'s vectors to {followed}." if self.teacher else ""
        )
        return (
            "Contrastive (InfoNCE with the other texts of the batch as negatives), on several tasks at once: "
            f"{'; '.join(tasks)}.{last} It began with {start}."
        )


def write_card(folder: Path, sources: list[Source], figures: dict[str, Figures], training: Training) -> None:
    about = json.loads((folder / "bridge.json").read_text("utf-8"))
    path = folder / "README.md"
    text = _TEXT.read_text("utf-8").format(
        pieces=about["pieces"],
        dimension=about["dimension"],
        training=_lines(training.told()),
        recipe=training.recipe,
        command=training.command,
        figures=table(figures) if figures else "None were measured with this training.",
        sources=_sources(sources),
        others=_others(training),
    )
    path.write_text(text, "utf-8")
    path.chmod(0o644)


def _others(training: Training) -> str:
    found = []
    if training.teacher:
        found.append(f"Teacher: {training.teacher}{_KNOWN.get(training.teacher, '')}.")
    if training.wordnet:
        found.append(f"Definitions: {wordnet.NOTICE}")
    return "".join(f"{_lines(text)}\n\n" for text in found)


def _lines(text: str) -> str:
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _sources(sources: list[Source]) -> str:
    rows = [f"| `{s.name}` | {s.what} | {s.licence} | {s.origin} |" for s in sources]
    return "\n".join(["| file | what | licence | origin |", "|---|---|---|---|", *rows])
