"""One score from two legs.

    words = (sparse + p * nearness) / (1 + p)
    score = (1 - q) * words + q * max(0, cosine),    q = r + u * (1 - the best words of any passage)

Both legs are 0 to 1 and mean the same whatever the query: `sparse` is the share of the query's information that the
passage holds, so a list with a single hit is not made 1 nor 0, and a leg that saw nothing cannot be stretched into
noise. `r` is the semantic ratio. Where no passage holds much of the query by its words, it is asked in other words than
it is answered in, and meaning counts for more, by `u` of `weights`. A leg that is blind to a query gets no weight at
all: an `r` of 0 or 1 stays what it is. `nearness` (see there) is measured for the best candidates only, with the weight
`p`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ordinals = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages in order, best first, with the score and each leg's part of it (the parts add up to the score)."""

    ordinals: Ordinals
    scores: Floats
    sparse: Floats
    dense: Floats

    def __len__(self) -> int:
        return len(self.ordinals)

    def at(self, rows: Sequence[int]) -> Ranking:
        """Only these rows, in this order."""
        kept = np.asarray(rows, np.int64)
        return Ranking(self.ordinals[kept], self.scores[kept], self.sparse[kept], self.dense[kept])


def fuse(
    ordinals: Ordinals, words: Floats, cosine: Floats, ratio: float, unexplained: float = 0.0
) -> Ranking:
    """Rank candidates by the formula above (`unexplained`: its `u`); ties fall to the earlier passage.

    >>> legs = np.array([7, 3]), np.array([0.5, 0.0], np.float32), np.array([0.2, 0.9], np.float32)
    >>> ranking = fuse(*legs, 0.2)
    >>> ranking.ordinals.tolist(), [round(float(score), 2) for score in ranking.scores]
    ([7, 3], [0.44, 0.18])
    >>> [round(float(score), 2) for score in fuse(*legs, 0.2, unexplained=0.4).scores]  # the best holds half: q is 0.4
    [0.38, 0.36]
    """
    if 0 < ratio < 1 and len(words):
        ratio = min(1.0, ratio + unexplained * (1 - float(words.max())))
    by_sparse = (1 - ratio) * words
    by_dense = ratio * np.clip(cosine, 0.0, 1.0)
    scores = (by_sparse + by_dense).astype(np.float32)
    order = np.lexsort((ordinals, -scores))
    order = order[scores[order] > 0]
    return Ranking(
        ordinals[order],
        scores[order],
        by_sparse[order].astype(np.float32),
        by_dense[order].astype(np.float32),
    )


def best(scores: Floats, count: int, allowed: NDArray[np.bool_] | None = None) -> Ordinals:
    """The `count` passages of the highest score above 0, in no order."""
    found = np.flatnonzero(scores > 0 if allowed is None else (scores > 0) & allowed)
    if len(found) > count:
        found = found[np.argpartition(scores[found], len(found) - count)[len(found) - count :]]
    return found
