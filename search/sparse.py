"""The sparse leg: how much of a query's information a passage holds, concept by concept.

BM25 in which a concept's words are counted together before saturation, with one document frequency for all of them.
Not for candidates only: every passage gets its exact score.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.postings import TEXT_QUARTERS, Postings
from search.expand import Concept
from search.weights import Weights

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SparseScores:
    """`scores`, float32 (n,): 0 to 1, the share of the query's information found. `idf` is that of each concept."""

    scores: Floats
    idf: tuple[float, ...]

    @property
    def blind(self) -> bool:
        """No passage has a word that stands for any of the query's."""
        return not self.scores.any()


class _Scratch(threading.local):
    """Arrays of one thread with a place for each passage: fresh ones for every concept cost more than the sums."""

    def __init__(self, passages: int) -> None:
        self.frequency, self.saturated = np.empty((2, passages), np.float32)


class SparseLeg:
    """Scores concepts over one corpus."""

    def __init__(self, postings: Postings, weights: Weights) -> None:
        self._postings = postings
        relative = postings.lengths.astype(np.float32) / max(postings.average_length, 1.0)
        self._saturation = np.asarray(weights.k1 * (1 - weights.b + weights.b * relative), np.float32)
        self._scratch = _Scratch(len(postings))

    def score(self, concepts: Sequence[Concept]) -> SparseScores:
        total = np.zeros(len(self._postings), np.float32)
        idf = [self._add(concept, total) for concept in concepts]
        attainable = sum(idf)
        if attainable:
            total /= attainable
        return SparseScores(total, tuple(idf))

    def _add(self, concept: Concept, total: Floats) -> float:
        """Add the concept's part to each passage's score; the idf of the whole set of its words.

        Passages without any of them are counted along with the others: to sort them out would take longer.
        """
        ids = np.fromiter(concept.words, np.int64, len(concept.words))
        if not len(ids):
            return self._idf(0.0)
        weights = np.fromiter((weight for weight, _ in concept.words.values()), np.float64, len(ids))
        sizes = self._postings.document_frequency(ids)
        idf = self._idf(min(float(weights @ sizes), len(total)))
        self._count(ids, weights, sizes)
        frequency, saturated = self._scratch.frequency, self._scratch.saturated
        np.add(frequency, self._saturation, out=saturated)
        np.multiply(frequency, np.float32(idf), out=frequency)
        np.divide(frequency, saturated, out=frequency)
        np.add(total, frequency, out=total)
        return idf

    def _count(self, ids: Longs, weights: Doubles, sizes: Longs) -> None:
        """Into `frequency`: the weighted count of the words in each passage."""
        rows = [self._postings.row(word_id) for word_id in ids.tolist()]
        passages = np.concatenate([passages for passages, _ in rows])
        counts = np.concatenate([tf for _, tf in rows]) * np.repeat(
            (weights / TEXT_QUARTERS).astype(np.float32), sizes
        )
        self._scratch.frequency.fill(0)
        np.add.at(self._scratch.frequency, passages, counts)

    def _idf(self, document_frequency: float) -> float:
        n = len(self._postings)
        return math.log(1 + (n - document_frequency + 0.5) / (document_frequency + 0.5))
