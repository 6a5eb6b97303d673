"""The lexicon's units (multiword terms) in passages, found while postings are written.

Not for one text: see `text.analyse.Units`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

import numpy as np

from index.lexicon import Lexicon
from index.store.postings import Ints, Longs

_NO_PART = -1


class UnitTable:
    """All units as rows of parts: the numbers of the distinct stems in them. Found by the first two."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.names = lexicon.unit_names
        parts = [part for name in self.names for part in name.split(" ")]
        self.number = {part: number for number, part in enumerate(dict.fromkeys(parts))}
        self._parts = np.fromiter(map(self.number.__getitem__, parts), np.int64, len(parts))
        self._sizes = np.fromiter((name.count(" ") + 1 for name in self.names), np.int64, len(self.names))
        self._starts = np.cumsum(self._sizes) - self._sizes
        pairs = _pairs(self._parts[self._starts], self._parts[self._starts + 1])
        self._order = np.lexsort((-self._sizes, pairs))
        self._pairs, self._firsts = np.unique(pairs[self._order], return_index=True)
        self._rows: dict[int, list[tuple[list[int], str]]] = {}

    def beginning(self, parts: Longs) -> tuple[Longs, Longs]:
        """The places in a row of parts where a unit may begin, and the row of its first two parts."""
        if len(parts) < 2 or not len(self._pairs):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        pairs = _pairs(parts[:-1], parts[1:])
        row = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        here = np.flatnonzero(self._pairs[row] == pairs)
        return here, row[here]

    def units(self, row: int) -> list[tuple[list[int], str]]:
        """The units that begin with a pair: their parts and names."""
        if row not in self._rows:
            end = self._firsts[row + 1] if row + 1 < len(self._firsts) else len(self._order)
            units = self._order[self._firsts[row] : end].tolist()
            self._rows[row] = [(self._parts_of(unit), self.names[unit]) for unit in units]
        return self._rows[row]

    def _parts_of(self, unit: int) -> list[int]:
        start = self._starts[unit]
        found: list[int] = self._parts[start : start + self._sizes[unit]].tolist()
        return found


unit_table = lru_cache(2)(UnitTable)  # `--watch` rebuilds again and again with one lexicon


class UnitFinder:
    """Finds the units in a long row of stem ids, all at once.

    `stem_ids` are 0, 1, … in the order in which the stems came; more may come between two calls.
    """

    def __init__(self, lexicon: Lexicon, stem_ids: Mapping[str, int]) -> None:
        self._table = unit_table(lexicon)
        self._stem_ids = stem_ids
        self._part_of: Ints = np.zeros(0, np.int32)  # by stem id

    def find(self, stems: Longs, passages: Longs, quarters: Longs) -> tuple[Longs, list[str]]:
        """Positions where a unit starts, and the units; none runs over the end of a passage or of its title."""
        self._learn()
        parts = self._part_of[stems].astype(np.int64)
        at, found = [], []
        for i, row in zip(*(places.tolist() for places in self._table.beginning(parts)), strict=True):
            for ids, unit in self._table.units(row):
                end = i + len(ids)
                if (
                    end <= len(parts)
                    and passages[end - 1] == passages[i]
                    and quarters[end - 1] == quarters[i]
                    and (len(ids) == 2 or parts[i:end].tolist() == ids)
                ):
                    at.append(i)
                    found.append(unit)
        return np.asarray(at, np.int64), found

    def _learn(self) -> None:
        """Which parts the stems are that have come since the last time."""
        known, number = len(self._part_of), self._table.number
        new = [number.get(stem, _NO_PART) for stem in islice(self._stem_ids, known, None)]
        self._part_of = np.append(self._part_of, np.array(new, np.int32))


def _pairs(firsts: Longs, seconds: Longs) -> Longs:
    """One number a pair; negative where the first is no part."""
    return (firsts << 32) | (seconds & 0xFFFFFFFF)
