"""Multiword terms of the lexicon in a row of stems."""

from __future__ import annotations

import numpy as np

from index.lexicon import bundled_lexicon
from index.store.units import UnitFinder


def test_a_term_is_found_within_a_longer_one_that_it_begins() -> None:
    ids: dict[str, int] = {}
    finder = UnitFinder(bundled_lexicon(), ids)
    stems = np.array([ids[stem] for stem in ("right", "to", "information", "act")], np.int64)
    at, units = finder.find(stems, np.zeros(4, np.int64), np.zeros(4, np.int64))
    assert sorted(zip(at.tolist(), units, strict=True)) == [
        (0, "right to information"),
        (0, "right to information act"),
    ]
