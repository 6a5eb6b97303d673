"""The keys of the HTTP API: who may search, read the metrics, administer. The file holds hashes only.

Not for asking a request for its key: see `http.gate`. A key is 256 random bits, so that one round of SHA-256
is hash enough: there is nothing to guess.

>>> key, text = new("page", ["search"])
>>> matches(key, text), matches(key, text + "x"), text.startswith(f"dbh_{key.id}_")
(True, False, True)
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import NotFound, SettingsError

SCOPES = ("search", "metrics", "admin")  # admin may do everything
_PREFIX = "dbh"
_ID_LETTERS, _MAX_NAME = 8, 80


@dataclass(frozen=True, slots=True)
class Key:
    """`id` is public and part of the key; `created` is ISO 8601 in UTC."""

    id: str
    name: str
    scopes: tuple[str, ...]
    hash: str
    created: str

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes


def new(name: str, scopes: Sequence[str]) -> tuple[Key, str]:
    """A key, and the text that its holder keeps: it cannot be told again. Raises SettingsError."""
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise SettingsError(
            f"a key's scopes are some of {', '.join(SCOPES)}, not {', '.join(wrong) or 'none'}"
        )
    if not 0 < len(name) <= _MAX_NAME or not name.isprintable():
        raise SettingsError(f"a key's name is 1 to {_MAX_NAME} characters that can be printed")
    key_id = secrets.token_hex(_ID_LETTERS // 2)
    text = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Key(key_id, name, tuple(dict.fromkeys(scopes)), _hash(text), now), text


def matches(key: Key, text: str) -> bool:
    """In a time that tells nothing of the key."""
    return hmac.compare_digest(key.hash, _hash(text))


class Keys:
    """The file, read anew when it changes: a key that is removed ends at once, without a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, Key] = {}

    def all(self) -> list[Key]:
        """Raises SettingsError if the file cannot be read."""
        return list(self._current().values())

    def find(self, text: str) -> Key | None:
        """The key whose text this is. An unreadable file has no keys: nobody is let in by a mistake."""
        key_id = text.split("_", 2)[1] if text.count("_") >= 2 else ""
        try:
            key = self._current().get(key_id)
        except SettingsError:
            return None
        return key if key is not None and matches(key, text) else None

    def add(self, name: str, scopes: Sequence[str]) -> tuple[Key, str]:
        key, text = new(name, scopes)
        with self._changing() as keys:
            keys[key.id] = key
        return key, text

    def remove(self, id_or_name: str) -> Key:
        """Raises NotFound, SettingsError where a name is that of several."""
        with self._changing() as keys:
            found = [key for key in keys.values() if id_or_name in (key.id, key.name)]
            if not found:
                raise NotFound(f"no key has the id or name {id_or_name!r}; `dubhashi key list` shows them")
            if len(found) > 1:
                raise SettingsError(f"{len(found)} keys have the name {id_or_name!r}: give the id of one")
            return keys.pop(found[0].id)

    def _current(self) -> dict[str, Key]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._seen, self._keys = None, {}
            return self._keys
        except OSError as error:
            raise SettingsError(f"cannot read the keys in {self._path}: {error.strerror}") from error
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._keys, self._seen = _read(self._path), seen
        return self._keys

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """The keys to change; written whole at the end of the block, readable for this user alone."""
        try:
            lock = os.open(self._path.with_name(f".{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SettingsError(f"cannot write beside {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = dict(self._current())
            yield keys
            _write(self._path, keys)
        finally:
            os.close(lock)


def _read(path: Path) -> dict[str, Key]:
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_bytes())["keys"]
        keys = [Key(**{**row, "scopes": tuple(row["scopes"])}) for row in rows]
        for key in keys:
            if not all(
                isinstance(value, str) for value in (key.id, key.name, key.hash, key.created, *key.scopes)
            ):
                raise ValueError("a field of a key is no text")
    except OSError as error:
        raise SettingsError(f"cannot read the keys in {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingsError(
            f"{path} is no file of keys: {error}; restore it, or remove it and add new keys"
        ) from None
    return {key.id: key for key in keys}


def _write(path: Path, keys: dict[str, Key]) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    body = json.dumps({"keys": [asdict(key) for key in keys.values()]}, indent=1, ensure_ascii=False)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(body + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SettingsError(f"cannot write the keys in {path}: {error.strerror}") from error


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
