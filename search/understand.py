"""A query as the legs see it: its content words, what each may be in either language, and how sure that is.

Devanagari is Hindi. A Latin token is English, romanised Hindi, or both: each token's own evidence is weighed with that
of the whole query, since people rarely change language at every word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.lexicon import Lexicon
from index.store.postings import Postings
from index.text.analyse import Word, analyse
from index.text.script import script_of
from index.text.stem import stem
from search import stopwords
from search.romanised import Candidate, Romanised
from search.types import Language, ReadAs, Reading, Transliterate

_UNKNOWN_ENGLISH = -8.5  # log10 chance of a Latin word that no list knows
_UNKNOWN_HINDI = -10.5
_EVIDENCE = 3.0  # one token argues for a language by at most this many powers of ten
_CONTEXT = 0.8  # how much the whole query's leaning counts for each token
_MOST_CONTEXT = 2.5  # powers of ten at most: among Hindi words, leader is still no लेदर
_LANGUAGES: tuple[Language, ...] = ("en", "hi", "hi-Latn")
_LITERAL = 0.4  # weight at least of a Latin token as it stands
_PRIOR = -0.2  # a Latin query is English before anything is known of it


@dataclass(frozen=True, slots=True)
class Sense:
    """A word that a token may be, in its own script; `weight` is 1 for the likeliest."""

    folded: str
    stem: str
    lang: Literal["en", "hi"]
    weight: float


@dataclass(slots=True)
class QueryToken:
    """A token, its senses, and the units of which it is part (as stems joined by spaces, with their weights)."""

    text: str
    start: int
    end: int
    senses: list[Sense]
    hindi: float  # chance that it is Hindi
    stop: bool = False
    units: list[tuple[str, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Understood:
    """The query's tokens in order; `dense_text` is what an encoder should see; `read_as` what a person should."""

    tokens: Sequence[QueryToken]
    dense_text: str
    read_as: ReadAs

    @property
    def content(self) -> list[QueryToken]:
        """The distinct tokens that carry the question: all, where only function words are left."""
        telling = [t for t in self.tokens if not t.stop] or self.tokens
        return list({t.text.lower(): t for t in telling}.values())


class Understanding:
    """Reads queries against one lexicon and one corpus."""

    def __init__(self, lexicon: Lexicon, postings: Postings, *, keep_function_words: bool = False) -> None:
        self._keep_function_words = keep_function_words
        self._lexicon = lexicon
        self._units = lexicon.unit_finder
        self._romanised = Romanised(lexicon, postings)

    def read(self, query: str, transliterate: Transliterate = "auto") -> Understood:
        words = analyse(query)
        readable = [
            word.folded if transliterate != "off" and _may_be_hindi(query, word) else "" for word in words
        ]
        candidates = self._romanised.candidates(readable)
        chances = self._hindi_chances(words, candidates, transliterate)
        tokens = [
            self._token(query, word, found, chance)
            for word, found, chance in zip(words, candidates, chances, strict=True)
        ]
        _stop_lone_letters(tokens)
        if self._keep_function_words:
            for token in tokens:
                token.stop = False
        self._mark_units(tokens)
        return Understood(tokens, _dense_text(query, tokens), _read_as(query, tokens))

    def _hindi_chances(
        self, words: Sequence[Word], candidates: Sequence[list[Candidate]], transliterate: Transliterate
    ) -> list[float]:
        """How likely each token is Hindi; certain for Devanagari, and by evidence for Latin letters."""
        leanings: list[float | None] = []
        for word, found in zip(words, candidates, strict=True):
            if script_of(word.folded) != "latn":
                leanings.append(None)
                continue
            english = self._lexicon.zipf(word.folded)
            as_english = english - 9.0 if english else _UNKNOWN_ENGLISH
            as_hindi = _log10_sum([c.log10 for c in found]) if found else _UNKNOWN_HINDI
            leanings.append(max(-_EVIDENCE, min(_EVIDENCE, as_hindi - as_english)))
        known = [leaning for leaning in leanings if leaning is not None]
        context = _PRIOR + sum(known) / math.sqrt(len(known)) if known else 0.0
        return [
            float(script_of(word.folded) == "deva")
            if leaning is None
            else _chance(leaning, context, bool(found), transliterate)
            for word, leaning, found in zip(words, leanings, candidates, strict=True)
        ]

    def _token(self, query: str, word: Word, candidates: list[Candidate], hindi: float) -> QueryToken:
        text = query[word.start : word.end]
        script = script_of(word.folded)
        if script != "latn":
            own = Sense(word.folded, word.stem, "hi" if script == "deva" else "en", 1.0)
            return QueryToken(text, word.start, word.end, [own], hindi, stop=word.folded in stopwords.HINDI)
        senses = []
        if hindi < 0.95 or word.folded not in stopwords.ENGLISH:
            weight = max(_LITERAL, min(1.0, 2 * (1 - hindi))) if candidates else 1.0
            senses.append(Sense(word.folded, word.stem, "en", weight))
        as_hindi_stop = bool(candidates) and candidates[0].word in stopwords.HINDI
        # A word that is read as English (main, key) does not also stand for a Hindi function word (में, के).
        if candidates and (hindi > 0.5 or (hindi > 0.05 and not as_hindi_stop)):
            senses += _hindi_senses(candidates, min(1.0, 2 * hindi))
        stop = as_hindi_stop if hindi > 0.5 else word.folded in stopwords.ENGLISH
        return QueryToken(text, word.start, word.end, senses, hindi, stop=stop)

    def _mark_units(self, tokens: Sequence[QueryToken]) -> None:
        """Give each token the multiword terms it is part of, in the likeliest reading of each language."""
        for lang in ("en", "hi"):
            line = [next((s for s in t.senses if s.lang == lang), None) for t in tokens]
            for first, last in self._units.find([s.stem if s else "" for s in line]):
                senses = [s for s in line[first:last] if s]
                unit = " ".join(s.stem for s in senses)
                for token in tokens[first:last]:
                    token.units.append((unit, min(s.weight for s in senses)))


def _log10_sum(logs: Sequence[float]) -> float:
    """log10 of the sum of the numbers of which these are the log10, however small.

    >>> round(_log10_sum([-5000.0, -5000.0]), 3)
    -4999.699
    """
    largest = max(logs)
    return largest + math.log10(sum(10 ** (log - largest) for log in logs))


def _may_be_hindi(query: str, word: Word) -> bool:
    """A Latin word, but no acronym: capitals stand for letters, unless the whole query is in capitals."""
    text = query[word.start : word.end]
    return script_of(word.folded) == "latn" and (not text.isupper() or len(text) < 2 or query.isupper())


def _stop_lone_letters(tokens: Sequence[QueryToken]) -> None:
    """Among romanised words a lone letter is a particle typed short (k for के, m for में)."""
    if any(t.hindi > 0.5 and len(t.text) > 1 and script_of(t.text) == "latn" for t in tokens):
        for token in tokens:
            if len(token.text) == 1 and script_of(token.text) == "latn":
                token.stop = True


def _hindi_senses(candidates: list[Candidate], scale: float) -> list[Sense]:
    """The likely ones; a word that is most likely a content word is not also a function word."""
    best = candidates[0]
    return [
        Sense(c.word, stem(c.word), "hi", scale * 10 ** (0.5 * (c.score - best.score)))
        for c in candidates
        if c.score > best.score - 2 and (c.word not in stopwords.HINDI or best.word in stopwords.HINDI)
    ]


def _chance(leaning: float, context: float, readable: bool, transliterate: Transliterate) -> float:
    if transliterate == "off" or not readable:
        return 0.0
    if transliterate == "only":
        return 1.0
    context = max(-_MOST_CONTEXT, min(_MOST_CONTEXT, _CONTEXT * context))
    return 1 / (1 + 10 ** -(leaning + context))


def _dense_text(query: str, tokens: Sequence[QueryToken]) -> str:
    """The query with romanised tokens in Devanagari, so that an encoder meets words it knows."""
    parts, at = [], 0
    for token in tokens:
        parts += [query[at : token.start], _as_read(token)]
        at = token.end
    return "".join([*parts, query[at:]])


def _as_read(token: QueryToken) -> str:
    if script_of(token.text) == "latn" and token.hindi > 0.5:
        return max((s for s in token.senses if s.lang == "hi"), key=lambda s: s.weight).folded
    return token.text


def _language(token: QueryToken) -> Language:
    script = script_of(token.text)
    if script == "none":
        return "number" if any(c.isdigit() for c in token.text) else "other"
    if script == "latn":
        return "hi-Latn" if token.hindi > 0.5 else "en"
    return "hi"


def _read_as(query: str, tokens: Sequence[QueryToken]) -> ReadAs:
    readings = tuple(
        Reading(
            token.text, language := _language(token),
            tuple(s.folded for s in token.senses if s.lang == "hi") if script_of(token.text) == "latn" else (),
            round(token.hindi if language in ("hi", "hi-Latn") else 1 - token.hindi, 3),
        )
        for token in tokens
    )  # fmt: skip
    lettered = [r for r in readings if r.language not in ("number", "other")]
    languages: list[str] = [r.language for r in lettered]
    mostly: str = max(_LANGUAGES, key=lambda language: languages.count(language)) if languages else "und"
    sure = sum(r.confidence for r in lettered) / len(lettered) if lettered else 1.0
    return ReadAs(script_of(query), mostly, _dense_text(query, tokens), round(sure, 3), readings)
