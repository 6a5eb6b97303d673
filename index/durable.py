"""Writing so that a power cut leaves the old file or the new one, never half of either.

Not for what the files hold.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import xxhash

_MUCH = 64 << 20  # bytes


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


sync_folder = sync_file  # a folder's entries are synced like a file's content


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and for good."""
    temporary = path.with_name(f".tmp-{path.name}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def checksums(paths: Sequence[Path]) -> list[str]:
    """The checksum of each; by a thread a core if there is much to read, since hashing lets go of Python's lock."""
    sizes = {path: path.stat().st_size for path in paths}
    if sum(sizes.values()) < _MUCH:
        return list(map(checksum, paths))
    from concurrent.futures import ThreadPoolExecutor  # a cold search of a small index does without

    largest_first = sorted(paths, key=sizes.__getitem__, reverse=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(largest_first, pool.map(checksum, largest_first), strict=True))
    return [found[path] for path in paths]


def checksum(path: Path) -> str:
    """XXH3 of the content, 128 bits as 32 hexadecimal digits: against accidents, not against forgers."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, xxhash.xxh3_128).hexdigest()
