"""Writes the vectors of a generation, row by row, or takes rows over from an earlier one.

Not for searching them: see `vectors`, which says what the files hold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np

from index.store import library, sketch
from index.store.spool import Spool
from index.store.vectors import NAME, Kind, VectorStore, kind_for

_NEIGHBOURS, _EF_BUILD = 32, 80
_TRAINING_ROWS = 100_000
_COUNT_AT = slice(8, 16)  # in the file, behind its kind and the dimension


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
        if kind == "sketch" and dimension % 2:
            raise ValueError(f"a sketch takes values in pairs, and {dimension} is odd: choose the kind exact")
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
            self._before.codes[first : first + count].view(np.float16),
            silent[start:end].astype(np.int64) - first,
        )

    def finish(self) -> Kind:
        """Write the files; the kind that was chosen. OSError if the disk is full."""
        kind = kind_for(self._spool.count, self._dimension) if self._kind == "auto" else self._kind
        if kind == "graph" and self._spool.count:
            self._write_graph()
        else:
            self._write_exact()
        if kind == "sketch" and self._spool.count:
            sketch.write(self._folder, self._spool.sample(sketch.SAMPLED_ROWS), self._spool.blocks())
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
            for rows in self._spool.runs():
                file.write(rows.data)

    def _write_graph(self) -> None:
        index = self._graph()
        for rows in self._spool.blocks():
            index.add(rows.astype(np.float32))
        library.write(index, self._folder / NAME)

    def _graph(self) -> Any:
        faiss = library.faiss()
        index = faiss.IndexHNSWSQ(
            self._dimension, faiss.ScalarQuantizer.QT_8bit, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT
        )
        index.hnsw.efConstruction = _EF_BUILD
        index.train(self._spool.sample(_TRAINING_ROWS))
        return index
