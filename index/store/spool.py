"""Rows that wait in a file until their number is known, which decides how they are indexed.

Not for searching: see `vectors`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

_CHUNK_ROWS = 16_384
_LENGTH_TOLERANCE = 1e-2


class Spool:
    """Takes an encoder's rows in order, as float16; the file is gone after `close`."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._file = path.open("wb")
        self._silent: list[NDArray[np.intp]] = []
        self.count = 0

    def add(self, rows: NDArray[np.float32]) -> None:
        """Unit rows, or zeros where the encoder saw nothing; EncoderError for anything else."""
        if rows.ndim != 2 or rows.shape[1] != self._dimension:
            raise EncoderError(f"the encoder gave rows of shape {rows.shape}, not (n, {self._dimension})")
        lengths = np.linalg.norm(rows, axis=1)
        silent = lengths == 0
        fit = silent | (np.abs(lengths - 1) < _LENGTH_TOLERANCE)
        if not fit.all():
            bad = int(fit.argmin())
            raise EncoderError(
                f"the encoder gave passage {self.count + bad} a vector of length {lengths[bad]:.3g}, not 1"
            )
        self._silent.append(np.flatnonzero(silent) + self.count)
        self.count += len(rows)
        self._file.write(rows.astype(np.float16).tobytes())

    @property
    def silent(self) -> NDArray[np.uint32]:
        """The places of the rows of zeros, ascending."""
        return np.concatenate([*self._silent, np.zeros(0, np.intp)]).astype(np.uint32)

    def chunks(self, every: int = 1) -> Iterator[NDArray[np.float32]]:
        """All rows, or every so many of them, some thousand at a time."""
        self._file.flush()
        with self._path.open("rb") as file:
            while data := file.read(_CHUNK_ROWS * self._dimension * 2):
                yield np.frombuffer(data, np.float16).reshape(-1, self._dimension)[::every].astype(np.float32)

    def close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
