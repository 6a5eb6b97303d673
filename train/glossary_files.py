"""Reading the glossary: `english forms TAB hindi senses`, both separated by ` | `, the most usual sense first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    english: tuple[str, ...]
    hindi: tuple[str, ...]
    place: str


def entries(folder: Path) -> Iterator[Entry]:
    """Every entry of the folder's `*.tsv` files; raises ValueError naming file and line for a malformed one."""
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
            place = f"{path.name}:{number}"
            columns = line.split("\t")
            if len(columns) != 2:
                raise ValueError(f"{place}: two columns expected, {len(columns)} found")
            english, hindi = (tuple(part.strip() for part in column.split("|")) for column in columns)
            if not all(english) or not all(hindi):
                raise ValueError(f"{place}: an empty form or sense")
            yield Entry(english, hindi, place)
