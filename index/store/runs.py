"""Which stretches of passages have which facet of metadata, sorted by facet, then place.

Not for what a facet is: see `facets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Runs:
    """A row a run: its facet's key, its first passage, and how many have the facet from there on."""

    keys: NDArray[np.uint64]
    firsts: Numbers
    counts: Numbers

    @classmethod
    def of(cls, keys: Any, firsts: Any, counts: Any) -> Self:
        """From anything that numpy takes for numbers."""
        return cls(np.asarray(keys, np.uint64), np.asarray(firsts, np.int64), np.asarray(counts, np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Runs]) -> Self:
        """All runs of some that do not overlap, sorted; those that touch become one."""
        keys = np.concatenate([part.keys for part in parts])
        firsts = np.concatenate([part.firsts for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        order = np.lexsort((firsts, keys))
        keys, firsts, counts = keys[order], firsts[order], counts[order]
        begins = np.ones(len(keys), np.bool_)
        begins[1:] = (keys[1:] != keys[:-1]) | (firsts[1:] != firsts[:-1] + counts[:-1])
        starts = np.flatnonzero(begins)
        totals = np.add.reduceat(counts, starts) if len(starts) else counts
        return cls(keys[starts], firsts[starts], totals)

    def moved(self, stretches: Sequence[tuple[int, int, int]]) -> Runs:
        """What is left of the runs where only stretches (first passage, its new place, number) are kept."""
        old, new, size = np.array(sorted(stretches), np.int64).reshape(-1, 3).T
        firsts = self.firsts.astype(np.int64)
        ends = firsts + self.counts.astype(np.int64)
        low = np.searchsorted(old + size, firsts, "right")
        number = np.searchsorted(old, ends, "left") - low
        run = np.repeat(np.arange(len(firsts)), number)
        at = np.arange(len(run)) - np.repeat(np.cumsum(number) - number, number) + np.repeat(low, number)
        start = np.maximum(firsts[run], old[at])
        end = np.minimum(ends[run], (old + size)[at])
        return Runs(self.keys[run], start - old[at] + new[at], end - start)

    def of_key(self, key: np.uint64) -> Iterator[tuple[int, int]]:
        """First passage and number of each run of a facet."""
        low, high = np.searchsorted(self.keys, key, "left"), np.searchsorted(self.keys, key, "right")
        return zip(self.firsts[low:high].tolist(), self.counts[low:high].tolist(), strict=True)
