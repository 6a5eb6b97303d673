"""Which documents each source file gave, one after the other: `documents.json`.

By it a rebuild knows the documents of a file that has not changed, and the lines of one that has. Not read when
searching.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

NAME = "documents.json"


class Listed(NamedTuple):
    """A document: its first passage and how many, its line, and the key of that line ("" where it has none)."""

    id: str
    line: int
    first: int
    passages: int
    key: str


@dataclass(slots=True)
class Roll:
    """Columns, a place a document: many thousands of them are read at once."""

    ids: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    passages: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def add(self, name: str, line: int, passages: int, key: str) -> None:
        self.ids.append(name)
        self.lines.append(line)
        self.passages.append(passages)
        self.keys.append(key)

    def listed(self) -> Iterator[Listed]:
        firsts = accumulate(self.passages, initial=0)
        return (Listed(*row) for row in zip(self.ids, self.lines, firsts, self.passages, self.keys))  # noqa: B905

    def write(self, folder: Path) -> None:
        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        (folder / NAME).write_text(json.dumps(columns, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> Sequence[Listed]:
    """Empty if it cannot be read: then everything is read anew."""
    try:
        return list(Roll(**json.loads((folder / NAME).read_text("utf-8"))).listed())
    except (OSError, ValueError, TypeError):
        return []
