"""How much of a query's information stands close together in a passage: a second look at the best candidates.

Words of one question that meet within a dozen words are about one thing. Not for finding candidates: it looks at the
words of each passage in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.store.postings import Postings
from search.expand import Concept
from search.standing import Standing
from search.weights import TELLING

WINDOW = 12  # words


class Nearness:
    """Measures nearness over one corpus."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def shares(
        self, ordinals: NDArray[np.int64], concepts: Sequence[Concept], idf: Sequence[float]
    ) -> list[float]:
        """For each passage the greatest share of the concepts' idf found within WINDOW words, 0 to 1."""
        total = sum(idf)
        if not total or not len(ordinals):
            return [0.0] * len(ordinals)
        return [densest(places, idf) / total for places in self._places(ordinals, concepts)]

    def _places(
        self, ordinals: NDArray[np.int64], concepts: Sequence[Concept]
    ) -> list[list[tuple[int, int]]]:
        """For each passage the position and concept of each word that stands for one, in order."""
        bodies = [self._postings.body(ordinal) for ordinal in ordinals.tolist()]
        starts = np.cumsum([0, *map(len, bodies)])
        tokens = np.concatenate(bodies)
        standing = Standing(concepts, TELLING)
        at = standing.places(tokens)
        passages = np.searchsorted(starts, at, side="right") - 1
        found: list[list[tuple[int, int]]] = [[] for _ in bodies]
        for passage, position, word_id in zip(
            passages.tolist(), (at - starts[passages]).tolist(), tokens[at].tolist(), strict=True
        ):
            found[passage] += [(position, number) for number in standing.concepts[word_id]]
        return found


def densest(places: Sequence[tuple[int, int]], value: Sequence[float], window: int = WINDOW) -> float:
    """The greatest sum of the values of distinct concepts within `window` words.

    >>> densest([(0, 0), (5, 1), (40, 2), (41, 0)], [1.0, 2.0, 4.0])
    5.0
    """
    inside: deque[tuple[int, int]] = deque()
    counts = [0] * len(value)
    here = best = 0.0
    for position, number in places:
        inside.append((position, number))
        counts[number] += 1
        if counts[number] == 1:
            here += value[number]
        while position - inside[0][0] > window:
            _, left = inside.popleft()
            counts[left] -= 1
            if not counts[left]:
                here -= value[left]
        best = max(best, here)
    return best
