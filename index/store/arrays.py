"""Arrays on disk, mapped: what every reader and writer of a generation's `.npy` files shares."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged


def load(path: Path) -> NDArray[Any]:
    """An array mapped from its file; an empty one, which cannot be mapped, is read. Raises IndexDamaged."""
    try:
        try:
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # still mapped; a plain array is cut several times faster than a memmap
        except ValueError:
            return np.load(path, allow_pickle=False)  # type: ignore[no-any-return]
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"cannot read {path}: {error}; rebuild the index") from error


def create(path: Path, dtype: type, size: int) -> Any:
    """A mapped array; numpy cannot map an empty one, so an empty corpus still gets a row.

    Its space is reserved first: a mapped file on a full disk would end the process instead of raising OSError.
    Nothing of it is on the disk for certain before an fsync of the file.
    """
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1) * np.dtype(dtype).itemsize + 4096)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(max(size, 1),))
