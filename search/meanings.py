"""Stems that mean nearly what another does: by way of the other language, and by nearness of meaning.

Not for a corpus: what it has of them is found in `expand`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from index.lexicon import Lexicon
from index.text.script import script_of
from search.weights import Weights

Weighted = list[tuple[str, float]]


class Meanings:
    """Over one lexicon. A stem's own translations are no part of them."""

    def __init__(self, lexicon: Lexicon, weights: Weights) -> None:
        self._lexicon = lexicon
        self._weights = weights
        self._first = lru_cache(1 << 14)(self._first_translations)
        self.related = lru_cache(1 << 13)(self._related_stems)
        self.akin = lru_cache(1 << 13)(self._akin_stems)

    def _related_stems(self, stem: str) -> Weighted:
        """Stems of the same language that share translations: there and back through the table."""
        weights = self._weights
        there = self._lexicon.translations(stem)
        total = sum(p for _, p in there)
        found: dict[str, float] = defaultdict(float)
        for target, p in there:
            back = self._lexicon.translations(target)
            share = sum(q for _, q in back)
            for other, q in back:
                if other != stem:
                    found[other] += p / total * q / share
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[: weights.max_related]
        return [(other, weights.related * p**weights.related_power) for other, p in best]

    def _akin_stems(self, stem: str) -> Weighted:
        """Stems of both languages near in meaning: English ones of the word or its translations, and theirs."""
        weights = self._weights
        found: dict[str, float] = defaultdict(float)
        heads = [(stem, 1.0)] if script_of(stem) == "latn" else self._first(stem, 0.0)
        for head, share in heads:
            for other, cosine in self._lexicon.kin(head)[: weights.max_kin]:
                found[other] += weights.kin * share * cosine**weights.kin_power
        for other in list(found):
            found[other] = min(found[other], weights.kin)
            for target, share in self._first(other, weights.min_kin_share):
                found[target] = max(found[target], found[other] * share)
        return [(other, weight) for other, weight in found.items() if other != stem]

    def _first_translations(self, term: str, least: float) -> Weighted:
        """The first few translations, with their probability against that of the first."""
        found = self._lexicon.translations(term, self._weights.max_kin_translations)
        return [(target, p / found[0][1]) for target, p in found if p / found[0][1] > least]
