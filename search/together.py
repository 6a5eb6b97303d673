"""How much of what a concept tells the question's other concepts tell already.

*Super* and *Bowl* are found in the same passages: either alone says nearly what both say, and counted twice they would
outweigh what is asked of it. Not for which words stand for a concept: see `expand`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
Doubles = NDArray[np.float64]
_MIN_TOGETHER = 2  # passages: one may be chance


def attraction(found: Bits, passages: int) -> Doubles:
    """How far each two of m concepts go together, float64 (m, m), symmetric, 0 to 1; 0 with itself.

    Normalised pointwise mutual information (Bouma, 2009) where that is above 0: 0 as often as by chance, 1 always.
    `found`, uint8 (m, passages / 8): the bits of `np.packbits` say which passages have the concept.

    >>> attraction(np.packbits([[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0]], axis=1), 4).round(2).tolist()
    [[0.0, 1.0, 0.42], [1.0, 0.0, 0.42], [0.42, 0.42, 0.0]]
    """
    both = np.array([np.bitwise_count(found & row).sum(axis=1, dtype=np.int64) for row in found], np.float64)
    size = both.diagonal()
    some = (both >= _MIN_TOGETHER) & (both < passages)
    np.fill_diagonal(some, False)
    pointwise, own = (np.ones_like(both) for _ in range(2))
    np.divide(both * passages, np.outer(size, size), out=pointwise, where=some)
    np.divide(passages, both, out=own, where=some)
    result = np.zeros_like(both)
    np.divide(np.log(pointwise), np.log(own), out=result, where=some)
    return np.maximum(result, 0.0)


def weights(found: Bits, passages: int, discount: float) -> Doubles:
    """What each concept counts, float64 (m,): 1, less the more it goes together with others.

    >>> weights(np.packbits([[1, 1, 0, 0], [1, 1, 0, 0]], axis=1), 4, 0.25).tolist()
    [0.8, 0.8]
    """
    return np.asarray(1.0 / (1.0 + discount * attraction(found, passages).sum(axis=1)))
