"""What a teacher says of texts, drawn a batch at a time; and what words mean, by WordNet's definitions.

Not for asking the teacher: see `teacher`. Not for the loss: see `fit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Vectors
from index.lexicon import Lexicon
from index.text.stem import stem
from train.batches import Batch, Taught
from train.corpus import Words
from train.ragged import Ragged, beside, chosen
from train.wordnet import Meaning

_SENSES = 4  # translations that may stand for a word
_UNTRANSLATED = 0.3  # of the words without any stay in a text that is put into Hindi


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts with the vectors that the teacher gives them."""

    taught: Taught
    random: np.random.Generator

    @classmethod
    def of(cls, rows: Ragged, vectors: Vectors, seed: int) -> Lessons:
        """Without the texts that have no words, or of which the teacher sees nothing."""
        kept = np.flatnonzero((rows.lengths > 0) & vectors.any(axis=1))
        return cls(Taught(rows.take(kept), vectors[kept]), np.random.default_rng(seed))

    def batch(self, size: int, hindi: IntoHindi | None = None) -> Taught:
        """At random; in English as they are, or put into Hindi."""
        rows = self.random.integers(0, len(self.taught.rows), size)
        taught = Taught(self.taught.rows.take(rows), self.taught.vectors[rows])
        if hindi is None:
            return taught
        put = hindi(taught.rows)
        left = np.flatnonzero(put.lengths)
        return Taught(put.take(left), taught.vectors[left])


@dataclass(frozen=True, slots=True)
class IntoHindi:
    """English word by word into Hindi, each word by a translation drawn by its probability.

    Order, inflection and sense are lost; an encoder that adds words up does not see the first, and the others even out
    over many texts. Row `w` of `words` has what may stand for the word `w` (-1: nothing), `upto` the probabilities
    added up.
    """

    words: NDArray[np.int64]
    upto: NDArray[np.float64]
    random: np.random.Generator

    @classmethod
    def by(cls, lexicon: Lexicon, known: Words, seed: int) -> IntoHindi:
        """Of all words known by now. New ones, in which translations are written, become known."""
        english = known.list
        words = np.full((len(english), _SENSES), -1, np.int64)
        shares = np.zeros((len(english), _SENSES))
        for number, word in enumerate(english):
            if word.isascii() and word.isalpha():
                for place, (hindi, share) in enumerate(lexicon.translations(stem(word))[:_SENSES]):
                    written = known.number(hindi)
                    if len(written) == 1:
                        words[number, place], shares[number, place] = written[0], share
        upto = np.cumsum(shares, axis=1)
        return cls(words, upto / np.maximum(upto[:, -1:], 1e-9), np.random.default_rng(seed))

    def __call__(self, rows: Ragged) -> Ragged:
        """Words without a translation are mostly left out: they would tell the languages apart."""
        flat = rows.flat
        place = (self.random.random(len(flat))[:, None] >= self.upto[flat]).sum(axis=1)
        hindi = self.words[flat, np.minimum(place, _SENSES - 1)]
        stays = (hindi >= 0) | (self.random.random(len(flat)) < _UNTRANSLATED)
        return Ragged(np.where(hindi >= 0, hindi, flat), rows.offsets).keep(stays)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Row `i` of `texts` says what row `i` of `words` means; `above` has words for what it is a kind of."""

    texts: Ragged
    words: Ragged
    above: Ragged
    random: np.random.Generator

    @classmethod
    def of(cls, meanings: Sequence[Meaning], known: Words, seed: int) -> Definitions:
        texts, words, above = (
            Ragged.of([known.number(text) for text in side])
            for side in (
                [meaning.definition for meaning in meanings],
                [" ".join(meaning.words) for meaning in meanings],
                [" ".join(meaning.above) for meaning in meanings],
            )
        )
        return cls(texts, words, above, np.random.default_rng(seed))

    def batch(self, size: int, hindi: IntoHindi) -> Batch:
        """A definition belongs to its words, half of them with words above; a good third of either side in Hindi."""
        kept = np.flatnonzero((self.texts.lengths > 0) & (self.words.lengths > 0))
        rows = self.random.choice(kept, size)
        left, right, above = (side.take(rows) for side in (self.texts, self.words, self.above))
        right = beside(right, above.keep(np.repeat(self.random.random(size) < 0.5, above.lengths)))
        part = self.random.random(size)
        return Batch(
            chosen(hindi(left), left, part < 0.35),
            chosen(hindi(right), right, (part > 0.2) & (part < 0.6)),
            rows,
        )
