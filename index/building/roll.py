"""Which documents each source file gave, one after the other: `documents.json`.

By it a rebuild knows the documents of a file that has not changed, and the lines of one that has. Not read when
searching.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path

NAME = "documents.json"


@dataclass(slots=True)
class Roll:
    """Columns, a place a document: its id, its line, how many passages it gave, and the key of its line ("" where it
    has none). Many thousands of documents are read and taken over at once."""

    ids: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    passages: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def add(self, name: str, line: int, passages: int, key: str) -> None:
        self.ids.append(name)
        self.lines.append(line)
        self.passages.append(passages)
        self.keys.append(key)

    def extend(self, other: Roll) -> None:
        self.ids += other.ids
        self.lines += other.lines
        self.passages += other.passages
        self.keys += other.keys

    def part(self, first: int, count: int) -> Roll:
        cut = slice(first, first + count)
        return Roll(self.ids[cut], self.lines[cut], self.passages[cut], self.keys[cut])

    def write(self, folder: Path) -> None:
        columns = {column.name: getattr(self, column.name) for column in fields(self)}
        (folder / NAME).write_text(json.dumps(columns, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> Roll:
    """Empty if it cannot be read: then everything is read anew."""
    try:
        roll = Roll(**json.loads((folder / NAME).read_text("utf-8")))
        sizes = {len(getattr(roll, column.name)) for column in fields(roll)}
        return roll if len(sizes) == 1 else Roll()
    except (OSError, ValueError, TypeError):
        return Roll()
