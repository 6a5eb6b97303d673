"""Writes the table of passages, row by row, or takes rows over from an earlier generation.

Not for reading it: see `passages`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from index.store.passages import COLUMNS, read_only
from index.types import Metadata, Passage

_SCHEMA = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
CREATE TABLE passages (
    ordinal INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL, position INTEGER NOT NULL,
    title TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL, script TEXT NOT NULL,
    source TEXT NOT NULL, start INTEGER NOT NULL,
    url TEXT NOT NULL, date TEXT NOT NULL, metadata TEXT NOT NULL
);
"""
_KEEP = f"""
INSERT INTO main.passages
SELECT ordinal + ?, {COLUMNS} FROM before.passages WHERE ordinal BETWEEN ? AND ?
"""

_MANY = 1024  # rows: copying them takes longer than waking a thread
_AHEAD = 4  # copies that may wait


class PassageWriter:
    """Writes the table in the order of `add` and `keep`. Nothing is on disk for certain before `finish` and an fsync.

    `before` is the file of an earlier generation, from which rows may be kept: many at once in a thread of its own,
    since SQLite lets go of Python's lock. What goes wrong there is raised by a later call.
    """

    def __init__(self, path: Path, before: Path | None = None) -> None:
        self._connection = sqlite3.connect(
            path.resolve().as_uri(), uri=True, isolation_level=None, check_same_thread=False
        )
        self._connection.executescript(_SCHEMA)
        if before:
            self._connection.execute("ATTACH ? AS before", (read_only(before),))
        self._connection.execute("BEGIN")
        self._thread = ThreadPoolExecutor(1, "passages")
        self._copying: deque[Future[object]] = deque()
        self._count = 0
        self._metadata: Metadata = {}
        self._json = "{}"

    def add(self, passages: Sequence[Passage]) -> None:
        """Raises sqlite3.Error, as `keep` and `finish` do, if the disk is full or cannot be written."""
        self._wait(0)
        self._connection.executemany(
            f"INSERT INTO passages VALUES ({', '.join('?' * 13)})",
            (self._row(ordinal, passage) for ordinal, passage in enumerate(passages, self._count)),
        )
        self._count += len(passages)

    def keep(self, first: int, count: int) -> None:
        """The next rows are `count` of the earlier ones."""
        copied = self._count - first, first, first + count - 1
        if count < _MANY:
            self._wait(0)
            self._connection.execute(_KEEP, copied)
        else:
            self._wait(_AHEAD)
            self._copying.append(self._thread.submit(self._connection.execute, _KEEP, copied))
        self._count += count

    def finish(self) -> None:
        """Raises sqlite3.IntegrityError if two passages have one id."""
        self._wait(0)
        self._connection.execute("CREATE UNIQUE INDEX by_id ON passages (document_id, position)")
        self._connection.execute("COMMIT")
        self.close()

    def close(self) -> None:
        if self._copying:  # given up
            self._connection.interrupt()
        self._thread.shutdown(cancel_futures=True)
        self._connection.close()

    def _wait(self, most: int) -> None:
        """Until no more than so many copies are not done. Raises what went wrong with one of the others."""
        while len(self._copying) > most:
            self._copying.popleft().result()

    def _row(self, ordinal: int, passage: Passage) -> tuple[str | int, ...]:
        if passage.metadata is not self._metadata:  # a document's passages share it
            self._metadata = passage.metadata
            self._json = json.dumps(dict(passage.metadata), ensure_ascii=False)
        p = passage
        return (
            ordinal, p.document_id, p.position, p.title, p.heading, p.text, p.lang, p.script,
            p.source, p.start, p.url, p.date, self._json,
        )  # fmt: skip
