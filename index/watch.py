"""Tells when sources change, by looking: that works on every file system, shared ones too.

Not for what changed in them: a rebuild compares their contents.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.errors import SourceError
from index.sources.files import list_files


def changes(
    sources: Sequence[Path], every: float = 2.0, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Yields once a change is over: nothing differed between two looks, `every` seconds apart. Without end.

    Sources that are missing for a while count as changed when they are back.
    """
    told = last = state(sources)
    while True:
        sleep(every)
        now = state(sources)
        if now and now == last and now != told:
            told = now
            yield
        last = now


def state(sources: Sequence[Path]) -> str:
    """Differs when a file came, went, or was written; "" where a source is missing."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        for file in list_files(sources):
            stat = file.path.stat()
            line = f"{file.path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ino}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    except (SourceError, OSError):
        return ""
    return digest.hexdigest()
