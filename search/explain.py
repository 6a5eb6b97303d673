"""Why a passage is a hit, and which of its words say so: made from the same concepts that scored it.

Not for scores: shares are of the score that `fusion` gave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.encoders.base import Encoder, Vectors
from index.store.postings import Postings
from index.text.analyse import Units, analyse
from index.text.sentences import sentences
from index.types import Passage
from search.expand import Concept
from search.types import Highlight, Match, MatchKind

_VISIBLE = 0.15  # weight below which a stand-in is too weak to point at
_MEANING_ALONE = 0.5  # share of the dense leg from which the best sentence is shown


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    weight: float
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class Explanation:
    why: tuple[Match, ...]
    highlights: tuple[Highlight, ...]


class Explainer:
    """Explains hits of one query over one corpus."""

    def __init__(self, postings: Postings, units: Units) -> None:
        self._postings = postings
        self._units = units
        self._places = lru_cache(1 << 11)(self._find_places)  # the same passages answer many questions

    def explain(
        self, passage: Passage, concepts: Sequence[Concept], idf: Sequence[float], dense_share: float,
        best_sentence: Callable[[str], tuple[int, int] | None],
    ) -> Explanation:  # fmt: skip
        """`dense_share` is the part of the hit's score that the dense leg gave, 0 to 1.

        A concept that only the heading or the title answers to is a reason too, but nothing to highlight.
        """
        text = passage.text
        found = self._found(text, concepts)
        why: list[tuple[Match, float]] = []
        for field in (text, passage.heading, passage.title):
            named = {match.query for match, _ in why}
            for concept, places, i in zip(
                concepts, found if field is text else self._found(field, concepts), idf, strict=True
            ):
                if places and concept.token.text not in named:
                    spelled = field[places[0].start : places[0].end]
                    why.append(
                        (Match(concept.token.text, spelled, places[0].kind, 0.0), i * places[0].weight)
                    )
        total = sum(value for _, value in why) or 1.0
        reasons = [replace(match, share=round((1 - dense_share) * value / total, 3)) for match, value in why]
        marks = [Highlight(f.start, f.end, f.kind) for fs in found for f in fs]
        if dense_share > 0:
            sentence = best_sentence(text) if dense_share >= _MEANING_ALONE else None
            matched = text[slice(*sentence)] if sentence else ""
            reasons.append(Match("", matched, "meaning", round(dense_share if why else 1.0, 3)))
            if sentence and not marks:
                marks.append(Highlight(*sentence, "meaning"))
        return Explanation(tuple(sorted(reasons, key=lambda m: -m.share)), _disjoint(marks))

    def _found(self, text: str, concepts: Sequence[Concept]) -> list[list[_Found]]:
        """For each concept the places of the text that stand for it, the strongest first."""
        places = self._places(text)
        return [self._matches(concept, places) for concept in concepts]

    def _find_places(self, text: str) -> list[tuple[int, int, int]]:
        """Start, end and word id of every word and unit of the text that the corpus knows."""
        words = analyse(text)
        spans = [(w.start, w.end, w.folded) for w in words]
        for first, last in self._units.find([w.stem for w in words]):
            unit = " ".join(w.stem for w in words[first:last])
            spans.append((words[first].start, words[last - 1].end, unit))
        known = ((start, end, self._postings.word_id(name)) for start, end, name in spans)
        return [(start, end, word_id) for start, end, word_id in known if word_id is not None]

    def _matches(self, concept: Concept, places: Sequence[tuple[int, int, int]]) -> list[_Found]:
        """The places that stand for the concept, the strongest first."""
        found = []
        for start, end, word_id in places:
            weight, kind = concept.words.get(word_id, (0.0, "word"))
            if weight >= _VISIBLE:
                found.append(_Found(start, end, weight, kind))
        return sorted(found, key=lambda f: (-f.weight, f.start))


def _disjoint(marks: Sequence[Highlight]) -> tuple[Highlight, ...]:
    """In order, without overlaps: a longer mark swallows those inside it."""
    kept: list[Highlight] = []
    for mark in sorted(set(marks), key=lambda m: (m.start, -m.end, m.kind)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


def best_sentence(encoder: Encoder, query: Vectors, text: str) -> tuple[int, int] | None:
    """The span of the sentence nearest in meaning to the query's vector; None for a text without sentences."""
    spans = list(sentences(text))
    if len(spans) < 2:
        return spans[0] if spans else None
    nearness = encoder.encode_passages([text[a:b] for a, b in spans]) @ query
    return spans[int(np.argmax(nearness))]
