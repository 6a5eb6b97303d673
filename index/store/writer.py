"""All parts of a generation written side by side, passage by passage, into one folder.

Not for its manifest nor for publishing it: see `index.build`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.progress import Progress
from index.recipe import PostingsSink
from index.store.columns import ColumnWriter
from index.store.passages import PassageWriter
from index.store.vectors import Kind, VectorWriter
from index.types import Passage

Vectors = NDArray[np.float32]


class Probe(NamedTuple):
    """A passage and its row as they were given: what reading the generation back must find."""

    ordinal: int
    passage: Passage
    row: NDArray[np.float32]


class GenerationWriter:
    """Use it in one thread; `close` it whatever happened."""

    def __init__(
        self,
        folder: Path,
        dimension: int,
        postings: Callable[[Path], PostingsSink],
        kind: Kind | Literal["auto"] = "auto",
    ) -> None:
        (folder / "postings").mkdir()
        self._passages = PassageWriter(folder / "passages.db")
        self._columns = ColumnWriter(folder)
        self._vectors = VectorWriter(folder, dimension, kind)
        self._postings = postings(folder / "postings")
        self.languages: Counter[str] = Counter()
        self.count = 0
        self.probe: Probe | None = None

    def add(self, passages: Sequence[Passage], rows: Vectors) -> None:
        """A batch of passages and a row for each; their ordinals follow on those before."""
        self._passages.add(passages)
        self._columns.add(passages)
        self._vectors.add(rows)
        self._postings.add(passages)
        self.languages.update(passage.lang for passage in passages)
        seen = np.flatnonzero(rows.any(axis=1))
        if self.probe is None and len(seen):
            place = int(seen[0])
            self.probe = Probe(self.count + place, passages[place], rows[place].copy())
        self.count += len(passages)

    def finish(self, progress: Progress) -> Kind:
        """Write what waited; the kind of vector index that was chosen."""
        progress("vectors", 0, 1)
        self._passages.finish()
        self._columns.finish()
        kind = self._vectors.finish()
        progress("vectors", 1, 1)
        progress("postings", 0, 1)
        self._postings.finish()
        progress("postings", 1, 1)
        return kind

    def close(self) -> None:
        self._passages.close()
        self._vectors.close()
