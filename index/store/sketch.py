"""A small copy of the vectors that says which rows to look at: two bits a value, scanned whole.

Files: `sketch.npy` (uint8, n rows), read into memory (a quarter of a byte a value), and `sketch_levels.npy` (float32, 4
rows), the values that the bits stand for. Not for scores: what it proposes is scored by the stored rows, so that it may
leave out a candidate but never misjudge one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store import library
from index.store.arrays import load

Vectors = NDArray[np.float32]
Halves = NDArray[np.float16]
Ordinals = NDArray[np.int64]
Bytes = NDArray[np.uint8]

NAME, LEVELS = "sketch.npy", "sketch_levels.npy"
SAMPLED_ROWS = 2_000  # say how the values of each dimension spread; the same rows say the same
# Four values that stand for all of a normal distribution with the least error (Max, 1960), in its deviations.
_SPREAD = (-1.5104, -0.4528, 0.4528, 1.5104)
_AT_ONCE = 512  # rows: few enough to stay in a core's cache
_LOOKED_AT = 3.5  # stored rows scored for each that is wanted: 190 of the best 200 of 100,000 are then found


def write(folder: Path, sample: Vectors, blocks: Iterable[Halves]) -> None:
    """The sketch of all rows, of an even dimension; some say how values spread. OSError if the disk is full."""
    levels = sample.mean(axis=0) + np.outer(_SPREAD, sample.std(axis=0)).astype(np.float32)
    codes = np.concatenate([coded(rows, levels) for rows in blocks])
    np.save(folder / NAME, codes, allow_pickle=False)
    np.save(folder / LEVELS, levels, allow_pickle=False)


def coded(rows: Halves, levels: Vectors) -> Bytes:
    """The nearest level of each value, four values a byte, the first in the lowest bits.

    >>> levels = np.array([[0, 0], [1, 10], [2, 20], [3, 30]], np.float32)
    >>> coded(np.array([[0, 30], [2, 10]], np.float16), levels).tolist()
    [[12], [6]]
    """
    dimension = rows.shape[1]
    cuts = _in_order(_rounded_down((levels[:-1] + levels[1:]) * np.float32(0.5)))
    nearest = np.zeros((_AT_ONCE, -(-dimension // 4) * 4), np.uint8)
    codes = np.empty((len(rows), nearest.shape[1] // 4), np.uint8)
    for start in range(0, len(rows), _AT_ONCE):
        part = _in_order(rows[start : start + _AT_ONCE])
        here = nearest[: len(part)]
        here[:, :dimension] = sum((part > cut).view(np.uint8) for cut in cuts)
        four = here.view("<u4")
        codes[start : start + len(part)] = four | four >> 6 | four >> 12 | four >> 18
    return codes


def _in_order(values: Halves) -> NDArray[np.int16]:
    """Integers in the order of the values, which are compared several times faster (-0 is before 0)."""
    bits = values.view(np.int16)
    return bits ^ (bits >> 15 & 0x7FFF)


def _rounded_down(values: Vectors) -> Halves:
    """The largest float16 that is no larger: a float16 is above the one where it is above the other."""
    near = (values + 0).astype(np.float16)  # and no -0
    return np.where(near > values, np.nextafter(near, np.float16(-np.inf)), near)


class Sketch:
    """Proposes from the sketch in a folder, and scores by `rows`, the index that holds them."""

    def __init__(self, folder: Path, rows: Any) -> None:
        faiss = library.faiss()
        codes, levels = load(folder / NAME), load(folder / LEVELS)
        try:
            self._sketch = faiss.IndexPQFastScan(_quantised(codes, levels))
            self._refined = faiss.IndexRefine(self._sketch, rows)
        except (RuntimeError, TypeError, ValueError, AssertionError) as error:
            where = folder / NAME
            raise IndexDamaged(f"{where} is no sketch of these rows: {error}; rebuild the index") from error
        self._rows = rows  # is to live as long
        self._parameters = faiss.IndexRefineSearchParameters(k_factor=_LOOKED_AT)

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ordinals]:
        """The best k of those looked at, best first, with their exact scores; -1 where there are fewer."""
        scores, ordinals = self._refined.search(queries, k, params=self._parameters)
        return scores, ordinals


def _quantised(codes: Bytes, levels: Vectors) -> Any:
    """As FAISS has it: a code for each pair of values, its 16 the levels of one value beside those of the other."""
    faiss = library.faiss()
    dimension = levels.shape[1]
    index = faiss.IndexPQ(dimension, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
    both = np.empty((dimension // 2, 4, 4, 2), np.float32)  # pair, level of its second, of its first
    both[..., 0] = levels[:, 0::2].T[:, None, :]
    both[..., 1] = levels[:, 1::2].T[:, :, None]
    faiss.copy_array_to_vector(both.ravel(), index.pq.centroids)
    index.is_trained = True
    index.add_sa_codes(np.ascontiguousarray(codes))
    return index
