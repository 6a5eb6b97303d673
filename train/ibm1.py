"""IBM model 1 over bags of stems: which word of one language translates which of the other.

Brown et al. (1993), "The mathematics of statistical machine translation", model 1. Not for word order or fertility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bags:
    """Sentences as rows of stem ids: row i is `ids[starts[i]:starts[i + 1]]`."""

    ids: Ints
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: list[list[int]]) -> Bags:
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=starts[1:])
        return cls(np.fromiter((i for row in rows for i in row), np.int32, int(starts[-1])), starts)


@numba.njit(cache=False)
def _pair_keys(a, a_starts, b, b_starts, width):  # type: ignore[no-untyped-def]
    total = 0
    for row in range(len(a_starts) - 1):
        total += (a_starts[row + 1] - a_starts[row]) * (b_starts[row + 1] - b_starts[row])
    keys = np.empty(total, np.int64)
    at = 0
    for row in range(len(a_starts) - 1):
        for i in range(a_starts[row], a_starts[row + 1]):
            for j in range(b_starts[row], b_starts[row + 1]):
                keys[at] = np.int64(a[i]) * width + b[j]
                at += 1
    return keys


@numba.njit(cache=False)
def _expect(slots, a, a_starts, b, b_starts, weights, t, counts):  # type: ignore[no-untyped-def]
    """Add to `counts` the expected number of times that each pair is a translation, b from a."""
    at = 0
    for row in range(len(a_starts) - 1):
        n_a = a_starts[row + 1] - a_starts[row]
        n_b = b_starts[row + 1] - b_starts[row]
        for j in range(n_b):
            total = 0.0
            for i in range(n_a):
                total += t[slots[at + i * n_b + j]]
            if total > 0:
                for i in range(n_a):
                    slot = slots[at + i * n_b + j]
                    counts[slot] += weights[row] * t[slot] / total
        at += n_a * n_b


def translation_probabilities(
    source: Bags, target: Bags, weights: Floats, rounds: int = 6
) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Pairs seen together, P(target|source), P(source|target), and how often each pair is expected to be a translation.

    The pairs are keys `source_id * width + target_id` with `width = target.ids.max() + 1`, sorted.
    """
    width = int(target.ids.max()) + 1
    keys = _pair_keys(source.ids, source.starts, target.ids, target.starts, width)
    pairs, slots = np.unique(keys, return_inverse=True)
    del keys
    slots = slots.astype(np.int32)
    a, b = pairs // width, pairs % width
    start = np.full(len(pairs), 1.0)
    forward, times = _train(slots, source, target, weights, a, start, rounds, transpose=False)
    backward, back = _train(slots, source, target, weights, b, start, rounds, transpose=True)
    return pairs, forward, backward, np.minimum(times, back)


@numba.njit(cache=False)
def _expect_back(slots, a, a_starts, b, b_starts, weights, t, counts):  # type: ignore[no-untyped-def]
    at = 0
    for row in range(len(a_starts) - 1):
        n_a = a_starts[row + 1] - a_starts[row]
        n_b = b_starts[row + 1] - b_starts[row]
        for i in range(n_a):
            total = 0.0
            for j in range(n_b):
                total += t[slots[at + i * n_b + j]]
            if total > 0:
                for j in range(n_b):
                    slot = slots[at + i * n_b + j]
                    counts[slot] += weights[row] * t[slot] / total
        at += n_a * n_b


def _train(
    slots: Ints, source: Bags, target: Bags, weights: Floats, given: NDArray[np.int64], t: Floats, rounds: int,
    *, transpose: bool,
) -> tuple[Floats, Floats]:  # fmt: skip
    step = _expect_back if transpose else _expect
    for _ in range(rounds):
        counts = np.zeros(len(t))
        step(slots, source.ids, source.starts, target.ids, target.starts, weights, t, counts)
        totals = np.bincount(given, counts)[given]
        t = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    return t, counts
