"""Which source files a generation was made from, and what each gave: `sources.json`.

What a rebuild compares to find out what changed. Not read when searching.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.sources import Problem

NAME = "sources.json"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A file: what its ids begin with, its digest ("" if it could not be read), where its passages are."""

    stem: str
    name: str
    digest: str
    first: int
    passages: int
    documents: int
    problems: tuple[Problem, ...]

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.stem, self.name, self.digest

    def row(self) -> dict[str, object]:
        """Its fields; `asdict` takes many times longer, and there may be tens of thousands of files."""
        return {name: getattr(self, name) for name in self.__slots__}


def write(folder: Path, records: Sequence[SourceRecord]) -> None:
    rows = (json.dumps(record.row(), ensure_ascii=False) for record in records)
    body = "[\n" + ",\n".join(rows) + "\n]\n"
    (folder / NAME).write_text(body, encoding="utf-8", errors="backslashreplace")


def read(folder: Path) -> list[SourceRecord]:
    """Empty if it cannot be read: then everything counts as changed."""
    try:
        rows = json.loads((folder / NAME).read_text("utf-8"))
        return [
            SourceRecord(**{**row, "problems": tuple(Problem(*problem) for problem in row["problems"])})
            for row in rows
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []
