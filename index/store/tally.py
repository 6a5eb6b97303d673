"""How often which passage has which word, while postings are written: counted in stretches, then put in final order.

A stretch is in a file of its own, so that memory does not grow with the corpus. What an earlier corpus counted and this
one keeps is read from there. Not for finding words: see `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.arrays import create
from index.store.postings import Ints, Longs, Postings

_BLOCK = 1 << 18  # entries put in order at once: few enough to stay in a core's cache
_PASSAGE_BITS, _TF_BITS, _QUARTER_BITS = 32, 8, 3
_WORD_AT = _PASSAGE_BITS + _TF_BITS
_MOST = (1 << _TF_BITS) - 1

Stretch = tuple[Ints, Ints, Ints]  # word, passage, quarters of each entry


class Tally:
    """Entries (word, passage, quarters). Words go by their first ids until `write`."""

    def __init__(self, folder: Path, before: Postings | None = None) -> None:
        self._folder = folder
        self._before = before
        self._moved: Ints | None = None if before is None else np.full(len(before), -1, np.int32)
        self._stretches: list[tuple[Path, int]] = []

    def keep(self, old: int, new: int, count: int) -> None:
        """The passages `old` and following of the earlier corpus are `new` and following here."""
        assert self._moved is not None
        self._moved[old : old + count] = np.arange(new, new + count, dtype=np.int32)

    def kept(self, old: int, count: int) -> bool:
        """Whether any of these earlier passages has a place here already."""
        return self._moved is not None and bool((self._moved[old : old + count] >= 0).any())

    def add(self, words: Longs, passages: Longs, quarters: Longs) -> None:
        """Count a stretch of words; no passage is in two stretches."""
        if not len(words):
            return
        first = int(passages.min())
        bits = int(passages.max() - first).bit_length()
        # One number an entry: sorting numbers is many times faster than sorting places by several keys.
        keys = (((words << bits) | (passages - first)) << _QUARTER_BITS) | quarters
        keys.sort()
        pairs = keys >> _QUARTER_BITS
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        tf = np.add.reduceat(keys & ((1 << _QUARTER_BITS) - 1), starts)
        pairs = pairs[starts]
        path = self._folder / f"stretch-{len(self._stretches)}.tmp"
        with path.open("wb") as file:
            for part in (pairs >> bits, (pairs & ((1 << bits) - 1)) + first, np.minimum(tf, _MOST)):
                file.write(part.astype(np.int32).tobytes())
        self._stretches.append((path, len(pairs)))

    def counts(self, words: int) -> Longs:
        """The number of passages that have each word."""
        found = np.zeros(words, np.int64)
        if self._before is not None:
            for first, last in _blocks(np.diff(self._before.indptr)):
                _, passages, rows = self._kept(first, last)
                gone = np.searchsorted(rows, np.flatnonzero(passages < 0), "right") - 1
                found[first:last] = np.diff(rows) - np.bincount(gone, minlength=last - first)
        for word, _, _ in self._read():
            found += np.bincount(word, minlength=words)
        return found

    def write(self, counts: Longs, order: Ints) -> None:
        """Write `indptr`, `docs` and `tf` by the final ids of `order`; a block of entries, or one word's, in memory."""
        sizes = np.zeros(int(order.max(initial=-1)) + 1, np.int64)
        sizes[order[counts > 0]] = counts[counts > 0]
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        docs = create(self._folder / "docs.npy", np.int32, int(indptr[-1]))
        tf = create(self._folder / "tf.npy", np.uint8, int(indptr[-1]))
        stretches = list(self._read())
        for first, last in _blocks(counts):
            keys = np.concatenate(
                [*self._packed_before(first, last), *_packed_within(stretches, first, last)]
            )
            keys.sort(kind="stable")  # runs that are in order mostly: merged, not sorted
            here = counts[first:last]
            into = np.repeat(indptr[order[first:last]] - (np.cumsum(here) - here), here)
            into += np.arange(len(keys))
            tf[into] = keys.astype(np.uint8)
            keys >>= _TF_BITS
            docs[into] = keys.astype(np.int32)  # its lowest bits, which are the passage
        np.save(self._folder / "indptr.npy", indptr)
        for path, _ in self._stretches:
            path.unlink()

    def _read(self) -> Iterator[Stretch]:
        for path, size in self._stretches:
            word, passage, tf = np.asarray(np.memmap(path, np.int32, "r", shape=(3, size)))
            yield word, passage, tf

    def _kept(self, first: int, last: int) -> tuple[slice, Ints, Longs]:
        """The entries of some earlier words: where, the passage each has here (-1: none), and the words' rows."""
        assert self._before is not None and self._moved is not None
        rows = self._before.indptr[first : last + 1]
        place = slice(int(rows[0]), int(rows[-1]))
        return place, self._moved[self._before.docs[place]], rows - rows[0]

    def _packed_before(self, first: int, last: int) -> Iterator[Longs]:
        if self._before is None or first >= len(self._before.indptr) - 1:
            return
        last = min(last, len(self._before.indptr) - 1)
        place, passages, rows = self._kept(first, last)
        words = np.repeat(np.arange(last - first) << _WORD_AT, np.diff(rows))
        yield _packed(words, passages, self._before.tf[place])[passages >= 0]


def _packed_within(stretches: Iterable[Stretch], first: int, last: int) -> Iterator[Longs]:
    """The entries of some words in the stretches, each of which is in the order of its words."""
    ends = np.array([first, last], np.int32)  # with another type all words would be converted to it
    for word, passage, tf in stretches:
        start, end = np.searchsorted(word, ends)
        words = (word[start:end].astype(np.int64) - first) << _WORD_AT
        yield _packed(words, passage[start:end], tf[start:end])


def _packed(words: Longs, passages: Ints, tf: NDArray[np.integer]) -> Longs:
    """One number an entry, in the order of words, which are in place already, then passages."""
    keys = passages.astype(np.int64)
    keys <<= _TF_BITS
    keys |= tf
    keys |= words
    return keys


def _blocks(counts: Longs) -> Iterator[tuple[int, int]]:
    """Spans of words with at most _BLOCK entries together, or one word."""
    ends = np.cumsum(counts)
    first = 0
    while first < len(counts):
        passed = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, passed + _BLOCK, "right")))
        yield first, last
        first = last
