"""Why a passage is a hit, and which of its words say so: made from the same concepts that scored it.

Not for scores: shares are of the score that `fusion` gave.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.encoders.base import Encoder, Vectors
from index.text.sentences import sentences
from index.types import Passage
from search.expand import Concept
from search.located import Field, Located
from search.standing import Standing
from search.types import Highlight, Match, MatchKind

_VISIBLE = 0.15  # weight below which a stand-in is too weak to point at
_MEANING_ALONE = 0.5  # share of the dense leg from which the best sentence is shown


class _Found(NamedTuple):
    start: int
    end: int
    weight: float
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class Explanation:
    why: tuple[Match, ...]
    highlights: tuple[Highlight, ...]


class Explainer:
    """Explains the hits of one question."""

    def __init__(self, located: Located, concepts: Sequence[Concept], idf: Sequence[float]) -> None:
        self._located, self._concepts, self._idf = located, concepts, idf
        self._standing = Standing(concepts, _VISIBLE)
        self._units = located.units_among(self._standing.concepts)

    def explain(
        self, ordinal: int, passage: Passage, dense_share: float,
        best_sentence: Callable[[str], tuple[int, int] | None],
    ) -> Explanation:  # fmt: skip
        """`dense_share` is the part of the hit's score that the dense leg gave, 0 to 1.

        A concept that only the heading or the title answers to is a reason too, but nothing to highlight.
        """
        found = self._found(ordinal, passage, "text")
        why = self._reasons(passage.text, found, ())
        for field in ("heading", "title"):
            named = {match.query for match, _ in why}
            if getattr(passage, field) and not all(c.token.text in named for c in self._concepts):
                why += self._reasons(getattr(passage, field), self._found(ordinal, passage, field), named)
        total = sum(value for _, value in why) or 1.0
        reasons = [
            Match(match.query, match.matched, match.kind, round((1 - dense_share) * value / total, 3))
            for match, value in why
        ]
        marks = [Highlight(f.start, f.end, f.kind) for fs in found for f in fs]
        if dense_share > 0:
            sentence = best_sentence(passage.text) if dense_share >= _MEANING_ALONE else None
            matched = passage.text[slice(*sentence)] if sentence else ""
            reasons.append(Match("", matched, "meaning", round(dense_share if why else 1.0, 3)))
            if sentence and not marks:
                marks.append(Highlight(*sentence, "meaning"))
        return Explanation(tuple(sorted(reasons, key=lambda m: -m.share)), _disjoint(marks))

    def _reasons(
        self, text: str, found: Sequence[Sequence[_Found]], named: Collection[str]
    ) -> list[tuple[Match, float]]:
        """For each concept not yet named its strongest place, and that one's value."""
        return [
            (
                Match(concept.token.text, text[best[0].start : best[0].end], best[0].kind, 0.0),
                i * best[0].weight,
            )
            for concept, best, i in zip(self._concepts, found, self._idf, strict=True)
            if best and concept.token.text not in named
        ]

    def _found(self, ordinal: int, passage: Passage, field: Field) -> list[list[_Found]]:
        """For each concept the places of the field that stand for it, the strongest first."""
        found: list[list[_Found]] = [[] for _ in self._concepts]
        for start, end, word_id in self._located.places(ordinal, passage, field, self._standing, self._units):
            for number in self._standing.concepts[word_id]:
                found[number].append(_Found(start, end, *self._concepts[number].words[word_id]))
        return [sorted(one, key=lambda f: (-f.weight, f.start)) for one in found]


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
