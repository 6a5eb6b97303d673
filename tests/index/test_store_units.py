"""Multiword terms of the lexicon in a row of stems."""

from __future__ import annotations

import numpy as np

from index.lexicon import bundled_lexicon
from index.store.units import UnitFinder


def found_in(words: str, passages: list[int], quarters: list[int]) -> list[tuple[int, str]]:
    ids: dict[str, int] = {}
    finder = UnitFinder(bundled_lexicon(), ids)
    stems = np.array([ids.setdefault(stem, len(ids)) for stem in words.split()], np.int64)
    at, units = finder.find(stems, np.array(passages, np.int64), np.array(quarters, np.int64))
    return sorted(zip(at.tolist(), units, strict=True))


def test_a_term_is_found_within_a_longer_one_that_it_begins() -> None:
    assert found_in("the right to information act said", [0] * 6, [4] * 6) == [
        (1, "right to information"),
        (1, "right to information act"),
    ]


def test_no_term_runs_from_a_passage_or_its_text_into_the_next() -> None:
    assert found_in("right to information act", [0, 0, 0, 1], [4] * 4) == [(0, "right to information")]
    assert found_in("right to information act", [0] * 4, [4, 4, 2, 2]) == []


def test_stems_that_come_later_are_known_too() -> None:
    ids: dict[str, int] = {"act": 0}
    finder = UnitFinder(bundled_lexicon(), ids)
    assert finder.find(np.zeros(2, np.int64), *np.zeros((2, 2), np.int64))[1] == []
    ids |= {"right": 1, "to": 2, "information": 3}
    assert finder.find(np.array([1, 2, 3]), *np.zeros((2, 3), np.int64))[1] == ["right to information"]
