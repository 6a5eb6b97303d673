"""A small copy of the vectors that says which rows to look at: 4 bits for every two values, scanned whole.

File: `sketch.faiss`, read into memory (a quarter of a byte a value). Not for scores: what it proposes is scored by the
stored rows, so that it may leave out a candidate but never misjudge one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store import library

Vectors = NDArray[np.float32]
Ordinals = NDArray[np.int64]

NAME = "sketch.faiss"
TRAINING_ROWS = 2_000  # 16 codes for two values need no more; the same rows give the same codes
_CODES = 16
_ROUNDS = 6
_LOOKED_AT = 3.0  # stored rows scored for each that is wanted: of the best 200 of 100,000, 197 are then found


def write(folder: Path, dimension: int, sample: Vectors, chunks: Iterable[Vectors]) -> None:
    """The sketch of all rows, with codes learnt from some. OSError if the disk is full."""
    faiss = library.faiss()
    index = faiss.IndexPQFastScan(
        dimension, dimension // 2 if dimension % 2 == 0 else dimension, 4, faiss.METRIC_INNER_PRODUCT
    )
    index.pq.cp.niter, index.pq.cp.min_points_per_centroid = _ROUNDS, 1
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # sums in one order: the same rows give the same bytes
    index.train(np.resize(sample, (max(len(sample), _CODES), dimension)))
    faiss.omp_set_num_threads(threads)
    for rows in chunks:
        index.add(rows)
    library.write(index, folder / NAME)


class Sketch:
    """Proposes from the sketch in a folder, and scores by `rows`, the index that holds them."""

    def __init__(self, folder: Path, rows: Any) -> None:
        faiss = library.faiss()
        self._sketch, self._rows = library.read(folder / NAME), rows
        try:
            self._refined = faiss.IndexRefine(self._sketch, self._rows)
        except (RuntimeError, TypeError) as error:
            where = folder / NAME
            raise IndexDamaged(f"{where} is no sketch of these rows: {error}; rebuild the index") from error
        self._parameters = faiss.IndexRefineSearchParameters(k_factor=_LOOKED_AT)

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ordinals]:
        """The best k of those looked at, best first, with their exact scores; -1 where there are fewer."""
        scores, ordinals = self._refined.search(queries, k, params=self._parameters)
        return scores, ordinals
