"""Vectors already paid for: `cache.db`, by text and encoder, so that none is encoded twice, crash or not.

Rows are float16, each with a checksum: a damaged row counts as missing, a damaged file is thrown away. What
neither of the last two builds used is dropped. Nothing that goes wrong here ends a build. Not for encoders
that are about as fast as a look-up: those say so (`cheap`).
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.contents import Digests, digests_of

Vectors = NDArray[np.float32]
Found = dict[int, NDArray[np.float16]]

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cell_size_check = ON;
CREATE TABLE IF NOT EXISTS keys (key INTEGER PRIMARY KEY, place INTEGER NOT NULL, build INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rows (place INTEGER PRIMARY KEY, row BLOB NOT NULL);
"""
# Keys are spread evenly over the integers; rows, which are long, are appended.
_GET = "SELECT keys.key, row FROM json_each(?) JOIN keys ON keys.key = value JOIN rows USING (place)"
_USE = "UPDATE keys SET build = ? WHERE key IN (SELECT value FROM json_each(?)) AND build <> ?"
_DROP = (
    "DELETE FROM keys WHERE build < ?",
    "DELETE FROM rows WHERE place NOT IN (SELECT place FROM keys)",
)
_DAMAGED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_ERRORS = (sqlite3.Error, OverflowError)  # the latter for numbers that no build has written
_CHECK_BYTES = 12  # the half of the content's hash that is not the key, and a checksum of the row


class VectorCache:
    """For one encoder and one build, by one thread at a time. `notice` is told what went wrong."""

    def __init__(
        self, path: Path, fingerprint: str, dimension: int, build: int, notice: Callable[[str], None]
    ) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._bytes = dimension * 2
        self._build = build
        self._notice = notice
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = self._open()
        except _ERRORS as error:
            self._fail(error)

    def get(self, texts: Sequence[str]) -> Found:
        """The rows that are there, by place in `texts`; they count as used by this build."""
        if self._connection is None:
            return {}
        digests = [self._digest(text) for text in texts]
        places = {_key(digest): place for place, digest in enumerate(digests)}
        wanted = json.dumps(list(places))
        try:
            rows = self._connection.execute(_GET, (wanted,)).fetchall()
            self._connection.execute(_USE, (self._build, json.dumps([key for key, _ in rows]), self._build))
        except _ERRORS as error:
            self._fail(error)
            return {}
        valid = {key: row for key, row in rows if key in places and self._is_whole(digests[places[key]], row)}
        return {
            place: np.frombuffer(valid[_key(digest)], np.float16, self._bytes // 2)
            for place, digest in enumerate(digests)
            if _key(digest) in valid
        }

    def put(self, texts: Sequence[str], rows: Vectors) -> None:
        """Keep these rows, safe from a crash of the process when this returns."""
        if self._connection is None:
            return
        entries = {}
        for text, row in zip(texts, rows.astype(np.float16), strict=True):
            digest, data = self._digest(text), row.tobytes()
            entries[_key(digest)] = data + digest[8:] + _checksum(digest, data)
        try:
            self._append(self._connection, entries)
        except _ERRORS as error:
            self._fail(error)

    def use(self, digests: Digests) -> None:
        """Rows of these texts count as used, though nobody asked for them."""
        if self._connection is None:
            return
        keys = json.dumps(digests[:, 0].astype(np.int64).tolist())
        try:
            self._connection.execute(_USE, (self._build, keys, self._build))
        except _ERRORS as error:
            self._fail(error)

    def finish(self, keep_since: int) -> None:
        """Drop what no build from `keep_since` on has used, and close."""
        if self._connection is None:
            return
        try:
            self._connection.execute(_DROP[0], (keep_since,))
            self._connection.execute(_DROP[1])
        except _ERRORS as error:
            self._fail(error)
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _append(self, connection: sqlite3.Connection, entries: Mapping[int, bytes]) -> None:
        connection.execute("BEGIN")
        first = connection.execute("SELECT coalesce(max(place), 0) + 1 FROM rows").fetchone()[0]
        places = {key: first + i for i, key in enumerate(sorted(entries))}
        connection.executemany(
            "INSERT INTO rows VALUES (?, ?)", ((places[key], entries[key]) for key in places)
        )
        connection.executemany(
            "INSERT OR REPLACE INTO keys VALUES (?, ?, ?)",
            ((key, place, self._build) for key, place in places.items()),
        )
        connection.execute("COMMIT")

    def _digest(self, text: str) -> bytes:
        return digests_of([text], self._fingerprint).tobytes()

    def _is_whole(self, digest: bytes, row: object) -> bool:
        """`row` is a blob, unless the file is damaged."""
        if not isinstance(row, bytes) or len(row) != self._bytes + _CHECK_BYTES:
            return False
        return row[self._bytes :] == digest[8:] + _checksum(digest, row[: self._bytes])

    def _fail(self, error: Exception) -> None:
        """Go on without; a damaged file is thrown away, so that the next build begins a new one."""
        self.close()
        damaged = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGED
        state = "was damaged and is thrown away" if damaged else "cannot be used"
        self._notice(f"the vector cache {self._path.name} {state} ({error}); this build goes on without it")
        if damaged:
            with suppress(OSError):
                for path in (self._path, *self._path.parent.glob(f"{self._path.name}-*")):
                    path.unlink(missing_ok=True)


def _key(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "little", signed=True)


def _checksum(digest: bytes, data: bytes) -> bytes:
    return zlib.crc32(data, zlib.crc32(digest)).to_bytes(4, "little")
