"""A large encoder as a teacher: what it says of pieces and sentences, in as many dimensions as the student has.

Not for learning from it: see `distil`. Not for quality: the student is measured like every other encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoders.base import Encoder, Vectors

_AT_ONCE = 1024  # texts between two reports


@dataclass(frozen=True, slots=True)
class Axes:
    """The directions in which the teacher's vectors differ most (PCA): `centre` is taken off, then projected."""

    centre: Vectors
    basis: Vectors

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> Axes:
        """`dimension` at most that of the vectors.

        >>> axes = Axes.of(np.float32([[5, 1], [5, -1], [5, 3], [5, -3]]), 1)
        >>> axes.centre.tolist(), np.abs(axes.basis).tolist()
        ([5.0, 0.0], [[0.0], [1.0]])
        """
        centre = vectors.mean(axis=0)
        apart = (vectors - centre).astype(np.float64)
        _, directions = np.linalg.eigh(apart.T @ apart)
        basis = directions[:, ::-1][:, :dimension].astype(np.float32)
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
