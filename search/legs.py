"""Both legs of a search: what each proposes, scored by both, fused.

Not for pages or reasons: see `searcher`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Vectors
from index.generation import Generation
from search.expand import Concept, Expansion
from search.fusion import Floats, Ordinals, Ranking, best, fuse
from search.nearness import Nearness
from search.sparse import SparseLeg, SparseScores
from search.types import SearchRequest
from search.understand import QueryToken
from search.weights import Weights

_POOL = 200  # candidates that each leg proposes at least
_SECOND_LOOK = 30  # candidates that are measured for nearness
_NO_WORDS = "sparse leg without weight: no passage has a word for any of the query's; ranked by meaning alone"
_NO_MEANING = "dense leg without weight: the encoder sees nothing in the query; ranked by words alone"
_NOTHING = "neither leg sees anything in the query"


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates in order; `total` counts what either leg found; `idf` goes with `concepts`."""

    ranking: Ranking
    total: int
    concepts: Sequence[Concept]
    idf: Sequence[float]
    warnings: tuple[str, ...]


class Legs:
    """Retrieves from one generation."""

    def __init__(
        self,
        generation: Generation,
        expansion: Expansion,
        sparse: SparseLeg,
        nearness: Nearness,
        weights: Weights,
    ) -> None:
        self._vectors = generation.vectors
        self._columns = generation.columns
        self._expansion = expansion
        self._sparse = sparse
        self._nearness = nearness
        self._nearness_weight = weights.nearness
        self._unexplained = weights.unexplained

    def retrieve(
        self, request: SearchRequest, tokens: Sequence[QueryToken], query: Vectors | None, ratio: float, depth: int,
        without: int | None = None,
    ) -> Retrieved:  # fmt: skip
        """`query` is None in sparse mode; `without` is a passage that must not be found."""
        allowed = self._columns.mask(
            lang=request.lang, script=request.script, date_from=request.date_from, date_to=request.date_to,
            where=request.where,
        )  # fmt: skip
        if without is not None:
            allowed = np.ones(len(self._columns), np.bool_) if allowed is None else allowed.copy()
            allowed[without] = False
        concepts = self._expansion.concepts(tokens) if request.mode != "dense" else []
        sparse = self._sparse.score(concepts)
        ratio, warnings = weigh(request, sparse, query, ratio)
        pool = max(_POOL, depth)
        by_words = np.sort(best(sparse.scores, pool, allowed))
        matching = sparse.scores > 0
        if allowed is not None:
            matching &= allowed
        if query is None or ratio == 0:
            candidates, cosines = by_words, np.zeros(len(by_words), np.float32)
        else:
            candidates, cosines = self._proposed(query, pool, allowed, by_words)
            matching[candidates[cosines > 0]] = True
        words = sparse.scores[candidates]
        ranking = fuse(candidates, words, cosines, ratio, self._unexplained)
        if self._nearness_weight and ratio < 1:
            words = self._nearer(candidates, words, ranking.ordinals[:_SECOND_LOOK], concepts, sparse.idf)
            ranking = fuse(candidates, words, cosines, ratio, self._unexplained)
        if request.min_score > 0:
            ranking = ranking.at(np.flatnonzero(ranking.scores >= request.min_score).tolist())
            total = len(ranking)
        else:
            total = int(np.count_nonzero(matching))
        return Retrieved(ranking, total, concepts, sparse.idf, warnings)

    def _proposed(
        self, query: Vectors, pool: int, allowed: NDArray[np.bool_] | None, others: Ordinals
    ) -> tuple[Ordinals, Floats]:
        """The nearest passages and the `others`, ascending, with their cosines."""
        scores, near = (found[0] for found in self._vectors.search(query[None, :], pool, allowed))
        others = np.setdiff1d(others, near, assume_unique=True)
        candidates = np.concatenate([near, others])
        cosines = np.concatenate([scores, self._vectors.scores_of(query, others)])
        order = np.argsort(candidates)
        return candidates[order], cosines[order]

    def _nearer(
        self,
        candidates: Ordinals,
        scores: Floats,
        head: Ordinals,
        concepts: Sequence[Concept],
        idf: Sequence[float],
    ) -> Floats:
        """The sparse scores of candidates, those at the head with their nearness; still 0 to 1."""
        weight = self._nearness_weight
        shares = self._nearness.shares(head, concepts, idf)
        near = np.zeros(len(candidates), np.float32)
        near[np.searchsorted(candidates, head)] = shares
        return np.asarray((scores + weight * near) / (1 + weight), np.float32)


def weigh(
    request: SearchRequest, sparse: SparseScores, query: Vectors | None, ratio: float
) -> tuple[float, tuple[str, ...]]:
    """The weight of the dense leg, once a leg that is blind has lost its own; and what to tell of that."""
    if request.mode == "sparse":
        return 0.0, (_NOTHING,) if sparse.blind else ()
    sees = query is not None and bool(query.any())
    if request.mode == "dense":
        return 1.0, () if sees else (_NOTHING,)
    if sparse.blind and not sees:
        return 0.0, (_NOTHING,)
    if sparse.blind:
        return 1.0, (_NO_WORDS,)
    return (ratio, ()) if sees else (0.0, (_NO_MEANING,))
