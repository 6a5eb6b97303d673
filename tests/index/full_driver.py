"""Rebuilds on a disk that becomes full at random points. Forks, and prints one line.

python -m tests.index.full_driver FOLDER POINTS SEED [EVERY]

EVERY as in `crash_driver`. Root gets a disk in memory that no other process sees; others, or where none can be mounted,
a limit on the size of a file.
"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import faiss

from index.errors import IndexError_
from tests.index.crash_driver import build, version_in_use
from tests.index.killing import in_child

_NEW_MOUNTS = 0x20000  # CLONE_NEWNS
_REFUSED = 3
Limit = Callable[[int], None]


def disk(at: Path) -> Limit | None:
    """A disk mounted there, for this process and its children; what is given back leaves so many bytes free."""
    at.mkdir()
    if os.geteuid() or ctypes.CDLL(None).unshare(_NEW_MOUNTS):
        return None
    private = subprocess.run(["mount", "--make-rprivate", "/"], check=False)
    if private.returncode or subprocess.run(["mount", "-t", "tmpfs", "none", at], check=False).returncode:
        return None

    def leave(free: int) -> None:
        room = os.statvfs(at)
        used = (room.f_blocks - room.f_bfree) * room.f_frsize
        subprocess.run(["mount", "-o", f"remount,size={used + free}", at], check=True)

    return leave


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def tried(work: Callable[[], object]) -> None:
    """Ends the process where the disk is full, and was said to be."""
    try:
        work()
    except IndexError_ as error:
        assert "make room on the disk" in str(error) and "What was in use before still is" in str(error), (
            error
        )
        os._exit(_REFUSED)


def main(folder: Path, points: int, seed: int, every: int = 1) -> None:
    faiss.omp_set_num_threads(1)  # a child that forks from threads would hang
    chance, index = random.Random(seed), folder / "index"
    limit = disk(index)
    for version in range(2):
        assert in_child(lambda version=version: build(folder, version, every)) == 0
    files = [path for path in (index / "generations/2").rglob("*") if path.is_file()]
    most = 2 * (
        sum(path.stat().st_size + 4096 for path in files) if limit else max(map(os.path.getsize, files))
    )
    refused = done = 0
    before, version = 1, 1
    while refused < points:
        version += 1
        assert version < 20 * points, "the disk is hardly ever full"
        free = chance.randrange(4096, most)

        def work(version: int = version, free: int = free) -> None:
            tried(lambda: build(folder, version, every, lambda: (limit or limit_files)(free)))

        ended = in_child(work)
        if limit:
            limit(64 << 20)
        assert ended in (0, _REFUSED), ended
        now = version_in_use(folder, every)
        assert now == (before if ended else version), (before, version, now)
        left = sorted(path.name for path in (index / "generations").iterdir())
        assert len(left) == 2 and not list(folder.rglob(".tmp-*")), left
        refused, done, before = refused + (ended == _REFUSED), done + (not ended), now
    print(f"{'disk' if limit else 'file'} full {refused} enough {done}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
