"""What the encoder practises on, drawn at random: translations, glossary entries, questions to paragraphs.

Not for the loss: see `fit`. A task yields two sides of as many rows; row `i` of one belongs to row `i` of the
other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from train.corpus import Pairs, Words
from train.ragged import Ints, Ragged, beside, stacked

# Words that questions are asked with say nothing about the answer: they are strewn over made-up questions,
# so that the encoder learns to give them no weight.
ENGLISH = """what is the|what was the|who was|who is|when did|when was the|where is|where did|which|why did
why is|how many|how much|how did|how long|what kind of|what type of|in what year did|what did|name of the
how is|does|what are|what does|according to|was|is there any|whose|which of the"""
HINDI = """क्या है|क्या था|किसने|कौन था|कौन है|कब|कब हुआ था|कहां है|कहाँ|किस|किस वर्ष में|कितने|कितना|कितनी
क्यों|कैसे|किस प्रकार का|कौन सा|कौन सी|किसका नाम|का नाम क्या है|किसके|किसको|किसे|किन|के अनुसार
क्या कहा जाता है|कब तक|की संख्या|होता है|होते हैं"""


@dataclass(frozen=True, slots=True)
class Batch:
    """`group_*` of the same number, on either side, mean the same: they are no negatives of each other."""

    left: Ragged
    right: Ragged
    group: Ints
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Taught:
    """Rows and the unit vectors that a teacher gives them."""

    rows: Ragged
    vectors: NDArray[np.float32]


@dataclass(slots=True)
class Draw:
    """Rows of pairs at random, by weight, in a random direction."""

    pairs: Pairs
    random: np.random.Generator

    def rows(self, count: int) -> Ints:
        cumulated = np.cumsum(self.pairs.weight)
        return np.searchsorted(cumulated, self.random.random(count) * cumulated[-1], side="right")


def translations(draw: Draw, size: int, groups: Ints, dropout: float = 0.1) -> Batch:
    """A line and its translation, a few words of either left out."""
    rows = draw.rows(size)
    return Batch(
        drop(draw.pairs.english.take(rows), dropout, draw.random),
        drop(draw.pairs.hindi.take(rows), dropout, draw.random),
        groups[rows],
    )


@dataclass(slots=True)
class Questions:
    """A few words of a line, with question words strewn in, belong to the paragraph around the line,
    in the same language or the other."""

    pairs: Pairs
    random: np.random.Generator
    asked: tuple[Ragged, Ragged]
    longest: int = 9
    around: int = 4

    @classmethod
    def over(cls, pairs: Pairs, known: Words, random: np.random.Generator) -> Questions:
        english, hindi = (
            Ragged.of([known.number(text) for line in texts.splitlines() for text in line.split("|")])
            for texts in (ENGLISH, HINDI)
        )
        return cls(pairs, random, (english, hindi))

    def batch(self, draw: Draw, size: int) -> Batch:
        rows = np.sort(draw.rows(size))
        parts = np.array_split(self.random.permutation(size), 4)
        lefts, rights = [], []
        for part, (ask, answer) in zip(parts, ((0, 0), (0, 1), (1, 0), (1, 1)), strict=True):
            lefts.append(self._question(rows[part], ask))
            rights.append(self._paragraph(rows[part], answer))
        return Batch(stacked(lefts), stacked(rights), rows[np.concatenate(parts)], reach=2 * self.around)

    def _side(self, language: int) -> Ragged:
        return (self.pairs.english, self.pairs.hindi)[language]

    def _question(self, rows: Ints, language: int) -> Ragged:
        side = self._side(language)
        starts, ends = side.offsets[rows], side.offsets[rows + 1]
        length = np.minimum(self.random.integers(3, self.longest + 6, len(rows)), ends - starts)
        starts = starts + (self.random.random(len(rows)) * (ends - starts - length + 1)).astype(np.int64)
        content = drop(side.spans(starts, starts + length), 0.35, self.random)
        asked = self.asked[language]
        return beside(asked.take(self.random.integers(0, len(asked), len(rows))), content)

    def _paragraph(self, rows: Ints, language: int) -> Ragged:
        side, source = self._side(language), self.pairs.source
        before = self.random.integers(0, self.around, len(rows))
        after = self.random.integers(0, self.around, len(rows))
        first = np.maximum(rows - before, np.searchsorted(source, source[rows], side="left"))
        last = np.minimum(rows + after, np.searchsorted(source, source[rows], side="right") - 1)
        return drop(side.spans(side.offsets[first], side.offsets[last + 1]), 0.1, self.random)


def drop(side: Ragged, chance: float, random: np.random.Generator) -> Ragged:
    """Leave out words at random, but never a whole row."""
    mask = random.random(len(side.flat)) >= chance
    firsts = side.offsets[:-1][side.lengths > 0]
    mask[firsts] |= ~np.logical_or.reduceat(mask, firsts) if len(firsts) else False
    return side.keep(mask)


def same_meaning(pairs: Pairs) -> Ints:
    """A number a row, equal where the Hindi is: several English versions of one verse or sentence."""
    seen: dict[bytes, int] = {}
    hindi = pairs.hindi
    cut = zip(hindi.offsets[:-1], hindi.offsets[1:], strict=True)
    return np.array([seen.setdefault(hindi.flat[a:b].tobytes(), len(seen)) for a, b in cut], np.int64)


def clashes(batch: Batch) -> NDArray[np.bool_]:
    """Which rows are too near each other to be negatives (never a row and itself)."""
    near = np.abs(batch.group[:, None] - batch.group[None, :]) <= batch.reach
    np.fill_diagonal(near, False)
    return near
