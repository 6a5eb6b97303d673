"""The words and units of a corpus while its postings are written, and the tables over them.

A word's first id says when it came; its final one is its place in the trie, known when all have come. A corpus that
grew out of an earlier one begins with that one's words under their old final ids. Not for reading: see `postings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from index.lexicon import Lexicon
from index.store.postings import NO_WORD, Ints, Longs, Postings
from index.store.units import UnitFinder
from index.text.fold import fold
from index.text.sound import sound_keys
from index.text.stem import stem


class Vocabulary:
    """Grows with the distinct words of the corpus."""

    def __init__(self, lexicon: Lexicon, before: Postings | None = None) -> None:
        self._names: list[str] = before.words() if before else []
        self._keys = before.keys() if before else []  # sound keys, as far as they are known
        self._ids = {name: first for first, name in enumerate(self._names)}
        self._stem_ids: dict[str, int] = {}
        self._stems = [self._stem_id(name) for name in (before.stems() if before else ())]  # by first id
        self._units = UnitFinder(lexicon, self._stem_ids)

    def __len__(self) -> int:
        return len(self._names)

    def units_in(self, word_ids: Ints, passages: Longs, quarters: Longs) -> tuple[Longs, Ints]:
        """Where in a row of words units start, and their first ids."""
        at, units = self._units.find(np.asarray(self._stems, np.int64)[word_ids], passages, quarters)
        return at, np.fromiter((self._id(unit, unit) for unit in units), np.int32, len(units))

    def write(self, folder: Path, used: NDArray[np.bool_]) -> Ints:
        """Write the tries and tables of the words that are used; the final id by the first one, else NO_WORD."""
        firsts = np.flatnonzero(used).tolist()
        names = [self._names[first] for first in firsts]
        terms = marisa_trie.Trie(sorted(names))
        terms.save(str(folder / "terms.marisa"))
        finals = np.fromiter((terms[name] for name in names), np.int32, len(names))
        stem_names = list(self._stem_ids)
        _write_rows(folder, "stem", [(stem_names[self._stems[first]],) for first in firsts], finals)
        self._keys += sound_keys(self._names[len(self._keys) :])
        single = [place for place, name in enumerate(names) if " " not in name]
        _write_rows(folder, "key", [self._keys[firsts[place]] for place in single], finals[single])
        order = np.full(len(self), NO_WORD, np.int32)
        order[used] = finals
        return order

    def first_id(self, token: str) -> tuple[int]:
        """Of a token as it stands in a text; NO_WORD where it folds to nothing."""
        folded = fold(token)
        return (self._id(folded, None) if folded else NO_WORD,)

    def _id(self, name: str, stem_name: str | None) -> int:
        known = self._ids.get(name)
        if known is None:
            known = self._ids[name] = len(self._names)
            self._names.append(name)
            self._stems.append(self._stem_id(stem_name or stem(name)))
        return known

    def _stem_id(self, name: str) -> int:
        return self._stem_ids.setdefault(name, len(self._stem_ids))


def _write_rows(folder: Path, kind: str, names: Sequence[tuple[str, ...]], ids: Ints) -> None:
    """A trie of the distinct names and, by its ids, the rows of the words that have that name."""
    trie = marisa_trie.Trie(sorted({name for own in names for name in own if name}))
    trie.save(str(folder / f"{kind}s.marisa"))
    named = zip(names, ids.tolist(), strict=True)
    pairs = [(trie[name], word_id) for own, word_id in named for name in own if name]
    row, word_ids = np.asarray(pairs, np.int64).reshape(-1, 2).T
    order = np.lexsort((word_ids, row))
    starts = np.zeros(len(trie) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(trie)), out=starts[1:])
    np.save(folder / f"{kind}_words.npy", word_ids[order].astype(np.int32))
    np.save(folder / f"{kind}_rows.npy", starts)
