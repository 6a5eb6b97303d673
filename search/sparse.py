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
_PASSAGE_WORDS = 60  # of a typical paragraph: turns general word frequency into an expected document frequency


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
            frequency = self._frequency(concept)
            found = np.flatnonzero(frequency)
            tf = frequency[found]
            idf.append(self._idf(float(np.minimum(tf, 1).sum()), concept.zipf))
            total[found] += idf[-1] * tf / (tf + self._saturation[found])
            attainable += idf[-1]
        if attainable:
            total /= attainable
        return SparseScores(total, tuple(idf))

    def _frequency(self, concept: Concept) -> Floats:
        """The weighted count of the concept's words in each passage."""
        rows = [(self._postings.row(word_id), weight) for word_id, (weight, _) in concept.words.items()]
        if not rows:
            return np.zeros(len(self._postings), np.float32)
        passages = np.concatenate([passages for (passages, _), _ in rows])
        counts = np.concatenate([tf.astype(np.float32) * (weight / TEXT_QUARTERS) for (_, tf), weight in rows])
        return np.bincount(passages, counts, minlength=len(self._postings)).astype(np.float32)

    def _idf(self, document_frequency: float, zipf: float) -> float:
        """The lesser of what the corpus and what general text say: a function word is not rare for being foreign here."""
        n = len(self._postings)
        here = math.log(1 + (n - document_frequency + 0.5) / (document_frequency + 0.5))
        if not zipf:
            return here
        return min(here, math.log(1 + 1 / (_PASSAGE_WORDS * 10 ** (zipf - 9))))
