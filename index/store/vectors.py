"""The vectors of a generation behind one small contract.

Files: `dense.faiss`, rows by ordinal; `silent.npy` (uint32), the ordinals in which the encoder saw nothing.
Three kinds: `exact` keeps float16 rows and looks at all; `sketch` keeps them too, and looks at those that a small copy
(see there) proposes; `graph` (HNSW over 8-bit rows) looks at few, where that is worth a few per cent of recall.
Scores are inner products with the stored rows, higher is better. Not for encoding.
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
from index.store.spool import Spool

Kind = Literal["exact", "sketch", "graph"]
Vectors = NDArray[np.float32]
Ordinals = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Rows. Looking at all takes 4 ms a 100,000 rows of 512, by a sketch 0.6: below the first bound that is no gain.
# Above the second a graph's 0.3 ms are worth its losses.
SKETCH_ABOVE, GRAPH_ABOVE = 20_000, 300_000
_NEIGHBOURS, _EF_BUILD, _EF_SEARCH = 32, 80, 96
_TRAINING_ROWS = 100_000
# With so few rows allowed, looking at each is as fast as a sketch or the graph, which would miss many.
_FEW, _FEW_SHARE = 20_000, 0.1
_MASKED = 1.3  # a sketch knows no mask: so many more are asked for than should be left
NAME = "dense.faiss"
_COUNT_AT = slice(8, 16)  # in the file, behind its kind and the dimension
_ONE_THREAD_UP_TO = 16  # queries; FAISS threads only pay for more


def kind_for(count: int) -> Kind:
    """The kind for so many rows where nobody asks for one."""
    return "graph" if count > GRAPH_ABOVE else "sketch" if count > SKETCH_ABOVE else "exact"


class VectorWriter:
    """Takes rows in order (see `Spool.add`) and writes them as one of the kinds.

    `before` is an earlier store that is no graph, from which rows may be kept.
    """

    def __init__(
        self,
        folder: Path,
        dimension: int,
        kind: Kind | Literal["auto"] = "auto",
        before: VectorStore | None = None,
    ) -> None:
        self._folder = folder
        self._dimension = dimension
        self._kind = kind
        self._before = before
        self._spool = Spool(folder / "rows.tmp", dimension)
        self.add = self._spool.add
        self.close = self._spool.close

    def keep(self, first: int, count: int) -> None:
        """The next rows are `count` of the earlier ones."""
        assert self._before is not None
        silent = self._before.silent
        start, end = np.searchsorted(silent, [first, first + count])
        self._spool.keep(
            self._before.codes[first : first + count], silent[start:end].astype(np.int64) - first
        )

    def finish(self) -> Kind:
        """Write the files; the kind that was chosen. OSError if the disk is full."""
        kind = kind_for(self._spool.count) if self._kind == "auto" else self._kind
        if kind == "graph" and self._spool.count:
            self._write_graph()
        else:
            self._write_exact()
        if kind == "sketch" and self._spool.count:
            sample = self._sample(sketch.TRAINING_ROWS)
            sketch.write(self._folder, self._dimension, sample, self._spool.chunks())
        np.save(self._folder / "silent.npy", self._spool.silent, allow_pickle=False)
        self._spool.close()
        return kind

    def _write_exact(self) -> None:
        """FAISS's own bytes without its copy of all rows: the spool holds them as this kind stores them.

        An index without rows begins as one with rows does, but for their number, and ends with the codes' bytes.
        """
        faiss = library.faiss()
        empty = faiss.IndexScalarQuantizer(
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        head, count = bytearray(faiss.serialize_index(empty).tobytes()), self._spool.count
        head[_COUNT_AT] = count.to_bytes(8, "little")
        head[-8:] = (count * 2 * self._dimension).to_bytes(8, "little")
        with (self._folder / NAME).open("wb") as file:
            file.write(head)
            for codes in self._spool.blocks():
                file.write(codes.data)

    def _write_graph(self) -> None:
        index = self._graph()
        for rows in self._spool.chunks():
            index.add(rows)
        library.write(index, self._folder / NAME)

    def _graph(self) -> Any:
        faiss = library.faiss()
        index = faiss.IndexHNSWSQ(
            self._dimension, faiss.ScalarQuantizer.QT_8bit, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT
        )
        index.hnsw.efConstruction = _EF_BUILD
        index.train(self._sample(_TRAINING_ROWS))
        return index

    def _sample(self, about: int) -> Vectors:
        """So many rows from all over."""
        return np.concatenate(list(self._spool.chunks(every=max(1, self._spool.count // about))))


class VectorStore:
    """Reads the files of a folder, mapped. Check them first: FAISS does not, and may crash on damaged ones.

    Safe to search from several threads until closed.
    """

    def __init__(self, folder: Path) -> None:
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
        self._sketch = Sketch(folder, self._flat) if (folder / sketch.NAME).exists() else None
        self.kind: Kind = "graph" if graph else "exact" if self._sketch is None else "sketch"
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
