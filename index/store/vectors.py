"""The vectors of a generation behind one small contract.

Files: `dense.faiss`, rows by ordinal; `silent.npy` (uint32), the ordinals in which the encoder saw nothing.
Three kinds: `exact` keeps float16 rows and looks at all; `sketch` keeps them too, and looks at those that a small copy
(see there) proposes; `graph` (HNSW over 8-bit rows) looks at few, where that is worth a few per cent of recall.
Scores are inner products with the stored rows, higher is better. Not for encoding, nor for writing them: see
`vector_writer`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store import library, sketch
from index.store.arrays import load
from index.store.sketch import Sketch

Kind = Literal["exact", "sketch", "graph"]
Vectors = NDArray[np.float32]
Ordinals = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Rows. Looking at all takes 4 ms a 100,000 rows of 512, by a sketch 0.6: below the first bound that is no gain.
# Above the second a graph's 0.3 ms are worth its losses.
SKETCH_ABOVE, GRAPH_ABOVE = 20_000, 300_000
_EF_SEARCH = 96
# With so few rows allowed, looking at each is as fast as a sketch or the graph, which would miss many.
_FEW, _FEW_SHARE = 20_000, 0.1
_MASKED = 1.3  # a sketch knows no mask: so many more are asked for than should be left
NAME = "dense.faiss"
_ONE_THREAD_UP_TO = 16  # queries; FAISS threads only pay for more


def kind_for(count: int, dimension: int) -> Kind:
    """The kind for so many rows where nobody asks for one; a sketch takes values in pairs."""
    if count > GRAPH_ABOVE:
        return "graph"
    return "sketch" if count > SKETCH_ABOVE and dimension % 2 == 0 else "exact"


class VectorStore:
    """Reads the files of a folder, mapped. Check them first: FAISS does not, and may crash on damaged ones.

    Safe to search from several threads until closed. Who wants rows alone need not read the sketch (`sketched`).
    """

    def __init__(self, folder: Path, *, sketched: bool = True) -> None:
        faiss = library.faiss()
        path = folder / NAME
        self._index = library.read(path)
        try:
            graph = isinstance(self._index, faiss.IndexHNSW)
            self._flat = faiss.downcast_index(self._index.storage) if graph else self._index
            codes = faiss.rev_swig_ptr(self._flat.codes.data(), self._flat.codes.size())
        except (AttributeError, ValueError) as error:
            raise IndexDamaged(f"cannot read {path}: {error}; rebuild the index") from error
        self.codes: Any = codes.reshape(len(self), self._flat.code_size)
        has_sketch = (folder / sketch.NAME).exists()
        self._sketch = Sketch(folder, self._flat) if has_sketch and sketched else None
        self.kind: Kind = "graph" if graph else "sketch" if has_sketch else "exact"
        self.silent = load(folder / "silent.npy")
        self._speaking: Mask | None = None
        if len(self.silent):
            self._speaking = np.ones(len(self), np.bool_)
            self._speaking[self.silent] = False

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def search(self, query_rows: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ordinals]:
        """The best k passages of each row, best first, among those that `allowed` (by ordinal) lets through.

        Both results are (rows, m), m <= k: as wide as the row with most hits. Where a row has fewer, the
        score is -inf and the ordinal 0. A row of zeros has no hits; a passage whose row is zeros is none.
        """
        queries = np.ascontiguousarray(query_rows, np.float32)
        mask = self._speaking if allowed is None else allowed
        if allowed is not None and self._speaking is not None:
            mask = allowed & self._speaking
        number = len(self) if mask is None else int(np.count_nonzero(mask))
        k = min(k, number)
        if k <= 0 or not len(queries):
            return np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
        scores, ordinals = self._ask(queries, k, mask, number)
        ordinals[~queries.any(axis=1)] = -1
        scores[ordinals < 0] = -np.inf
        width = int((ordinals >= 0).sum(axis=1).max())
        return scores[:, :width], np.maximum(ordinals[:, :width], 0)

    def scores_of(self, query_row: Vectors, ordinals: Ordinals) -> Vectors:
        """The inner products of one query row with the stored rows of these ordinals."""
        scores: Vectors = self.rows(ordinals) @ np.asarray(query_row, np.float32).reshape(-1)
        return scores

    def rows(self, ordinals: Ordinals) -> Vectors:
        """The stored rows as the index remembers them: float16, or 8 bits a value in a graph."""
        library.faiss().omp_set_num_threads(1)
        rows: Vectors = self._flat.sa_decode(self.codes[np.asarray(ordinals, np.int64)])
        return rows

    def close(self) -> None:
        """Give the files back; only when no search runs any more."""
        self.codes = self._sketch = self._flat = self._index = None

    def _ask(self, queries: Vectors, k: int, mask: Mask | None, number: int) -> tuple[Vectors, Ordinals]:
        if len(queries) <= _ONE_THREAD_UP_TO:
            library.faiss().omp_set_num_threads(1)
        if number < max(_FEW, _FEW_SHARE * len(self)):
            return self._all(self._flat, queries, k, mask)
        if self._sketch is not None:
            found = self._by_sketch(self._sketch, queries, k, mask, number)
            return found or self._all(self._flat, queries, k, mask)
        return self._all(self._index, queries, k, mask)

    def _all(self, index: Any, queries: Vectors, k: int, mask: Mask | None) -> tuple[Vectors, Ordinals]:
        """The best k of one of FAISS's indexes: of all that the mask lets through, or of a graph's few."""
        faiss = library.faiss()
        selector = None if mask is None else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        if isinstance(index, faiss.IndexHNSW):
            parameters = faiss.SearchParametersHNSW(efSearch=max(_EF_SEARCH, 2 * k), sel=selector)
        else:
            parameters = None if selector is None else faiss.SearchParameters(sel=selector)
        scores, ordinals = index.search(queries, k, params=parameters)
        return scores, ordinals

    def _by_sketch(
        self, sketch: Sketch, queries: Vectors, k: int, mask: Mask | None, number: int
    ) -> tuple[Vectors, Ordinals] | None:
        """None where the mask leaves a query fewer than k."""
        if mask is None:
            return sketch.search(queries, k)
        most = min(len(self), int(_MASKED * k * len(self) / number) + 1)
        scores, ordinals = sketch.search(queries, most)
        left = (ordinals >= 0) & mask[ordinals]
        if (left.sum(axis=1) < k).any():
            return None
        first = np.argsort(~left, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(scores, first, 1), np.take_along_axis(ordinals, first, 1)
