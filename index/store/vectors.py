"""The vectors of a generation behind one small contract: FAISS, which is imported in this file only.

Files: `dense.faiss`, rows by ordinal; `silent.npy` (uint32), the ordinals in which the encoder saw nothing.
Two kinds: `exact` keeps float16 rows and looks at all; `graph` (HNSW over 8-bit rows) looks at few, where
that is worth a few per cent of recall. Scores are inner products, higher is better. Not for encoding, nor for
writing them: see `vector_writer`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store.arrays import load

Kind = Literal["exact", "graph"]
Vectors = NDArray[np.float32]
Ordinals = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Rows. Below, looking at all takes 3 ms a 100,000 rows of 256; above, a graph's 0.3 ms are worth its losses.
GRAPH_ABOVE = 300_000
_EF_SEARCH = 96
# With so few rows allowed, looking at each is as fast as the graph, which would miss many.
_FEW, _FEW_SHARE = 20_000, 0.1
NAME = "dense.faiss"
_ONE_THREAD_UP_TO = 16  # queries; FAISS threads only pay for more


def kind_for(count: int) -> Kind:
    """The kind for so many rows where nobody asks for one."""
    return "graph" if count > GRAPH_ABOVE else "exact"


class VectorStore:
    """Reads the files of a folder, mapped. Check them first: FAISS does not, and may crash on damaged ones.

    Safe to search from several threads until closed.
    """

    def __init__(self, folder: Path) -> None:
        faiss = faiss_library()
        path = folder / NAME
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            graph = isinstance(self._index, faiss.IndexHNSW)
            self._flat = faiss.downcast_index(self._index.storage) if graph else self._index
            codes = faiss.rev_swig_ptr(self._flat.codes.data(), self._flat.codes.size())
        except (RuntimeError, AttributeError, ValueError) as error:
            raise IndexDamaged(f"cannot read {path}: {error}; rebuild the index") from error
        self.kind: Kind = "graph" if graph else "exact"
        self.codes: Any = codes.reshape(len(self), self._flat.code_size)
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
        faiss_library().omp_set_num_threads(1)
        rows: Vectors = self._flat.sa_decode(self.codes[np.asarray(ordinals, np.int64)])
        return rows

    def close(self) -> None:
        """Give the files back; only when no search runs any more."""
        self.codes = self._flat = self._index = None

    def _ask(self, queries: Vectors, k: int, mask: Mask | None, number: int) -> tuple[Vectors, Ordinals]:
        faiss = faiss_library()
        if len(queries) <= _ONE_THREAD_UP_TO:
            faiss.omp_set_num_threads(1)
        selector = None if mask is None else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        few = number < max(_FEW, _FEW_SHARE * len(self))
        if self.kind == "graph" and not few:
            parameters = faiss.SearchParametersHNSW(efSearch=max(_EF_SEARCH, 2 * k), sel=selector)
            scores, ordinals = self._index.search(queries, k, params=parameters)
        else:
            parameters = None if selector is None else faiss.SearchParameters(sel=selector)
            scores, ordinals = self._flat.search(queries, k, params=parameters)
        return scores, ordinals


def faiss_library() -> Any:
    """The library, imported at the first vector: it costs as much as everything else at a cold start."""
    import faiss

    return faiss
