"""The sparse leg: how much of a query's information a passage holds, concept by concept.

BM25 in which a concept's words are counted together before saturation, with one document frequency for all of them.
Concepts that go together count less each (`together`).
Not for candidates only: every passage gets its exact score.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.store.postings import TEXT_QUARTERS, Postings
from search import together
from search.expand import Concept
from search.weights import TELLING, Weights

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
_FEW = 32  # concepts up to which each is compared with every other; no question has more, only a text given as one


@dataclass(frozen=True, slots=True)
class SparseScores:
    """`scores`, float32 (n,): 0 to 1, the share of the query's information found.

    `idf` is each concept's part of that information: its idf, less what it shares with the others.
    """

    scores: Floats
    idf: tuple[float, ...]

    @property
    def blind(self) -> bool:
        """No passage has a word that stands for any of the query's."""
        return not self.scores.any()


class _Found(NamedTuple):
    """The entries of a concept's words: `counts` are weighted; the first `telling` are of words that stand for it."""

    passages: Ints
    counts: Floats
    telling: int
    idf: float


_NOWHERE, _NOTHING = np.zeros(0, np.int32), np.zeros(0, np.float32)


class _Scratch(threading.local):
    """Arrays of one thread with a place for each passage: fresh ones for every concept cost more than the sums."""

    def __init__(self, passages: int) -> None:
        self.frequency, self.saturated = np.empty((2, passages), np.float32)
        self.there = np.empty(passages, np.bool_)


class SparseLeg:
    """Scores concepts over one corpus."""

    def __init__(self, postings: Postings, weights: Weights) -> None:
        self._postings = postings
        relative = postings.lengths.astype(np.float32) / max(postings.average_length, 1.0)
        self._saturation = np.asarray(weights.k1 * (1 - weights.b + weights.b * relative), np.float32)
        self._shared = weights.shared
        self._scratch = _Scratch(len(postings))

    def score(self, concepts: Sequence[Concept]) -> SparseScores:
        # Of a long text one after the other: all at once are much memory.
        found: Iterable[_Found] = map(self._find, concepts)
        counting = [1.0] * len(concepts)
        if self._shared and 1 < len(concepts) <= _FEW:
            found = list(found)
            counting = self._counting(found)
        total, idf = np.zeros(len(self._postings), np.float32), []
        for one, count in zip(found, counting, strict=True):
            idf.append(one.idf * count)
            if len(one.passages):
                self._add(one, idf[-1], total)
        attainable = sum(idf)
        if attainable:
            total /= attainable
        return SparseScores(total, tuple(idf))

    def _find(self, concept: Concept) -> _Found:
        """Where the concept's words stand, the heaviest word first, and the idf of the whole set."""
        ids = np.fromiter(concept.words, np.int64, len(concept.words))
        if not len(ids):
            return _Found(_NOWHERE, _NOTHING, 0, self._idf(0.0))
        weights = np.fromiter((weight for weight, _ in concept.words.values()), np.float64, len(ids))
        sizes = self._postings.document_frequency(ids)
        rows = [self._postings.row(word_id) for word_id in ids.tolist()]
        passages = np.concatenate([passages for passages, _ in rows])
        counts = np.concatenate([tf for _, tf in rows]) * np.repeat(
            (weights / TEXT_QUARTERS).astype(np.float32), sizes
        )
        telling = int(sizes[weights >= TELLING].sum())
        return _Found(passages, counts, telling, self._idf(min(float(weights @ sizes), len(self._postings))))

    def _counting(self, found: Sequence[_Found]) -> list[float]:
        """What each concept counts beside the others."""
        bits = np.empty((len(found), (len(self._postings) + 7) // 8), np.uint8)
        there = self._scratch.there
        for row, one in zip(bits, found, strict=True):
            there.fill(False)
            there[one.passages[: one.telling]] = True
            row[:] = np.packbits(there)
        result: list[float] = together.weights(bits, len(self._postings), self._shared).tolist()
        return result

    def _add(self, found: _Found, idf: float, total: Floats) -> None:
        """Add a concept's part to each passage's score.

        Passages without any of its words are counted along with the others: to sort them out would take longer.
        """
        frequency, saturated = self._scratch.frequency, self._scratch.saturated
        frequency.fill(0)
        np.add.at(frequency, found.passages, found.counts)
        np.add(frequency, self._saturation, out=saturated)
        np.multiply(frequency, np.float32(idf), out=frequency)
        np.divide(frequency, saturated, out=frequency)
        np.add(total, frequency, out=total)

    def _idf(self, document_frequency: float) -> float:
        n = len(self._postings)
        return math.log(1 + (n - document_frequency + 0.5) / (document_frequency + 0.5))
