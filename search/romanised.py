"""Which Hindi words a Latin spelling may stand for, and how likely it is Hindi at all.

A noisy channel: P(Hindi word) by frequency, P(spelling | word) by the distance of both from their common sound.
Not for English: a token's English reading is judged beside this in `understand`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from index.lexicon import Lexicon
from index.store.postings import Postings
from index.text.script import script_of
from index.text.sound import casual, skeleton, skeletons
from search import stopwords
from search.remembered import Remembered
from search.sounds import sought_keys

# Natural-log costs, fitted on attested casual spellings: how fast belief falls with distance.
_SKELETON_COST, _SPELLING_COST = 6.0, 8.0
_FREQUENCY_POWER = 0.6
_UNSEEN = 1.0  # zipf of a word that only the corpus knows
_ATTESTED = 0.3  # what an attested spelling costs, whatever its distance
_NEARLY = 2.5  # a cost up to which a word is spelled nearly so
_COMMONER = 1.0  # powers of ten by which a function word is commoner than any such word, if its looser spellings count
_KEPT = 6
_BILLION = 9.0


class Candidate(NamedTuple):
    """A folded Hindi word; `log10` of the chance that a Hindi word of running text is this one, spelled so; `score`
    orders the candidates of one spelling, in the same unit: there frequency counts for less."""

    word: str
    log10: float
    score: float


def _spell(words: list[str]) -> list[tuple[str, str]]:
    """How each Hindi word is typed, and its sound."""
    latin = casual(words)
    return list(zip(latin, skeletons(latin), strict=True))


_spelled = Remembered(_spell)


def spelling_costs(latin: str, words: Collection[str]) -> dict[str, float]:
    """How far each Hindi word is from being spelled so: natural log of the chance, negated, but for a constant."""
    sound = skeleton(latin)
    return {
        word: _SKELETON_COST * Levenshtein.distance(sound, its_sound)
        + _SPELLING_COST * Levenshtein.distance(latin, spelled) / max(len(latin), len(spelled), 1)
        for word, (spelled, its_sound) in _spelled(words).items()
    }


def ranked(costs: Mapping[str, float], zipf: Callable[[str], float]) -> list[Candidate]:
    """The words by how likely they are meant, the likeliest first."""
    found = []
    for word, cost in costs.items():
        frequency = zipf(word) or _UNSEEN
        penalty = cost / math.log(10)
        found.append(Candidate(word, frequency - _BILLION - penalty, _FREQUENCY_POWER * frequency - penalty))
    return sorted(found, key=lambda c: (-c.score, c.word))


_LOOSELY = (
    (regex.compile(r"ee"), "i"),
    (regex.compile(r"oo"), "u"),
    (regex.compile(r"(.)\1+"), r"\1"),
    (regex.compile(r"w"), "v"),
    (regex.compile(r"ou|au|aw"), "o"),  # कौन kon, koun, kaun
    (regex.compile(r"(?<=i)y?(?:ai|ay|e|ey)$"), "e"),  # लिए liye, lie, liai
    (regex.compile(r"(?<=a)y(?=e)"), ""),  # गए gae, gaye
    (regex.compile(r"ai|ei|ey"), "e"),  # कैसे kese, kaise
    (regex.compile(r"(?<=i)y"), ""),  # किया kiya, kia
    (regex.compile(r"(?<=[^aeiou])a(?=[^aeiou])"), ""),  # करने karne, karane
    (regex.compile(r"(?<=[iy])a$"), ""),  # किया kiy, गया gay
)


def loose_spellings(latin: str) -> set[str]:
    """A Latin spelling without what casual writers vary most in short words: length, glides, schwas.

    >>> loose_spellings("kiyaa") & loose_spellings("kiy"), loose_spellings("karne") & loose_spellings("karane")
    ({'ki'}, {'krne'})
    >>> sorted(loose_spellings("say"))
    ['se', 'sy']
    """
    forms = {latin}
    if latin.endswith("ay"):
        forms.add(latin[:-2] + "e")  # से se, say
    found = set()
    for form in forms:
        for pattern, new in _LOOSELY:
            form = pattern.sub(new, form)
        found.add(form)
    return found


@cache  # the same for every corpus
def _function_words() -> Mapping[str, Collection[str]]:
    """The Hindi function words by their loose spellings."""
    found: dict[str, list[str]] = {}
    for word, (latin, _) in _spelled(stopwords.HINDI).items():
        nasal = word.endswith("ं")  # नहीं nahin, nahim, nahi
        forms = {latin, latin[:-1] + "m", latin[:-1]} if nasal else {latin}
        for loose in set().union(*map(loose_spellings, forms)):
            found.setdefault(loose, []).append(word)
    return found


def _is_word(latin: str) -> bool:
    """Lone consonants never stand for a word: of `k` and `h` the chat spellings are too many to tell."""
    return latin.isascii() and latin.isalpha() and len(latin) > 1


class Romanised:
    """Readings over the words of the lexicon and of one corpus."""

    def __init__(self, lexicon: Lexicon, postings: Postings) -> None:
        self._lexicon = lexicon
        self._postings = postings
        self._likeliest = Remembered(self._judged)

    def candidates(self, tokens: Sequence[str]) -> list[list[Candidate]]:
        """The likeliest Hindi words for each folded Latin token, best first; none for a lone letter or a number."""
        found = self._likeliest([token for token in tokens if _is_word(token)])
        return [found.get(token, []) for token in tokens]

    def _judged(self, words: list[str]) -> list[list[Candidate]]:
        # All at once, to be remembered: the keys, and how the words that have them are spelled.
        sought_keys(words)
        found = list(map(self._words, words))
        _spelled(set().union(*found))
        return list(map(self._candidates, words, found))

    def _candidates(self, latin: str, words: set[str]) -> list[Candidate]:
        attested = self._lexicon.spelling(latin)
        costs = spelling_costs(latin, words | ({attested} if attested else set()))
        if attested:
            costs[attested] = _ATTESTED
        costs |= dict.fromkeys(self._loosely(latin, costs), _ATTESTED)
        return ranked(costs, self._lexicon.zipf)[:_KEPT]

    def _loosely(self, latin: str, costs: Mapping[str, float]) -> list[str]:
        """Function words that are spelled so loosely, if no other word that is spelled nearly so is about as frequent.

        So `kon` is कौन and no कोण, but `jati` is जाति and not जाती.
        """
        function = {word for form in loose_spellings(latin) for word in _function_words().get(form, ())}
        zipf = self._lexicon.zipf
        others = [zipf(word) for word, cost in costs.items() if cost <= _NEARLY and word not in function]
        return [word for word in function if zipf(word) >= max(others, default=0.0) + _COMMONER]

    def _words(self, latin: str) -> set[str]:
        found: set[str] = set()
        for key in sought_keys([latin])[latin]:
            found.update(self._lexicon.hindi_words_with_key(key))
            found.update(
                word
                for word in map(self._postings.word, self._postings.with_key(key).tolist())
                if script_of(word) == "deva"
            )
        return found
