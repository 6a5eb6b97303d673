"""Tells when sources change, by looking: that works on every file system, shared ones too.

Not for what changed in them: a rebuild compares their contents.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import SourceError
from index.sources.files import list_files


class Watch:
    """What changed since it was made, or since what was last `handled`: also while that was being done."""

    def __init__(
        self, sources: Sequence[Path], every: float = 2.0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._sources, self._every, self._sleep = sources, every, sleep
        self._handled = self._seen = state(sources)

    def wait(self) -> None:
        """Until a change is over: nothing differed between two looks, `every` seconds apart.

        Sources that are missing are waited for. What was not handled is told again.
        """
        while True:
            last = self._seen
            self._sleep(self._every)
            self._seen = state(self._sources)
            if self._seen and self._seen == last and self._seen != self._handled:
                return

    def handled(self) -> None:
        """What was last told."""
        self._handled = self._seen


def state(sources: Sequence[Path]) -> str:
    """Differs when a file came, went, or was written; "" where a source is missing."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        for file in list_files(sources):
            line = f"{file.path}\0{_looks(file.path)}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    except SourceError:
        return ""
    return digest.hexdigest()


def _looks(path: Path) -> str:
    """Of a link that leads nowhere too, as of a file that went a moment ago."""
    try:
        stat = path.stat()
    except OSError:
        return "none"
    return f"{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ino}"
