"""A query token as one concept: the weighted set of corpus words that may stand for it.

Probabilistic structured queries (Darwish and Oard, 2003), with sounds, derivations and related words beside
translations. Not for scores: see `sparse`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from index.lexicon import Lexicon
from index.store.postings import Postings
from index.text.derivation import derived
from index.text.script import script_of
from index.text.sound import is_devanagari, near_keys, query_keys, skeletons, sound_keys
from index.text.stem import stem
from search.types import MatchKind
from search.understand import QueryToken, Sense
from search.weights import Weights

_DERIVED_CUT = 3  # letters by which a derived word may differ at the end of what is shared
_DERIVED_MIN = 4
_DERIVED_LENGTHS = 4
_MIN_KEY = 2
_LONG = 4  # consonants of a key from which one may differ
_FEW = 2  # consonants; a key of as many says little of its vowels


Words = dict[int, tuple[float, MatchKind]]
_NO_TOKEN = QueryToken("", 0, 0, [], 0.0)


@dataclass(slots=True)
class Concept:
    """`words` maps word ids to (weight, kind), the heaviest first."""

    token: QueryToken
    words: Words

    def add(self, word_ids: Iterable[int], weight: float, kind: MatchKind) -> None:
        """A word keeps its heaviest reason; one without weight is none."""
        if weight <= 0:
            return
        for word_id in word_ids:
            known = self.words.get(word_id)
            if known is None or known[0] < weight:
                self.words[word_id] = weight, kind


@lru_cache(1 << 16)
def _skeleton(word: str) -> str:
    return skeletons([word])[0]


class Expansion:
    """Expands tokens over one lexicon and one corpus."""

    def __init__(self, lexicon: Lexicon, postings: Postings, weights: Weights) -> None:
        self._lexicon = lexicon
        self._postings = postings
        self._weights = weights
        self._related = lru_cache(1 << 13)(self._related_stems)
        self._first = lru_cache(1 << 14)(self._first_translations)
        self._akin = lru_cache(1 << 13)(self._akin_stems)
        self._sounding = lru_cache(1 << 13)(self._sounding_alike)
        self._nearly = lru_cache(1 << 13)(self._nearly_alike)
        self._derived = lru_cache(1 << 13)(self._derived_words)
        self._words = lru_cache(1 << 12)(self._expanded)  # people ask for the same words again

    def concept(self, token: QueryToken) -> Concept:
        """Its words may be another concept's too: they are not to be changed."""
        return Concept(token, self._words(tuple(token.senses), tuple(token.units)))

    def _expanded(self, senses: Sequence[Sense], units: Sequence[tuple[str, float]]) -> Words:
        concept = Concept(_NO_TOKEN, {})
        for sense in senses:
            self._add_word(concept, sense)
            self._add_meanings(concept, sense.stem, sense.weight)
            self._add_sounds(concept, sense)
        for unit, weight in units:
            self._add_translations(concept, unit, weight)
        heaviest = sorted(concept.words.items(), key=lambda item: (-item[1][0], item[0]))
        return dict(heaviest[: self._weights.max_words])

    def _add_word(self, concept: Concept, sense: Sense) -> None:
        weights = self._weights
        word_id = self._postings.word_id(sense.folded)
        if word_id is not None:
            concept.add([word_id], sense.weight, "word")
        concept.add(self._postings.with_stem(sense.stem).tolist(), sense.weight * weights.same_stem, "stem")
        for word_id, share in self._derived(sense.folded, sense.stem):
            concept.add([word_id], sense.weight * share, "stem")

    def _add_meanings(self, concept: Concept, stem: str, scale: float) -> None:
        self._add_translations(concept, stem, scale)
        for known in (self._related(stem), self._akin(stem)):
            for other, weight in known:
                concept.add(self._postings.with_stem(other).tolist(), scale * weight, "meaning")

    def _add_translations(self, concept: Concept, term: str, scale: float) -> None:
        found = self._lexicon.translations(term)
        weights = self._weights
        for target, probability in found:
            weight = weights.translation * (probability / found[0][1]) ** weights.translation_power
            if weight >= weights.min_translation:
                concept.add(self._postings.with_stem(target).tolist(), scale * weight, "translation")

    def _related_stems(self, stem: str) -> list[tuple[str, float]]:
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

    def _akin_stems(self, stem: str) -> list[tuple[str, float]]:
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

    def _first_translations(self, term: str, least: float) -> list[tuple[str, float]]:
        """The first few translations, with their probability against that of the first."""
        found = self._lexicon.translations(term, self._weights.max_kin_translations)
        return [(target, p / found[0][1]) for target, p in found if p / found[0][1] > least]

    def _derived_words(self, folded: str, headword: str) -> list[tuple[int, float]]:
        """Corpus words that begin alike, with what they weigh: more where a known ending is all that differs."""
        begin = folded[: max(_DERIVED_MIN, len(folded) - _DERIVED_CUT)]
        if len(folded) < _DERIVED_MIN or (not folded.isalpha() and not is_devanagari(folded)):
            return []
        weights = self._weights
        found = []
        for word, word_id in self._postings.beginning_with(begin):
            if abs(len(word) - len(folded)) > _DERIVED_LENGTHS or " " in word or word == folded:
                continue
            if derived(headword, stem(word)):
                found.append((word_id, weights.known_derived))
            elif (agreement := 2 * _shared(folded, word) / (len(folded) + len(word))) >= weights.min_derived:
                found.append((word_id, weights.derived * agreement**2))
        return found

    def _add_sounds(self, concept: Concept, sense: Sense) -> None:
        weights = self._weights
        known = self._lexicon.knows(sense.stem)
        scale = sense.weight * weights.sound * (weights.known_sound if known else 1.0)
        for word_id, agreement in self._sounding(sense.folded):
            concept.add([word_id], scale * agreement**weights.sound_power, "sound")
        if not known and max((weight for weight, _ in concept.words.values()), default=0.0) < weights.enough:
            for word_id, agreement in self._nearly(sense.folded):
                concept.add([word_id], sense.weight * agreement**weights.near_power, "sound")

    def _sounding_alike(self, folded: str) -> list[tuple[int, float]]:
        """Corpus words of the same sound key, or of its plural's, whose vowels agree too."""
        found = []
        for key in _keys(folded):
            plural = [key + "s"] if len(key) > _FEW else []
            for same in (key, *plural):
                found += self._agreeing(folded, same, len(key), self._weights.min_agreement)
        return found

    def _nearly_alike(self, folded: str) -> list[tuple[int, float]]:
        """Corpus words whose key differs by one consonant: for a word that nothing else is known of."""
        found: dict[int, float] = {}
        for key in _keys(folded):
            if len(key) >= _LONG:
                for near in near_keys(key):
                    found.update(self._agreeing(folded, near, 0, self._weights.min_near))
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[: self._weights.max_near]

    def _agreeing(self, folded: str, key: str, consonants: int, least: float) -> list[tuple[int, float]]:
        """The corpus words of a key, with how well they agree with the word."""
        sound = _skeleton(folded)
        judged = [
            (word_id, _agreement(sound, _skeleton(self._postings.word(word_id)), consonants))
            for word_id in self._postings.with_key(key).tolist()
        ]
        return [(word_id, agreement) for word_id, agreement in judged if agreement >= least]


def _keys(folded: str) -> list[str]:
    if script_of(folded) == "none":
        return []
    keys = sound_keys([folded]) if is_devanagari(folded) else query_keys(folded)
    return [key for key in keys if len(key) >= _MIN_KEY]


def _agreement(sound: str, other: str, consonants: int) -> float:
    """How well two skeletons agree, 0 to 1: the more consonants one key has them share, the less the vowels matter."""
    lenience = min(1.0, _FEW / consonants) if consonants else 1.0
    return 1 - (1 - Levenshtein.normalized_similarity(sound, other)) * lenience


def _shared(a: str, b: str) -> int:
    """How many letters two words share from the start."""
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count
