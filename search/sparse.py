"""The sparse leg: how much of a query's information a passage holds, concept by concept.

BM25 in which a concept's words are counted together before saturation, with one document frequency for all of them.
Not for candidates only: every passage gets its exact score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.postings import TEXT_QUARTERS, Postings
from search.expand import Concept
from search.weights import Weights

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SparseScores:
    """`scores`, float32 (n,): 0 to 1, the share of the query's information found. `idf` is that of each concept."""

    scores: Floats
    idf: tuple[float, ...]

    @property
    def blind(self) -> bool:
        """No passage has a word that stands for any of the query's."""
        return not self.scores.any()


class SparseLeg:
    """Scores concepts over one corpus."""

    def __init__(self, postings: Postings, weights: Weights) -> None:
        self._postings = postings
        self._weights = weights
        relative = postings.lengths.astype(np.float32) / max(postings.average_length, 1.0)
        self._saturation = np.asarray(weights.k1 * (1 - weights.b + weights.b * relative), np.float32)

    def score(self, concepts: Sequence[Concept]) -> SparseScores:
        total = np.zeros(len(self._postings), np.float32)
        idf, attainable = [], 0.0
        for concept in concepts:
            frequency, concept_idf = self._frequency(concept)
            found = np.flatnonzero(frequency)
            tf = frequency[found]
            total[found] += concept_idf * tf / (tf + self._saturation[found])
            idf.append(concept_idf)
            attainable += concept_idf
        if attainable:
            total /= attainable
        return SparseScores(total, tuple(idf))

    def _frequency(self, concept: Concept) -> tuple[Floats, float]:
        """The weighted count of the concept's words in each passage, and the idf of the whole set."""
        n = len(self._postings)
        ids = np.fromiter(concept.words, np.int64, len(concept.words))
        if not len(ids):
            return np.zeros(n, np.float32), self._idf(0.0)
        weights = np.fromiter((weight for weight, _ in concept.words.values()), np.float64, len(ids))
        sizes = self._postings.document_frequency(ids)
        rows = [self._postings.row(word_id) for word_id in ids.tolist()]
        passages = np.concatenate([passages for passages, _ in rows])
        counts = np.concatenate([tf for _, tf in rows]) * np.repeat(weights / TEXT_QUARTERS, sizes)
        frequency = np.bincount(passages, counts, minlength=n).astype(np.float32)
        return frequency, self._idf(min(float(weights @ sizes), n))

    def _idf(self, document_frequency: float) -> float:
        n = len(self._postings)
        return math.log(1 + (n - document_frequency + 0.5) / (document_frequency + 0.5))
