"""All parts of a generation written side by side, passage by passage, into one folder.

Not for its manifest nor for publishing it: see `index.build`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.progress import Progress
from index.recipe import PostingsMaker
from index.store.before import Before
from index.store.column_writer import ColumnWriter
from index.store.contents import NAME as CONTENTS
from index.store.contents import ContentWriter, Digests
from index.store.passage_writer import PassageWriter
from index.store.passages import NAME as PASSAGES
from index.store.vector_writer import VectorWriter
from index.store.vectors import NAME as VECTORS
from index.store.vectors import Kind
from index.types import Kept, Passage

Vectors = NDArray[np.float32]
Result = TypeVar("Result")


class Encoded(NamedTuple):
    """Passages, the number of what each says, and the earlier passage that says the same, or -1; then it has no row."""

    passages: list[Passage]
    rows: Vectors
    digests: Digests
    known: list[int]

    def part(self, cut: slice) -> Encoded:
        return Encoded(self.passages[cut], self.rows[cut], self.digests[cut], self.known[cut])


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
        postings: PostingsMaker,
        kind: Kind | Literal["auto"] = "auto",
        before: Before | None = None,
    ) -> None:
        (folder / "postings").mkdir()
        self._folder = folder
        self._before = before
        self._passages = PassageWriter(folder / PASSAGES, before.passages if before else None)
        self._columns = ColumnWriter(folder, before.columns if before else None)
        self._vectors = VectorWriter(folder, dimension, kind, before.vectors if before else None)
        self._contents = ContentWriter(folder / CONTENTS, before.contents if before else None)
        self._postings = postings(folder / "postings", before.postings if before else None)
        self.languages: Counter[str] = Counter()
        self.count = 0
        self.kept = 0
        self.probe: Probe | None = None

    def add(self, texts: Encoded) -> None:
        """A batch of passages, their rows, and what is known of them; their ordinals follow on those before."""
        passages, rows = texts.passages, texts.rows
        self._passages.add(passages)
        self._columns.add(passages)
        self._add_rows(rows, texts.known)
        self._contents.add(texts.digests)
        self._postings.add(passages, texts.known)
        if self.probe is None:
            seen = [place for place, old in enumerate(texts.known) if old < 0 and rows[place].any()]
            if seen:
                place = seen[0]
                self.probe = Probe(self.count + place, passages[place], rows[place].copy())
        self.count += len(passages)

    def _add_rows(self, rows: Vectors, known: Sequence[int]) -> None:
        """Rows that are new, and those that are known in runs as they lay before."""
        start = 0
        while start < len(known):
            end, step = start + 1, known[start] >= 0
            while (
                end < len(known)
                and (known[end] >= 0) == step
                and (not step or known[end] == known[end - 1] + 1)
            ):
                end += 1
            if step:
                self._vectors.keep(known[start], end - start)
            else:
                self._vectors.add(rows[start:end])
            start = end

    def keep(self, kept: Kept) -> None:
        """A stretch of the earlier generation's passages."""
        for part in (self._passages, self._columns, self._vectors, self._contents, self._postings):
            part.keep(kept.first, kept.number)
        if self.probe is None and self._before:
            old = self._before.speaking(*kept)
            if old is not None:
                row = self._before.vectors.rows(np.array([old]))[0]
                self.probe = Probe(self.count + old - kept.first, self._before.passage(old), row)
        self.count += kept.number
        self.kept += kept.number

    def finish(self, progress: Progress, whole: Callable[[Path], None] = lambda _: None) -> Kind:
        """Write what waited; the kind of vector index that was chosen.

        `whole` hears of large files that do not change any more, from any thread.
        """
        progress("vectors", 0, 1)
        with ThreadPoolExecutor(3, "finishing") as pool:  # SQLite and numpy both let go of Python's lock
            indexing = pool.submit(self._finish, self._passages.finish, PASSAGES, whole)
            vectors = pool.submit(self._finish, self._vectors.finish, VECTORS, whole)
            postings = pool.submit(self._postings.finish)
            self.languages = self._columns.finish()
            self.digests = self._contents.finish()
            kind = vectors.result()
            progress("vectors", 1, 1)
            progress("postings", 0, 1)
            postings.result()
            indexing.result()
        progress("postings", 1, 1)
        return kind

    def _finish(self, finish: Callable[[], Result], name: str, whole: Callable[[Path], None]) -> Result:
        """Finish the part that writes the file `name`, which then does not change any more."""
        result = finish()
        whole(self._folder / name)
        return result

    def close(self) -> None:
        for part in (self._passages, self._vectors, self._postings):
            part.close()
