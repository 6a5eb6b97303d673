"""Which Hindi words a Latin spelling may stand for, and how likely it is Hindi at all.

A noisy channel: P(Hindi word) by frequency, P(spelling | word) by the distance of both from their common sound.
Not for English: a token's English reading is judged beside this in `understand`.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from index.lexicon import Lexicon
from index.store.postings import Postings
from index.text.script import script_of
from index.text.sound import casual, query_keys, skeleton

# Natural-log costs, fitted on attested casual spellings: how fast belief falls with distance.
_SKELETON_COST, _SPELLING_COST = 6.0, 8.0
_FREQUENCY_POWER = 0.6
_UNSEEN = 1.0  # zipf of a word that only the corpus knows
_ATTESTED = 0.3  # what an attested spelling costs, whatever its distance
_KEPT = 6
_BILLION = 9.0


class Candidate(NamedTuple):
    """A folded Hindi word; `log10` of the chance that a Hindi word of running text is this one, spelled so; `score`
    orders the candidates of one spelling, in the same unit: there frequency counts for less."""

    word: str
    log10: float
    score: float


_spellings: dict[str, tuple[str, str]] = {}
_MOST_SPELLINGS = 1 << 16


def _spelled(words: Collection[str]) -> dict[str, tuple[str, str]]:
    """How each Hindi word is typed, and its sound; all that are new at once, since a call costs as much as a word."""
    found = {word: known for word in words if (known := _spellings.get(word))}
    new = [word for word in words if word not in found]
    fresh = {word: (latin, skeleton(latin)) for word, latin in zip(new, casual(new), strict=True)}
    if len(_spellings) + len(fresh) > _MOST_SPELLINGS:
        _spellings.clear()
    _spellings.update(fresh)
    return found | fresh


def _cost(latin: str, spelled: str, sound: str) -> float:
    return _SKELETON_COST * Levenshtein.distance(
        skeleton(latin), sound
    ) + _SPELLING_COST * Levenshtein.distance(latin, spelled) / max(len(latin), len(spelled), 1)


class Romanised:
    """Readings over the words of the lexicon and of one corpus."""

    def __init__(self, lexicon: Lexicon, postings: Postings) -> None:
        self._lexicon = lexicon
        self._postings = postings
        self.candidates = lru_cache(1 << 13)(self._candidates)

    def _candidates(self, latin: str) -> list[Candidate]:
        """The likeliest Hindi words for a folded Latin token, best first; empty for a lone letter or a number.

        Lone consonants never stand for a word: of `k` and `h` the chat spellings are too many to tell.
        """
        if not latin.isascii() or not latin.isalpha() or len(latin) < 2:
            return []
        attested = self._lexicon.spelling(latin)
        found = []
        for word, (spelled, sound) in _spelled(
            self._words(latin) | ({attested} if attested else set())
        ).items():
            cost = _ATTESTED if word == attested else _cost(latin, spelled, sound)
            zipf = self._lexicon.zipf(word) or _UNSEEN
            penalty = cost / math.log(10)
            found.append(Candidate(word, zipf - _BILLION - penalty, _FREQUENCY_POWER * zipf - penalty))
        return sorted(found, key=lambda c: (-c.score, c.word))[:_KEPT]

    def _words(self, latin: str) -> set[str]:
        found: set[str] = set()
        for key in query_keys(latin):
            found.update(self._lexicon.hindi_words_with_key(key))
            found.update(
                word
                for word in map(self._postings.word, self._postings.with_key(key).tolist())
                if script_of(word) == "deva"
            )
        return found
