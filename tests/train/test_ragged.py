"""Rows of different lengths: what each operation gives, on rows that a reader can check."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from train.ragged import Ragged, beside

_ROWS = st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=6)


def rows(ragged: Ragged) -> list[list[int]]:
    cuts = zip(ragged.offsets[:-1], ragged.offsets[1:], strict=True)
    return [ragged.flat[start:end].tolist() for start, end in cuts]


@given(_ROWS)
def test_rows_come_back(given: list[list[int]]) -> None:
    assert rows(Ragged.of(given)) == given


@given(_ROWS, st.data())
def test_take_gives_the_rows_asked_for(given: list[list[int]], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(0, len(given) - 1), max_size=8))
    assert rows(Ragged.of(given).take(np.array(wanted, np.int64))) == [given[row] for row in wanted]


@given(_ROWS)
def test_words_become_their_pieces(given: list[list[int]]) -> None:
    pieces = [[number] * (number % 3) for number in range(10)]
    expected = [[piece for word in row for piece in pieces[word]] for row in given]
    assert rows(Ragged.of(given).through(Ragged.of(pieces))) == expected


@given(_ROWS)
def test_two_sides_stand_beside_each_other(given: list[list[int]]) -> None:
    assert rows(beside(Ragged.of(given), Ragged.of(given[::-1]))) == [
        left + right for left, right in zip(given, given[::-1], strict=True)
    ]


def test_keeping_some_elements_may_empty_a_row() -> None:
    kept = Ragged.of([[1, 2], [3]]).keep(np.array([True, False, False]))
    assert rows(kept) == [[1], []]
