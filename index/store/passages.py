"""The passages of a generation: one SQLite table, written once, then read by many threads.

`ordinal`, 0 to n - 1, is the key that all parts of a generation share. Text is stored as it is: zlib would
make it 2.3 times smaller, but takes three times as long as everything else here. Not for filters (`columns`)
nor for finding words (`postings`).
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from index.errors import IndexDamaged, NotFound
from index.types import Passage

Row = tuple[Any, ...]

NAME = "passages.db"
COLUMNS = "document_id, position, title, heading, text, lang, script, source, start, url, date, metadata"
# The statement stays the same for any number of ordinals, and so does its plan.
_GET = f"""
SELECT {COLUMNS} FROM json_each(?) AS wanted JOIN passages ON passages.ordinal = wanted.value
ORDER BY wanted.key
"""
_DOCUMENT = f"SELECT {COLUMNS} FROM passages WHERE document_id = ? ORDER BY position"
_POSITION = regex.compile(r"[1-9][0-9]{0,8}")
_ORDINAL = "SELECT ordinal FROM passages WHERE document_id = ? AND position = ?"


class PassageStore:
    """Reads the table; the file must not change any more. Safe to call from several threads until closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._uri = read_only(path)
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._count = int(self._rows("SELECT coalesce(max(ordinal), -1) + 1 FROM passages")[0][0])

    def __len__(self) -> int:
        return self._count

    def get(self, ordinals: Sequence[int] | NDArray[np.integer]) -> list[Passage]:
        """The passages of these ordinals in this order, by one query; NotFound if one is not there."""
        wanted = [int(ordinal) for ordinal in ordinals]
        found = [_passage(row) for row in self._rows(_GET, (json.dumps(wanted),))]
        if len(found) != len(wanted):
            missing = next(ordinal for ordinal in wanted if not 0 <= ordinal < self._count)
            raise NotFound(f"there is no passage {missing}: the index has {self._count}")
        return found

    def by_id(self, passage_id: str) -> Passage:
        return self.get([self.ordinal_of(passage_id)])[0]

    def ordinal_of(self, passage_id: str) -> int:
        """The ordinal of `document:position`; NotFound if there is none."""
        document_id, _, position = passage_id.rpartition(":")
        if _POSITION.fullmatch(position):
            rows = self._rows(_ORDINAL, (_storable(document_id), int(position)))
            if rows:
                return int(rows[0][0])
        raise NotFound(f"there is no passage {passage_id!r} in the index")

    def document(self, document_id: str) -> list[Passage]:
        """All passages of a document by position; NotFound if there are none."""
        rows = self._rows(_DOCUMENT, (_storable(document_id),))
        if not rows:
            raise NotFound(f"there is no document {document_id!r} in the index")
        return [_passage(row) for row in rows]

    def close(self) -> None:
        """Calls still running finish; later ones fail."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _rows(self, query: str, values: tuple[str | int, ...] = ()) -> list[Row]:
        """All rows, by an idle connection or a new one."""
        if self._closed:
            raise ValueError("the passage store is closed")
        try:
            with suppress(IndexError):  # none is idle
                return self._ask(self._idle.pop(), query, values)
            return self._ask(self._connect(), query, values)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise IndexDamaged(f"cannot read {self._path}: {error}; rebuild the index") from error

    def _ask(self, connection: sqlite3.Connection, query: str, values: tuple[str | int, ...]) -> list[Row]:
        try:
            return connection.execute(query, values).fetchall()
        finally:
            self._idle.append(connection)
            if self._closed:
                self.close()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._uri, uri=True, check_same_thread=False, isolation_level=None)


def read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _storable(name: str) -> str:
    """A name as SQLite can compare it: a lone surrogate, which no stored name has, becomes a `?`."""
    return name.encode(errors="replace").decode()


def _passage(row: Row) -> Passage:
    document_id, position, *others, metadata = row
    title, heading, text, lang, script, source, start, url, date = others
    return Passage(
        id=f"{document_id}:{position}",
        document_id=document_id,
        position=position,
        title=title,
        heading=heading,
        text=text,
        lang=lang,
        script=script,
        source=source,
        start=start,
        url=url,
        date=date,
        metadata=json.loads(metadata),
    )
