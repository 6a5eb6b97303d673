"""Which words of the corpus stand for which concepts of a question, and where they stand in its passages.

Not for how much: a concept's words carry their weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.expand import Concept

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Standing:
    """The words with a weight of at least `least`; `concepts` are the numbers of those that a word stands for."""

    def __init__(self, concepts: Sequence[Concept], least: float) -> None:
        self.concepts: dict[int, list[int]] = {}
        for number, concept in enumerate(concepts):
            for word_id, (weight, _) in concept.words.items():
                if weight >= least:
                    self.concepts.setdefault(word_id, []).append(number)
        self._ids = np.sort(np.fromiter(self.concepts, np.int32, len(self.concepts)))

    def places(self, tokens: Ints) -> Longs:
        """The places in a row of word ids of those that stand for a concept, ascending."""
        if not len(self._ids):
            return np.zeros(0, np.int64)
        slots = np.minimum(np.searchsorted(self._ids, tokens), len(self._ids) - 1)
        return np.flatnonzero(self._ids[slots] == tokens)
