"""The lexicon's units (multiword terms) in passages, found while postings are written.

Not for one text: see `text.analyse.Units`.
"""

from __future__ import annotations

import numpy as np

from index.lexicon import Lexicon
from index.store.postings import Longs


class UnitFinder:
    """Finds the lexicon's units in a long row of stem ids, all at once."""

    def __init__(self, lexicon: Lexicon, stem_ids: dict[str, int]) -> None:
        rows = lexicon.units
        self._rows: dict[int, list[tuple[tuple[int, ...], str]]] = {}
        for unit in rows:
            ids = tuple(stem_ids.setdefault(s, len(stem_ids)) for s in unit)
            self._rows.setdefault((ids[0] << 32) | ids[1], []).append((ids, " ".join(unit)))
        for found in self._rows.values():
            found.sort(key=lambda row: -len(row[0]))
        self._pairs = np.sort(np.fromiter(self._rows, np.int64, len(self._rows)))

    def find(self, stems: Longs, passages: Longs, quarters: Longs) -> tuple[Longs, list[str]]:
        """Positions where a unit starts, and the units; none runs over the end of a passage or of its title."""
        if len(stems) < 2 or not len(self._pairs):
            return np.zeros(0, np.int64), []
        pairs = (stems[:-1] << 32) | stems[1:]
        slot = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        at, found = [], []
        for i in np.flatnonzero(self._pairs[slot] == pairs).tolist():
            for ids, unit in self._rows[int(pairs[i])]:
                end = i + len(ids)
                if (
                    end <= len(stems)
                    and passages[end - 1] == passages[i]
                    and quarters[end - 1] == quarters[i]
                    and (len(ids) == 2 or tuple(stems[i:end].tolist()) == ids)
                ):
                    at.append(i)
                    found.append(unit)
                    break
        return np.asarray(at, np.int64), found
