"""The lexicon's units (multiword terms) in passages, found while postings are written.

Not for one text: see `text.analyse.Units`.
"""

from __future__ import annotations

import numpy as np

from index.lexicon import Lexicon
from index.store.postings import Longs


class UnitFinder:
    """Finds the units in a long row of stem ids, all at once; `stem_ids` gets those of their stems."""

    def __init__(self, lexicon: Lexicon, stem_ids: dict[str, int]) -> None:
        self._names = lexicon.unit_names
        parts = " ".join(self._names).split(" ") if self._names else []
        for part in dict.fromkeys(parts):
            stem_ids.setdefault(part, len(stem_ids))
        self._parts = np.fromiter(map(stem_ids.__getitem__, parts), np.int64, len(parts))
        self._sizes = np.fromiter((name.count(" ") + 1 for name in self._names), np.int64, len(self._names))
        self._starts = np.cumsum(self._sizes) - self._sizes
        pairs = (self._parts[self._starts] << 32) | self._parts[self._starts + 1]
        self._order = np.lexsort((-self._sizes, pairs))  # by first two stems, the longest first
        self._pairs, self._firsts = np.unique(pairs[self._order], return_index=True)
        self._rows: dict[int, list[tuple[list[int], str]]] = {}

    def find(self, stems: Longs, passages: Longs, quarters: Longs) -> tuple[Longs, list[str]]:
        """Positions where a unit starts, and the units; none runs over the end of a passage or of its title."""
        if len(stems) < 2 or not len(self._pairs):
            return np.zeros(0, np.int64), []
        pairs = (stems[:-1] << 32) | stems[1:]
        slot = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        here = np.flatnonzero(self._pairs[slot] == pairs)
        at, found = [], []
        for i, row in zip(here.tolist(), slot[here].tolist(), strict=True):
            for ids, unit in self._rows.get(row) or self._row(row):
                end = i + len(ids)
                if (
                    end <= len(stems)
                    and passages[end - 1] == passages[i]
                    and quarters[end - 1] == quarters[i]
                    and (len(ids) == 2 or stems[i:end].tolist() == ids)
                ):
                    at.append(i)
                    found.append(unit)
        return np.asarray(at, np.int64), found

    def _row(self, row: int) -> list[tuple[list[int], str]]:
        """The units that begin with a pair: their stems and names."""
        end = self._firsts[row + 1] if row + 1 < len(self._firsts) else len(self._order)
        units = self._order[self._firsts[row] : end].tolist()
        found = [
            (
                self._parts[self._starts[unit] : self._starts[unit] + self._sizes[unit]].tolist(),
                self._names[unit],
            )
            for unit in units
        ]
        self._rows[row] = found
        return found
