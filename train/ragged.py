"""Rows of different lengths in one flat array: a corpus of word ids, a table of word → pieces.

Not for padded batches: everything here is sums over rows, which need no padding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row `i` is `flat[offsets[i]:offsets[i + 1]]`; `offsets` has one element more than there are rows."""

    flat: Ints
    offsets: Ints

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Ragged:
        """
        >>> Ragged.of([[7, 8], [], [9]]).offsets.tolist()
        [0, 2, 2, 3]
        """
        kept = list(rows)
        lengths = np.fromiter(map(len, kept), np.int64, len(kept))
        flat = np.fromiter((item for row in kept for item in row), np.int64, int(lengths.sum()))
        return cls(flat, offsets_of(lengths))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Ints:
        return np.diff(self.offsets)

    def take(self, rows: Ints) -> Ragged:
        return self.spans(self.offsets[rows], self.offsets[rows + 1])

    def spans(self, starts: Ints, ends: Ints) -> Ragged:
        """Stretches of the flat array as rows: neighbouring rows joined, or a part of one.

        >>> Ragged.of([[1, 2], [3], [4, 5]]).spans(np.array([0, 3]), np.array([3, 5])).flat.tolist()
        [1, 2, 3, 4, 5]
        """
        lengths = ends - starts
        offsets = offsets_of(lengths)
        where = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
        return Ragged(self.flat[where], offsets)

    def keep(self, mask: NDArray[np.bool_]) -> Ragged:
        """The elements where `mask` holds; rows may become empty."""
        kept = np.concatenate([[0], np.cumsum(mask)])
        return Ragged(self.flat[mask], kept[self.offsets])

    def through(self, table: Ragged) -> Ragged:
        """Each element replaced by the row of `table` that it names: words become their pieces.

        >>> Ragged.of([[1, 0]]).through(Ragged.of([[5], [6, 7]])).flat.tolist()
        [6, 7, 5]
        """
        expanded = table.take(self.flat)
        return Ragged(expanded.flat, expanded.offsets[self.offsets])


def beside(left: Ragged, right: Ragged) -> Ragged:
    """Row `i` of the left followed by row `i` of the right."""
    in_turn = np.arange(2 * len(left)).reshape(2, -1).T.ravel()
    halves = stacked([left, right]).take(in_turn)
    return Ragged(halves.flat, halves.offsets[::2])


def stacked(parts: Sequence[Ragged]) -> Ragged:
    """The rows of one after those of the other."""
    lengths = np.concatenate([part.lengths for part in parts])
    return Ragged(np.concatenate([part.flat for part in parts]), offsets_of(lengths))


def chosen(left: Ragged, right: Ragged, mask: NDArray[np.bool_]) -> Ragged:
    """Row `i` of the left where `mask` holds and it is not empty, else of the right.

    >>> chosen(Ragged.of([[1], [], [2]]), Ragged.of([[3], [4], [5]]), np.array([True, True, False])).flat.tolist()
    [1, 4, 5]
    """
    rows = np.arange(len(left))
    return stacked([left, right]).take(np.where(mask & (left.lengths > 0), rows, rows + len(left)))


def offsets_of(lengths: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
