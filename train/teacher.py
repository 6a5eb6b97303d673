"""A large encoder as a teacher: what it says of pieces and sentences, in as many dimensions as the student has.

Not for learning from it: see `bridge`. Not for quality: the student is measured like every other encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoders.base import Encoder, Vectors
from index.lexicon import Lexicon
from index.text.stem import stem

_SENSES = 5  # translations of a piece that are asked for
_AT_ONCE = 1024  # texts between two reports


@dataclass(frozen=True, slots=True)
class Axes:
    """The directions in which the teacher's vectors differ most (PCA): `centre` is taken off, then projected."""

    centre: Vectors
    basis: Vectors

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> Axes:
        """Where the vectors have fewer than `dimension`, the last axes are of no direction: room for the student's own.

        >>> axes = Axes.of(np.float32([[5, 1], [5, -1], [5, 3], [5, -3]]), 1)
        >>> axes.centre.tolist(), np.abs(axes.basis).tolist()
        ([5.0, 0.0], [[0.0], [1.0]])
        """
        centre = vectors.mean(axis=0)
        apart = (vectors - centre).astype(np.float64)
        _, directions = np.linalg.eigh(apart.T @ apart)
        basis = directions[:, ::-1][:, :dimension].astype(np.float32)
        basis = np.pad(basis, ((0, 0), (0, dimension - basis.shape[1])))
        # A direction and its opposite are one axis: the largest part is made positive.
        signs = np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])])
        return cls(centre, basis * signs)

    def place(self, vectors: Vectors) -> Vectors:
        """Unit rows along the axes; a row of zeros stays one: the teacher saw nothing."""
        seen = vectors.any(axis=1, keepdims=True)
        placed: Vectors = ((vectors - self.centre) @ self.basis * seen).astype(np.float32)
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        np.divide(placed, lengths, out=placed, where=lengths > 0)
        return placed

    def recentred(self, vectors: Vectors) -> Axes:
        """The same directions around other vectors: words lie elsewhere than sentences."""
        return Axes(vectors[vectors.any(axis=1)].mean(axis=0), self.basis)


class Bilingual:
    """A teacher of both languages: it is asked of every piece and of both sides of every pair."""

    def __init__(self, encoder: Encoder, say: Callable[[str], None]) -> None:
        self.encoder, self._say = encoder, say

    def of_pieces(self, pieces: Sequence[str]) -> Vectors:
        return asked(self.encoder, pieces, self._say, "pieces")

    def of_pairs(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """English and Hindi in turn."""
        return self.of_texts([text for pair in pairs for text in pair])

    def of_texts(self, texts: Sequence[str]) -> Vectors:
        return asked(self.encoder, texts, self._say, "texts")


class English:
    """A teacher of English alone: a Hindi piece is what its translations are, a Hindi line what its English one is."""

    def __init__(self, encoder: Encoder, say: Callable[[str], None], lexicon: Lexicon) -> None:
        self.encoder, self._say, self._lexicon = encoder, say, lexicon

    def of_pieces(self, pieces: Sequence[str]) -> Vectors:
        meant = [self._in_english(piece) for piece in pieces]
        words = list(dict.fromkeys(word for row in meant for word, _ in row))
        vectors = dict(zip(words, asked(self.encoder, words, self._say, "words"), strict=True))
        rows = np.zeros((len(pieces), self.encoder.dimension), np.float32)
        for row, found in zip(rows, meant, strict=True):
            row += sum((share * vectors[word] for word, share in found), np.zeros_like(row))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=rows, where=lengths > 0)

    def of_pairs(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """English and Hindi in turn."""
        return np.repeat(self.of_texts([english for english, _ in pairs]), 2, axis=0)

    def of_texts(self, texts: Sequence[str]) -> Vectors:
        """English ones."""
        return asked(self.encoder, texts, self._say, "texts")

    def _in_english(self, piece: str) -> list[tuple[str, float]]:
        if piece.isascii():
            return [(piece, 1.0)]
        return self._lexicon.translations(stem(piece))[:_SENSES]


def asked(teacher: Encoder, texts: Sequence[str], say: Callable[[str], None], what: str) -> Vectors:
    rows = []
    for start in range(0, len(texts), _AT_ONCE):
        rows.append(teacher.encode_passages(texts[start : start + _AT_ONCE]))
        say(f"{teacher.name}: {min(start + _AT_ONCE, len(texts)):,} of {len(texts):,} {what}")
    return np.concatenate(rows) if rows else np.zeros((0, teacher.dimension), np.float32)


def piece_texts(tokenizer: Tokenizer) -> list[str]:
    """What each piece looks like in a text, by its number."""
    vocabulary = tokenizer.get_vocab()
    return [piece.removeprefix("##") for piece in sorted(vocabulary, key=vocabulary.__getitem__)]


def lengthened(directions: Vectors, otherwise: NDArray[np.float32]) -> Vectors:
    """The teacher's directions at the lengths of another table, whose rows stay where the teacher saw nothing."""
    lengths = np.linalg.norm(otherwise, axis=1, keepdims=True)
    seen = directions.any(axis=1, keepdims=True)
    return np.where(seen, directions * lengths, otherwise).astype(np.float32)
