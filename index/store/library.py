"""FAISS, which is imported in this file only: when first asked for, since it costs as much as a whole cold start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.errors import IndexDamaged


def faiss() -> Any:
    """The library."""
    import faiss as library

    return library


def read(path: Path) -> Any:
    """An index, mapped where its kind can be. Check the file first: FAISS does not. Raises IndexDamaged."""
    library = faiss()
    try:
        return library.read_index(str(path), library.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise IndexDamaged(f"cannot read {path}: {error}; rebuild the index") from error


def write(index: Any, path: Path) -> None:
    """OSError if the disk is full."""
    try:
        faiss().write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(f"cannot write {path}: {error}") from error
