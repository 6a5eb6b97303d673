"""Words of a corpus that sound like another, in either script.

Not for what a sound is: see `index.text.sound`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import Levenshtein

from index.store.postings import Postings
from index.text.acronyms import is_spoken
from index.text.script import script_of
from index.text.sound import is_devanagari, keys_of, near_keys, query_keys, skeleton, skeletons, soundings
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
        keys: dict[str, int] = {}
        for key in _keys(folded):
            for same in (key, key + "s") if len(key) > _FEW else (key,):
                keys[same] = max(len(key), keys.get(same, 0))
        found = self._sharing(keys)
        if not is_devanagari(folded):
            latin = [word for word, _ in found.values() if not is_devanagari(word)]
            own, *spelled = _spelled_keys([folded, *latin])
            others = {word for word, key in zip(latin, spelled, strict=True) if key != own}
            found = {word_id: one for word_id, one in found.items() if one[0] not in others}
        return self._agreeing(folded, found, self._weights.min_agreement)

    def _nearly(self, folded: str) -> Agreeing:
        """Corpus words whose key differs by one consonant: for a word that nothing else is known of."""
        long = (key for key in _keys(folded) if _LONG <= len(key) <= _LONGEST)
        found = self._sharing({near: 0 for key in long for near in near_keys(key)})
        judged = self._agreeing(folded, found, self._weights.min_near)
        return sorted(judged, key=lambda item: (-item[1], item[0]))[: self._weights.max_near]

    def _sharing(self, keys: Mapping[str, int]) -> dict[int, tuple[str, int]]:
        """The corpus words of some keys, each with its number of consonants: by id the word and the most of these."""
        found: dict[int, int] = {}
        for key, consonants in keys.items():
            for word_id in self._postings.with_key(key).tolist():
                found[word_id] = max(consonants, found.get(word_id, 0))
        return {word_id: (self._postings.word(word_id), most) for word_id, most in found.items()}

    def _agreeing(self, folded: str, found: Mapping[int, tuple[str, int]], least: float) -> Agreeing:
        """Those of the words found that agree with the word so well at least."""
        words = [word for word, _ in found.values()]
        heard = _heard([folded, *words] if is_devanagari(folded) else [folded, *filter(is_devanagari, words)])
        judged = (
            (word_id, _agreement(folded, word, heard, consonants))
            for word_id, (word, consonants) in found.items()
        )
        return [(word_id, agreement) for word_id, agreement in judged if agreement >= least]


_heard = Remembered(soundings)
sought_keys = Remembered(query_keys)


def _spelled_keys(latin: Sequence[str]) -> list[str]:
    return [key.removesuffix("s") for key in keys_of(skeletons(latin))]


def _keys(folded: str) -> list[str]:
    if script_of(folded) == "none" or is_spoken(folded):
        return []  # the letters एनटीएल do not sound like until
    return [key for key in sought_keys([folded])[folded] if len(key) >= _MIN_KEY]


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
