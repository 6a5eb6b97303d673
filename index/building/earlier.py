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
from index.building.roll import Roll
from index.sources import Known, SourceFile


@dataclass(frozen=True)
class EarlierFile:
    """A file as it was, with its documents."""

    record: SourceRecord
    documents: Roll

    @cached_property
    def known(self) -> Known:
        by_key = {key: number for number, key in enumerate(self.documents.keys) if key}
        return Known(self.documents.ids, by_key)

    @cached_property
    def firsts(self) -> list[int]:
        """Where the passages of each document begin."""
        return list(accumulate(self.documents.passages, initial=self.record.first))


class Earlier:
    """The files by name."""

    def __init__(self, folder: Path) -> None:
        records, documents = inventory.read(folder), roll.read(folder)
        starts = list(accumulate((record.documents for record in records), initial=0))
        whole = starts[-1] == len(documents.ids)
        self._files = {
            (record.stem, record.name): EarlierFile(record, documents.part(start, record.documents))
            for record, start in zip(records if whole else (), starts, strict=False)
        }

    def find(self, file: SourceFile) -> EarlierFile | None:
        return self._files.get((file.stem, file.name))
