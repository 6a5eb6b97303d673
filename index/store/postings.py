"""The sparse leg's files: which passage has which word how often, mapped from disk.

A passage is a sparse vector over the folded words and units of the corpus; stems and sound keys are tables over that
vocabulary, not further postings. Not for scores: a query becomes a weighted set of words in `search`.

Files: `terms.marisa` (word -> id), `stems.marisa` and `keys.marisa` (stem or sound key -> row of `stem_words` or
`key_words`), `indptr.npy` (int64, V + 1), `docs.npy` (int32, ascending in a row), `tf.npy` (uint8, quarters: 4 an
occurrence in heading or text, 2 in the title), `lengths.npy` (uint16, words of heading and text). Beside them the
passages themselves as ids in order, so that no query reads their words again: `tokens.npy` (int32, -1 for a token that
folds to nothing) and `token_rows.npy` (int64, 2 n + 1: heading and text of the first passage, its title, the next).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store.arrays import load

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

TEXT_QUARTERS, TITLE_QUARTERS = 4, 2
NO_WORD = -1
FILES = (
    "terms.marisa", "stems.marisa", "keys.marisa", "indptr.npy", "docs.npy", "tf.npy", "lengths.npy",
    "stem_words.npy", "stem_rows.npy", "key_words.npy", "key_rows.npy", "tokens.npy", "token_rows.npy",
)  # fmt: skip


class Postings:
    """The files that `PostingsWriter` writes, mapped; safe to read from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.terms, stems, keys = (self._trie(f"{name}.marisa") for name in ("terms", "stems", "keys"))
        self.indptr = load(folder / "indptr.npy")
        self.docs = load(folder / "docs.npy")
        self.tf = load(folder / "tf.npy")
        self.lengths = load(folder / "lengths.npy")
        self.tokens, self.token_rows = load(folder / "tokens.npy"), load(folder / "token_rows.npy")
        if len(self.token_rows) != 2 * len(self) + 1 or self.token_rows[-1] > len(self.tokens):
            raise IndexDamaged(f"the parts of {folder} differ in length; rebuild the index")
        self._stems = stems, load(folder / "stem_words.npy"), load(folder / "stem_rows.npy")
        self._keys = keys, load(folder / "key_words.npy"), load(folder / "key_rows.npy")

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def average_length(self) -> float:
        return float(self.lengths.mean()) if len(self) else 0.0

    def word_id(self, folded: str) -> int | None:
        """The id of a folded word or unit, or None if no passage has it."""
        found: int | None = self.terms.get(folded)
        return found

    def word(self, word_id: int) -> str:
        name: str = self.terms.restore_key(word_id)
        return name

    def beginning_with(self, letters: str) -> list[tuple[str, int]]:
        """Words and units that begin so, with their ids."""
        return [(word, self.terms[word]) for word in self.terms.iterkeys(letters)]

    def with_stem(self, stem: str) -> Ints:
        """Ids of the words that share a stem (of the unit itself, for a unit)."""
        return _row(*self._stems, stem)

    def with_key(self, key: str) -> Ints:
        """Ids of the words that share a sound key."""
        return _row(*self._keys, key)

    @cached_property
    def stem_of(self) -> Ints:
        """The row of each word's stem, by word id: equal where `with_stem` would give both words."""
        _, word_ids, rows = self._stems
        found = np.full(len(self.indptr) - 1, NO_WORD, np.int32)
        found[word_ids] = np.repeat(np.arange(len(rows) - 1, dtype=np.int32), np.diff(rows))
        return found

    def body(self, ordinal: int) -> Ints:
        """Word ids of a passage's heading and text (`titled_text`), a token each in order, -1 where it has no word."""
        return self._row_of_tokens(2 * ordinal)

    def title(self, ordinal: int) -> Ints:
        """The same of its title."""
        return self._row_of_tokens(2 * ordinal + 1)

    def _row_of_tokens(self, row: int) -> Ints:
        tokens: Ints = self.tokens[self.token_rows[row] : self.token_rows[row + 1]]
        return tokens

    def words(self) -> list[str]:
        """All words and units by id."""
        return _by_id(self.terms)

    def stems(self) -> list[str]:
        """The stem of each word by its id."""
        names = [*_by_id(self._stems[0]), ""]
        return [names[row] for row in self.stem_of.tolist()]

    def keys(self) -> list[tuple[str, ...]]:
        """The sound keys of each word by its id, ascending."""
        trie, word_ids, rows = self._keys
        found: list[list[str]] = [[] for _ in range(len(self.indptr) - 1)]
        for name, row in trie.items():
            for word_id in word_ids[rows[row] : rows[row + 1]].tolist():
                found[word_id].append(name)
        return [tuple(sorted(names)) for names in found]

    def document_frequency(self, word_ids: Longs) -> Longs:
        return np.asarray(self.indptr[word_ids + 1] - self.indptr[word_ids])

    def row(self, word_id: int) -> tuple[Ints, NDArray[np.uint8]]:
        """Passages that have the word, ascending, and how often, in quarters."""
        start, end = self.indptr[word_id], self.indptr[word_id + 1]
        return self.docs[start:end], self.tf[start:end]

    def _trie(self, name: str) -> marisa_trie.Trie:
        try:
            return marisa_trie.Trie().mmap(str(self._folder / name))
        except (OSError, RuntimeError) as error:
            raise IndexDamaged(f"cannot read {self._folder / name}: {error}; rebuild the index") from error


def _row(trie: marisa_trie.Trie, words: Ints, rows: Longs, name: str) -> Ints:
    row = trie.get(name)
    return words[rows[row] : rows[row + 1]] if row is not None else words[:0]


def _by_id(trie: marisa_trie.Trie) -> list[str]:
    names = [""] * len(trie)
    for name, row in trie.items():
        names[row] = name
    return names
