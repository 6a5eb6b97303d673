"""Words of a corpus that sound like another, in either script.

Not for what a sound is: see `index.text.sound`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import Levenshtein

from index.store.postings import Postings
from index.text.acronyms import is_spoken
from index.text.script import script_of
from index.text.sound import is_devanagari, keys_of, near_keys, query_keys, skeleton, soundings
from search.remembered import Remembered
from search.weights import Weights

Agreeing = list[tuple[int, float]]  # word ids with how well they agree, 0 to 1

_MIN_KEY = 2
_LONG = 4  # consonants of a key from which one may differ
_LONGEST = 20  # of a name; a key's neighbours grow with its length
_FEW = 2  # consonants; a key of as many says little of its vowels


class Sounds:
    """Over one corpus."""

    def __init__(self, postings: Postings, weights: Weights) -> None:
        self._postings = postings
        self._weights = weights
        self.alike = lru_cache(1 << 13)(self._alike)
        self.nearly = lru_cache(1 << 13)(self._nearly)

    def _alike(self, folded: str) -> Agreeing:
        """Corpus words of the same sound key, or of its plural's, whose vowels agree too.

        Latin words that sound alike (night, knight) are different words unless they are spelled alike.
        """
        found = []
        for key in _keys(folded):
            plural = [key + "s"] if len(key) > _FEW else []
            for same in (key, *plural):
                found += self._agreeing(folded, same, len(key), self._weights.min_agreement)
        if is_devanagari(folded):
            return found
        spelled = _spelled_key(folded)
        return [
            (word_id, agreement)
            for word_id, agreement in found
            if is_devanagari(word := self._postings.word(word_id)) or _spelled_key(word) == spelled
        ]

    def _nearly(self, folded: str) -> Agreeing:
        """Corpus words whose key differs by one consonant: for a word that nothing else is known of."""
        found: dict[int, float] = {}
        for key in _keys(folded):
            if _LONG <= len(key) <= _LONGEST:
                for near in near_keys(key):
                    found.update(self._agreeing(folded, near, 0, self._weights.min_near))
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[: self._weights.max_near]

    def _agreeing(self, folded: str, key: str, consonants: int, least: float) -> Agreeing:
        """The corpus words of a key, with how well they agree with the word."""
        word_ids = self._postings.with_key(key).tolist()
        if not word_ids:
            return []
        words = [self._postings.word(word_id) for word_id in word_ids]
        heard = _heard([folded, *words])
        judged = zip(word_ids, (_agreement(folded, word, heard, consonants) for word in words), strict=True)
        return [(word_id, agreement) for word_id, agreement in judged if agreement >= least]


_heard = Remembered(soundings)


def _spelled_key(latin: str) -> str:
    return keys_of([skeleton(latin)])[0].removesuffix("s")


def _keys(folded: str) -> list[str]:
    if script_of(folded) == "none" or is_spoken(folded):
        return []  # the letters एनटीएल do not sound like until
    return [key for key in query_keys(folded) if len(key) >= _MIN_KEY]


def _agreement(word: str, other: str, heard: Mapping[str, list[str]], consonants: int) -> float:
    """How well two words agree, 0 to 1: the more consonants one key has them share, the less the vowels matter.

    Latin words of one sound may be misspelt, but who writes another word means another.
    """
    if is_devanagari(word) or is_devanagari(other):
        pairs = product(heard[word], heard[other])
    else:
        pairs = product([skeleton(word)], [skeleton(other)])
    best = max((Levenshtein.normalized_similarity(*pair) for pair in pairs), default=0.0)
    lenience = min(1.0, _FEW / consonants) if consonants else 1.0
    return 1 - (1 - best) * lenience
