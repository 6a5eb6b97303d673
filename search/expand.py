"""A query token as one concept: the weighted set of corpus words that may stand for it.

Probabilistic structured queries (Darwish and Oard, 2003), with sounds, derivations and related words beside
translations: `meanings` and `sounds` propose, here they are put together. Not for scores: see `sparse`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.lexicon import Lexicon
from index.store.postings import Postings
from index.text.acronyms import in_the_other_script, is_spoken
from index.text.derivation import derived
from index.text.sound import is_devanagari
from index.text.stem import stem
from search.meanings import Meanings
from search.sounds import Sounds, sought_keys
from search.types import MatchKind
from search.understand import QueryToken, Sense
from search.weights import Weights

_DERIVED_CUT = 3  # letters by which a derived word may differ at the end of what is shared
_DERIVED_MIN = 4
_DERIVED_LENGTHS = 4
_LIKELY = 0.5  # of the first translation's probability
_LONG_KEY = 4  # consonants

Words = dict[int, tuple[float, MatchKind]]
_NO_TOKEN = QueryToken("", 0, 0, [], 0.0)


@dataclass(slots=True)
class Concept:
    """`words` maps word ids to (weight, kind), the heaviest first."""

    token: QueryToken
    words: Words

    def outweighs(self, word_id: int, weight: float) -> bool:
        """Whether the word stands for it by as much already."""
        known = self.words.get(word_id)
        return known is not None and known[0] >= weight

    def add(self, word_ids: Iterable[int], weight: float, kind: MatchKind) -> None:
        """A word keeps its heaviest reason; one without weight is none."""
        if weight <= 0:
            return
        for word_id in word_ids:
            known = self.words.get(word_id)
            if known is None or known[0] < weight:
                self.words[word_id] = weight, kind


class Expansion:
    """Expands tokens over one lexicon and one corpus."""

    def __init__(self, lexicon: Lexicon, postings: Postings, weights: Weights) -> None:
        self._lexicon = lexicon
        self._postings = postings
        self._weights = weights
        self._meanings = Meanings(lexicon, weights)
        self._sounds = Sounds(postings, weights)
        self._derived = lru_cache(1 << 13)(self._derived_words)
        self._borrowed = lru_cache(1 << 14)(self._is_borrowed)
        self._only_alike = lru_cache(1 << 14)(self._are_only_alike)
        self._words = lru_cache(1 << 12)(self._expanded)  # people ask for the same words again

    def concepts(self, tokens: Sequence[QueryToken]) -> list[Concept]:
        """One a token. Its words may be another concept's too: they are not to be changed."""
        # All at once, to be remembered.
        sought_keys({sense.folded for token in tokens for sense in token.senses})
        return [Concept(token, self._words(tuple(token.senses), tuple(token.units))) for token in tokens]

    def _expanded(self, senses: Sequence[Sense], units: Sequence[tuple[str, float]]) -> Words:
        concept = Concept(_NO_TOKEN, {})
        for sense in senses:
            self._add_word(concept, sense)
            self._add_meanings(concept, sense.stem, sense.weight)
            self._add_sounds(concept, sense)
            self._add_acronym(concept, sense)
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
        for known in (self._meanings.related(stem), self._meanings.akin(stem)):
            for other, weight in known:
                concept.add(self._postings.with_stem(other).tolist(), scale * weight, "meaning")

    def _add_translations(self, concept: Concept, term: str, scale: float) -> None:
        found = self._lexicon.translations(term)
        weights = self._weights
        for target, probability in found:
            weight = weights.translation * (probability / found[0][1]) ** weights.translation_power
            if weight >= weights.min_translation:
                concept.add(self._postings.with_stem(target).tolist(), scale * weight, "translation")

    def _derived_words(self, folded: str, headword: str) -> list[tuple[int, float]]:
        """Corpus words that begin alike, with what they weigh: more where a known ending is all that differs."""
        begin = folded[: max(_DERIVED_MIN, len(folded) - _DERIVED_CUT)]
        if (
            len(folded) < _DERIVED_MIN
            or is_spoken(folded)
            or (not folded.isalpha() and not is_devanagari(folded))
        ):
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
        for word_id, agreement in self._sounds.alike(sense.folded):
            agreed = agreement**weights.sound_power
            if concept.outweighs(word_id, scale * agreed):  # whatever its share, which is 1 at most
                continue
            other = stem(self._postings.word(word_id))
            share = weights.known_other if self._only_alike(sense.stem, other) else 1.0
            concept.add([word_id], scale * share * agreed, "sound")
        if not known and max((weight for weight, _ in concept.words.values()), default=0.0) < weights.enough:
            for word_id, agreement in self._sounds.nearly(sense.folded):
                concept.add([word_id], sense.weight * agreement**weights.near_power, "sound")

    def _are_only_alike(self, headword: str, other: str) -> bool:
        """Whether two known words are different words: without a translation in common, and not both names or loans.

        So bad is not बाद, nor हाथ हाथी; but laxmi is लक्ष्मी, and a disc a disk.
        """
        there, back = self._lexicon.translations(headword), self._lexicon.translations(other)
        if not there or not back or (self._borrowed(headword) and self._borrowed(other)):
            return False
        return {word for word, _ in there}.isdisjoint(word for word, _ in back)

    def _is_borrowed(self, headword: str) -> bool:
        """Whether a likely translation sounds like it, or begins so, as that of a name or a loan does."""
        translations = self._lexicon.translations(headword)
        likely = [word for word, p in translations if p >= _LIKELY * translations[0][1]]
        keys = sought_keys([headword, *likely])
        own = keys[headword]
        long = tuple(key for key in own if len(key) >= _LONG_KEY)
        return any(key in own or key.startswith(long) for word in likely for key in keys[word])

    def _add_acronym(self, concept: Concept, sense: Sense) -> None:
        for name in in_the_other_script(sense.folded):
            word_id = self._postings.word_id(name)
            if word_id is not None:
                concept.add([word_id], sense.weight * self._weights.acronym, "sound")


def _shared(a: str, b: str) -> int:
    """How many letters two words share from the start."""
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count
