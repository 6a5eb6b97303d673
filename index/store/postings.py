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

import os
from array import array
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.lexicon import Lexicon, bundled_lexicon
from index.text.fold import fold
from index.text.sound import sound_keys
from index.text.stem import stem
from index.text.tokens import words
from index.types import Passage

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

TEXT_QUARTERS, TITLE_QUARTERS = 4, 2
_CHUNK_WORDS = 1 << 22
_NO_ID = -1
FILES = (
    "terms.marisa", "stems.marisa", "keys.marisa", "indptr.npy", "docs.npy", "tf.npy", "lengths.npy",
    "stem_words.npy", "stem_rows.npy", "key_words.npy", "key_rows.npy", "tokens.npy", "token_rows.npy",
)  # fmt: skip


class PostingsWriter:
    """Collects passages in order and writes their postings; memory grows with the vocabulary, not with the passages."""

    def __init__(self, folder: Path, lexicon: Lexicon | None = None) -> None:
        self._folder = folder
        self._ids: dict[
            str, int
        ] = {}  # token as it stands in the text -> word id, or -1 for one that folds to nothing
        self._folded: dict[str, int] = {}
        self._stems: list[int] = []  # word id -> stem id
        self._stem_ids: dict[str, int] = {}
        self._units = _UnitFinder(lexicon or bundled_lexicon(), self._stem_ids)
        self._tokens: list[int] = []
        self._quarters: list[int] = []
        self._passage_of: list[int] = []
        self._lengths: list[int] = []
        self._chunks: list[Path] = []
        self._rows = array("q", [0])
        self._order = folder / "order.tmp"
        self._order.write_bytes(b"")

    def add(self, passages: Sequence[Passage]) -> None:
        for passage in passages:
            body = self._word_ids(passage.titled_text)
            title = self._word_ids(passage.title)
            ordinal = len(self._lengths)
            self._lengths.append(min(len(body) - body.count(_NO_ID), 65535))
            for row in (body, title):
                self._rows.append(self._rows[-1] + len(row))
            self._tokens += body
            self._tokens += title
            self._quarters += [TEXT_QUARTERS] * len(body) + [TITLE_QUARTERS] * len(title)
            self._passage_of += [ordinal] * (len(body) + len(title))
        if len(self._tokens) >= _CHUNK_WORDS:
            self._spill()

    def finish(self) -> None:
        """Write the files and forget everything."""
        self._spill()
        order = self._write_vocabulary()
        self._merge(order)
        self._write_tokens(order)
        np.save(self._folder / "lengths.npy", np.asarray(self._lengths, np.uint16))
        for chunk in self._chunks:
            chunk.unlink()

    def _word_ids(self, text: str) -> list[int]:
        get = self._ids.get
        found = []
        for token in words(text):
            word = get(token)
            if word is None:
                word = self._ids[token] = self._new_word(fold(token))
            found.append(word)
        return found

    def _new_word(self, folded: str) -> int:
        if not folded:
            return _NO_ID
        known = self._folded.get(folded)
        if known is None:
            known = self._folded[folded] = len(self._folded)
            self._stems.append(self._stem_ids.setdefault(stem(folded), len(self._stem_ids)))
        return known

    def _unit_id(self, unit: str) -> int:
        known = self._folded.get(unit)
        if known is None:
            known = self._folded[unit] = len(self._folded)
            self._stems.append(self._stem_ids.setdefault(unit, len(self._stem_ids)))
        return known

    def _spill(self) -> None:
        """Count the collected words a passage, sorted by word then passage, into a file of their own."""
        tokens = np.asarray(self._tokens, np.int32)
        passages = np.asarray(self._passage_of, np.int64)
        quarters = np.asarray(self._quarters, np.int64)
        self._tokens, self._quarters, self._passage_of = [], [], []
        with self._order.open("ab") as file:
            file.write(tokens.tobytes())
        named = tokens != _NO_ID
        tokens, passages, quarters = tokens[named].astype(np.int64), passages[named], quarters[named]
        if not len(tokens):
            return
        at, units = self._units.find(np.asarray(self._stems, np.int64)[tokens], passages, quarters)
        unit_ids = np.asarray([self._unit_id(unit) for unit in units], np.int64)
        tokens = np.concatenate([tokens, unit_ids])
        passages, quarters = (np.concatenate([a, a[at]]) for a in (passages, quarters))
        first = int(passages.min())
        span = int(passages.max()) - first + 1
        keys, inverse = np.unique(tokens * span + (passages - first), return_inverse=True)
        tf = np.minimum(np.bincount(inverse, quarters), 255).astype(np.uint8)
        path = self._folder / f"chunk-{len(self._chunks)}.tmp"
        with path.open("wb") as file:
            for array in ((keys // span).astype(np.int32), (keys % span + first).astype(np.int32), tf):
                np.save(file, array)
        self._chunks.append(path)

    def _write_vocabulary(self) -> Ints:
        """Write the three tries and the rows behind two of them; the new id of each word by its old one."""
        names = list(self._folded)
        terms = marisa_trie.Trie(names)
        terms.save(str(self._folder / "terms.marisa"))
        order = np.fromiter((terms[name] for name in names), np.int32, len(names))
        stem_names = list(self._stem_ids)
        _write_rows(self._folder, "stem", [stem_names[i] for i in self._stems], order)
        single = [i for i, name in enumerate(names) if " " not in name]
        _write_rows(self._folder, "key", sound_keys([names[i] for i in single]), order[single])
        return order

    def _merge(self, order: Ints) -> None:
        """Scatter the chunks into one array, a word's passages side by side; one chunk in memory at a time."""
        counts = np.zeros(len(order), np.int64)
        for path in self._chunks:
            counts += np.bincount(order[_read_chunk(path)[0]], minlength=len(order))
        indptr = np.zeros(len(order) + 1, np.int64)
        np.cumsum(counts, out=indptr[1:])
        docs = _create(self._folder / "docs.npy", np.int32, int(indptr[-1]))
        tf = _create(self._folder / "tf.npy", np.uint8, int(indptr[-1]))
        cursor = indptr[:-1].copy()
        for path in self._chunks:
            word, passage, quarters = _read_chunk(path)
            runs = np.flatnonzero(np.diff(word, prepend=-1))  # where each word's run starts; words are sorted
            sizes = np.diff(runs, append=len(word))
            into = np.repeat(cursor[order[word[runs]]] - runs, sizes) + np.arange(len(word))
            docs[into], tf[into] = passage, quarters
            cursor[order[word[runs]]] += sizes
        docs.flush()
        tf.flush()
        np.save(self._folder / "indptr.npy", indptr)

    def _write_tokens(self, order: Ints) -> None:
        """The passages as rows of final ids; an id of -1 takes the last place of `final`, which is -1."""
        final = np.append(order, np.int32(_NO_ID))
        tokens = _create(self._folder / "tokens.npy", np.int32, self._rows[-1])
        with self._order.open("rb") as file:
            start = 0
            while data := file.read(4 * _CHUNK_WORDS):
                found = final[np.frombuffer(data, np.int32)]
                tokens[start : start + len(found)] = found
                start += len(found)
        tokens.flush()
        np.save(self._folder / "token_rows.npy", np.asarray(self._rows, np.int64))
        self._order.unlink()


class _UnitFinder:
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


def _create(path: Path, dtype: type, size: int) -> Any:
    """A mapped array; numpy cannot map an empty one, so an empty corpus still gets a row.

    Its space is reserved first: a mapped file on a full disk would end the process instead of raising OSError.
    """
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1) * np.dtype(dtype).itemsize + 4096)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(max(size, 1),))


def _read_chunk(path: Path) -> tuple[Ints, Ints, NDArray[np.uint8]]:
    with path.open("rb") as file:
        word, passage, quarters = (np.load(file, allow_pickle=False) for _ in range(3))
    return word, passage, quarters


def _write_rows(folder: Path, kind: str, names: list[str], ids: Ints) -> None:
    """A trie of the distinct names and, by its ids, the rows of the words that have that name."""
    trie = marisa_trie.Trie(sorted({name for name in names if name}))
    trie.save(str(folder / f"{kind}s.marisa"))
    row = np.fromiter((trie[name] if name else _NO_ID for name in names), np.int64, len(names))
    kept = row != _NO_ID
    row, ids = row[kept], ids[kept]
    order = np.lexsort((ids, row))
    starts = np.zeros(len(trie) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(trie)), out=starts[1:])
    np.save(folder / f"{kind}_words.npy", ids[order].astype(np.int32))
    np.save(folder / f"{kind}_rows.npy", starts)


class Postings:
    """The files of `PostingsWriter`, mapped; safe to read from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.terms, stems, keys = (self._trie(f"{name}.marisa") for name in ("terms", "stems", "keys"))
        self.indptr = self._array("indptr.npy")
        self.docs = self._array("docs.npy")
        self.tf = self._array("tf.npy")
        self.lengths = self._array("lengths.npy")
        self._tokens, self._token_rows = self._array("tokens.npy"), self._array("token_rows.npy")
        if len(self._token_rows) != 2 * len(self) + 1 or self._token_rows[-1] > len(self._tokens):
            raise IndexDamaged(f"the parts of {folder} differ in length; rebuild the index")
        self._stems = stems, self._array("stem_words.npy"), self._array("stem_rows.npy")
        self._keys = keys, self._array("key_words.npy"), self._array("key_rows.npy")

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
        found = np.full(len(self.indptr) - 1, _NO_ID, np.int32)
        found[word_ids] = np.repeat(np.arange(len(rows) - 1, dtype=np.int32), np.diff(rows))
        return found

    def body(self, ordinal: int) -> Ints:
        """Word ids of a passage's heading and text (`titled_text`), a token each in order, -1 where it has no word."""
        return self._row_of_tokens(2 * ordinal)

    def title(self, ordinal: int) -> Ints:
        """The same of its title."""
        return self._row_of_tokens(2 * ordinal + 1)

    def _row_of_tokens(self, row: int) -> Ints:
        tokens: Ints = self._tokens[self._token_rows[row] : self._token_rows[row + 1]]
        return tokens

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

    def _array(self, name: str) -> NDArray[Any]:
        try:
            mapped = np.load(self._folder / name, mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # still mapped; a plain array is cut several times faster than a memmap
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"cannot read {self._folder / name}: {error}; rebuild the index") from error


def _row(trie: marisa_trie.Trie, words: Ints, rows: Longs, name: str) -> Ints:
    row = trie.get(name)
    return words[rows[row] : rows[row + 1]] if row is not None else words[:0]
