"""Arrays on disk, mapped: what every reader of a generation's `.npy` files shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged


def load(path: Path) -> NDArray[Any]:
    """An array mapped from its file; an empty one, which cannot be mapped, is read. Raises IndexDamaged."""
    try:
        try:
            return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
        except ValueError:
            return np.load(path, allow_pickle=False)  # type: ignore[no-any-return]
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"cannot read {path}: {error}; rebuild the index") from error
