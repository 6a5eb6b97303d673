"""Where the parts of an index lie, and which generation is the one in use.

    <index>/CURRENT              number and seal of the generation in use, replaced atomically
    <index>/generations/<n>/     a generation; never changed after it got this name
    <index>/generations/.tmp-…   one being written, or what a crash left of one
    <index>/cache.db             vectors already paid for
    <index>/.lock                held by the one rebuild

Not for what is in a generation: see `generation`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.durable import replace, sync_folder
from index.errors import IndexDamaged, IndexNotFound
from index.manifest import NAME

_TEMPORARY = ".tmp-"


class Current(NamedTuple):
    """What CURRENT says: a generation and the seal of its manifest."""

    number: int
    seal: str


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def current_file(self) -> Path:
        return self.root / "CURRENT"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def lock_file(self) -> Path:
        return self.root / ".lock"

    @property
    def cache_file(self) -> Path:
        return self.root / "cache.db"

    def folder(self, number: int) -> Path:
        return self.generations / str(number)

    def numbers(self) -> list[int]:
        """The generations on disk, ascending, the one in use or not."""
        try:
            names = [path.name for path in self.generations.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def current(self) -> Current:
        """IndexNotFound if nothing was published yet, IndexDamaged if CURRENT says nothing."""
        try:
            number, seal = self.current_file.read_text("utf-8").split()
            return Current(int(number), seal)
        except FileNotFoundError as error:
            raise IndexNotFound(
                f"there is no index in {self.root}: "
                f"make one with `dubhashi rebuild SOURCE --index {self.root}`"
            ) from error
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"cannot read {self.current_file}: {error}; run `dubhashi rollback` or `dubhashi rebuild`"
            ) from error

    def temporary(self, number: int) -> Path:
        """A new folder to write a generation in."""
        folder = self.generations / f"{_TEMPORARY}{number}"
        folder.mkdir(parents=True)
        return folder

    def publish(self, temporary: Path, current: Current) -> None:
        """Give a finished generation its name and put it in use; if that cannot be written, nothing of it stays."""
        sync_folder(temporary)
        temporary.rename(self.folder(current.number))
        try:
            sync_folder(self.generations)
            self.switch(current)
        except BaseException:
            in_use = None
            with suppress(IndexDamaged, IndexNotFound):
                in_use = self.current()
            if in_use != current:
                self._drop(current.number)
            raise

    def switch(self, current: Current) -> None:
        """The one step by which readers see another generation."""
        replace(self.current_file, f"{current.number} {current.seal}\n".encode())

    def clean(self) -> None:
        """Remove what crashed rebuilds left. Only under the lock."""
        for folder in (self.root, self.generations):
            for leftover in folder.glob(f"{_TEMPORARY}*"):
                _remove(leftover)

    def prune(self, keep: Collection[int]) -> None:
        """Remove the other generations, except those that a process still reads. Only under the lock."""
        for number in self.numbers():
            if number not in keep:
                self._drop(number)

    def _drop(self, number: int) -> None:
        folder = self.folder(number)
        with suppress(OSError):
            descriptor = os.open(folder / NAME, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                os.close(descriptor)
        removed = self.generations / f"{_TEMPORARY}{number}-removed"  # so that no crash leaves half of it
        with suppress(OSError):
            folder.rename(removed)
            _remove(removed)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
