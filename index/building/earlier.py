"""What the generation in use knows of the sources: its files, and the documents that each gave.

Not for whether anything changed at all: see `compare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from index.building import inventory, roll
from index.building.inventory import SourceRecord
from index.building.roll import Listed
from index.sources import SourceFile


@dataclass(frozen=True)
class EarlierFile:
    """A file as it was, with its documents."""

    record: SourceRecord
    documents: list[Listed]

    @cached_property
    def by_key(self) -> dict[str, Listed]:
        return {document.key: document for document in self.documents if document.key}


class Earlier:
    """The files by name."""

    def __init__(self, folder: Path) -> None:
        records, listed = inventory.read(folder), roll.read(folder)
        ends = list(accumulate(record.documents for record in records))
        whole = bool(ends) and ends[-1] == len(listed)
        self._files = {
            (record.stem, record.name): EarlierFile(record, list(listed[end - record.documents : end]))
            for record, end in zip(records if whole else (), ends, strict=False)
        }

    def find(self, file: SourceFile) -> EarlierFile | None:
        return self._files.get((file.stem, file.name))
