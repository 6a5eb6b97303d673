"""One rebuild at a time: a lock on `<index>/.lock`, which the system itself releases when its holder dies.

Readers need no lock: a generation never changes once it is published. The file's content is for people only.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import IndexLocked


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has, or had, the lock. `since` is ISO 8601 in UTC."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


class IndexLock:
    """Held from `with` to its end. `died` is the holder before, if it ended without releasing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self.died: Holder | None = None

    def __enter__(self) -> Self:
        """Raises IndexLocked at once if another has it, OSError if the folder cannot be written."""
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._holder()
            os.close(self._descriptor)
            raise IndexLocked(_message(self._path, holder)) from error
        except OSError:
            os.close(self._descriptor)
            raise
        self.died = self._holder()
        me = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"))
        with suppress(OSError):  # a full disk: the lock holds without a name
            self._write(json.dumps(asdict(me)).encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a full disk must not hide what ended the build
            self._write(b"")
        os.close(self._descriptor)

    def _holder(self) -> Holder | None:
        try:
            return Holder(**json.loads(os.pread(self._descriptor, 4096, 0)))
        except (ValueError, TypeError, OSError, RecursionError):
            return None

    def _write(self, data: bytes) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, data, 0)


def _message(path: Path, holder: Holder | None) -> str:
    message = f"another rebuild is at work in {path.parent}"
    if holder is None:
        return f"{message}: wait for it to end"
    message = f"{message} ({holder})"
    if holder.host == socket.gethostname() and not _alive(holder.pid):
        return f"{message}; that process is gone, but one that it started still holds {path}: end that one"
    return f"{message}: wait for it to end, or stop it; the index can be searched meanwhile"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
