"""The parts of an earlier generation that the next one may take passages from.

Check its files first, every byte: what is taken over gets new checksums. Not for searching: see `generation`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.store.columns import Columns
from index.store.contents import Contents
from index.store.passages import NAME, PassageStore
from index.store.vectors import VectorStore
from index.types import Passage


class Before:
    """Close it when the next generation is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns = Columns(folder)
        self.contents = Contents(folder)
        self.vectors = VectorStore(folder, sketched=False)

    @property
    def passages(self) -> Path:
        return self.folder / NAME

    @property
    def postings(self) -> Path:
        return self.folder / "postings"

    def speaking(self, first: int, count: int) -> int | None:
        """The first of a stretch of passages that has a vector."""
        found = np.setdiff1d(np.arange(first, first + count), self.vectors.silent, assume_unique=True)
        return int(found[0]) if len(found) else None

    def passage(self, ordinal: int) -> Passage:
        store = PassageStore(self.passages)
        try:
            return store.get([ordinal])[0]
        finally:
            store.close()

    def close(self) -> None:
        self.vectors.close()
