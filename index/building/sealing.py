"""The files of a generation put safely on the disk, with what they must look like from now on.

Large ones are begun as soon as they are whole, in threads of their own, while others are still written.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from index.durable import checksum, sync_file, sync_folder
from index.manifest import NAME, FileInfo


class Sealing:
    """Use it in a `with`: it ends its threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(os.cpu_count(), "sealing")
        self._begun: dict[Path, Future[FileInfo]] = {}

    def begin(self, path: Path) -> None:
        """This file does not change any more."""
        self._begun[path] = self._pool.submit(_sealed, path)

    def finish(self) -> dict[str, FileInfo]:
        """All files by their path below the folder. Raises OSError."""
        paths = [path for path in sorted(self._folder.rglob("*")) if path.name != NAME]
        files = [path for path in paths if path.is_file()]
        for path in sorted(files, key=lambda path: -path.stat().st_size):
            if path not in self._begun:
                self.begin(path)
        for path in paths:
            if path.is_dir():
                sync_folder(path)
        return {path.relative_to(self._folder).as_posix(): self._begun[path].result() for path in files}

    def __enter__(self) -> Sealing:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def _sealed(path: Path) -> FileInfo:
    sync_file(path)
    return FileInfo(path.stat().st_size, checksum(path))
