"""Writes the sparse leg's files, passage by passage; what an earlier corpus knows of a passage is not found out again.

Not for reading them: see `postings`, which says what they hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.lexicon import Lexicon, bundled_lexicon
from index.store.arrays import create
from index.store.postings import NO_WORD, TEXT_QUARTERS, TITLE_QUARTERS, Ints, Postings
from index.store.tally import Tally
from index.store.vocabulary import Vocabulary
from index.text.tokens import for_words
from index.types import Passage

_STRETCH_WORDS = 1 << 22
_LONGEST = 65_535


class PostingsWriter:
    """Collects passages in order; memory grows with the vocabulary, and by some bytes a passage.

    `before` is the folder of an earlier corpus, read only, from which passages may be kept.
    """

    def __init__(self, folder: Path, before: Path | None = None, lexicon: Lexicon | None = None) -> None:
        self._folder = folder
        self._before = Postings(before) if before else None
        self._vocabulary = Vocabulary(lexicon or bundled_lexicon(), self._before)
        self._read = for_words(self._vocabulary.first_id)
        self._tally = Tally(folder, self._before)
        self._lengths = array("H")
        self._sizes = array("i")  # tokens of each passage's body and title, in turn
        self._order = (folder / "order.tmp").open("wb+")  # all tokens, by the first ids of their words
        self._tokens: list[int] = []  # those not counted yet, of these passages
        self._passages = array("q")
        self._written = 0  # of `_tokens`, into `_order`
        self._title, self._title_words = "", list[int]()

    def add(self, passages: Sequence[Passage], known: Sequence[int] = ()) -> None:
        """`known`: for each the earlier passage of the same heading and text, or -1."""
        first = number = 0  # earlier passages that stand here in a row
        for place, passage in enumerate(passages):
            old = known[place] if known else -1
            if passage.title is not self._title:  # a document's passages share it
                self._title, self._title_words = passage.title, self._read(passage.title)
            title = self._title_words
            if old >= 0 and self._before and self._before.title(old).tolist() == title:
                if number and old == first + number:
                    number += 1
                    continue
                self.keep(first, number)
                first, number = old, 1
                continue
            self.keep(first, number)
            number = 0
            if old >= 0 and self._before:
                self._count(self._before.body(old).tolist(), title)
            else:
                self._count(self._read(passage.titled_text), title)
        self.keep(first, number)

    def keep(self, first: int, count: int) -> None:
        """The next passages are `count` of the earlier ones, their titles too."""
        if not count:
            return
        if not self._tally.kept(first, count):
            self._keep(first, count)
            return
        assert self._before is not None
        for old in range(
            first, first + count
        ):  # texts that repeat: an earlier passage has moved to one place only
            if self._tally.kept(old, 1):
                self._count(self._before.body(old).tolist(), self._before.title(old).tolist())
            else:
                self._keep(old, 1)

    def _keep(self, first: int, count: int) -> None:
        assert self._before is not None
        self._write_order()
        rows = self._before.token_rows[2 * first : 2 * (first + count) + 1]
        self._order.write(self._before.tokens[rows[0] : rows[-1]].tobytes())
        self._tally.keep(first, len(self._lengths), count)
        self._sizes.frombytes(np.diff(rows).astype(np.int32).tobytes())
        self._lengths.frombytes(self._before.lengths[first : first + count].tobytes())

    def finish(self) -> None:
        """Write the files and forget everything."""
        self._spill()
        counts = self._tally.counts(len(self._vocabulary))
        order = self._vocabulary.write(self._folder, counts > 0)
        self._tally.write(counts, order)
        np.save(self._folder / "lengths.npy", np.asarray(self._lengths, np.uint16))
        self._write_tokens(order)

    def close(self) -> None:
        self._order.close()

    def _count(self, body: list[int], title: list[int]) -> None:
        self._passages.append(len(self._lengths))
        self._lengths.append(min(len(body) - body.count(NO_WORD), _LONGEST))
        self._sizes.extend((len(body), len(title)))
        self._tokens += body
        self._tokens += title
        if len(self._tokens) >= _STRETCH_WORDS:
            self._spill()

    def _write_order(self) -> None:
        if self._written < len(self._tokens):
            self._order.write(np.asarray(self._tokens[self._written :], np.int32).tobytes())
            self._written = len(self._tokens)

    def _spill(self) -> None:
        """Count the collected words a passage."""
        self._write_order()
        passages = np.asarray(self._passages, np.int64)
        sizes = np.asarray(self._sizes, np.int32).reshape(-1, 2)[passages]
        parts = np.broadcast_to(np.array([TEXT_QUARTERS, TITLE_QUARTERS]), sizes.shape)
        quarters = np.repeat(parts.ravel(), sizes.ravel())
        passages = np.repeat(passages, sizes.sum(axis=1))
        tokens = np.asarray(self._tokens, np.int32)
        self._tokens, self._passages, self._written = [], array("q"), 0
        named = tokens != NO_WORD
        tokens, passages, quarters = tokens[named], passages[named], quarters[named]
        at, units = self._vocabulary.units_in(tokens, passages, quarters)
        passages, quarters = (np.concatenate([a, a[at]]) for a in (passages, quarters))
        self._tally.add(np.concatenate([tokens, units]).astype(np.int64), passages, quarters)

    def _write_tokens(self, order: Ints) -> None:
        """The passages as rows of final ids; NO_WORD, -1, takes the last of `final`, which is itself."""
        final = np.append(order, np.int32(NO_WORD))
        rows = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.asarray(self._sizes), dtype=np.int64)])
        tokens = create(self._folder / "tokens.npy", np.int32, int(rows[-1]))
        self._order.seek(0)
        start = 0
        while data := self._order.read(4 * _STRETCH_WORDS):
            found = final[np.frombuffer(data, np.int32)]
            tokens[start : start + len(found)] = found
            start += len(found)
        np.save(self._folder / "token_rows.npy", rows)
        self._order.close()
        (self._folder / "order.tmp").unlink()
