"""Rows that wait in a file until their number is known, which decides how they are indexed.

Not for searching: see `vectors`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

Rows = NDArray[np.float16]

BLOCK_ROWS = 16_384
_LENGTH_TOLERANCE = 1e-2


class Spool:
    """Takes an encoder's rows in order, as float16; the file is gone after `close`."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._file = path.open("wb")
        self._silent: list[NDArray[np.intp]] = []
        self._spooled = 0  # rows in the file
        self._kept: list[tuple[int, Rows]] = []  # rows that lie elsewhere, and how many come before
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
        self._spooled += len(rows)
        self._file.write(rows.astype(np.float16).tobytes())

    @property
    def silent(self) -> NDArray[np.uint32]:
        """The places of the rows of zeros, ascending."""
        return np.concatenate([*self._silent, np.zeros(0, np.intp)]).astype(np.uint32)

    def keep(self, earlier: Rows, silent: NDArray[np.integer]) -> None:
        """The next rows are these, stored before; `silent` are the places of rows of zeros among them."""
        self._kept.append((self._spooled, earlier))
        self._silent.append(silent.astype(np.intp) + self.count)
        self.count += len(earlier)

    def blocks(self) -> Iterator[Rows]:
        """All rows, BLOCK_ROWS at a time. A block is good until the next."""
        block, filled = np.empty((BLOCK_ROWS, self._dimension), np.float16), 0
        for rows in self.runs():
            while len(rows):
                taken = min(len(rows), BLOCK_ROWS - filled)
                block[filled : filled + taken] = rows[:taken]
                rows, filled = rows[taken:], filled + taken
                if filled == BLOCK_ROWS:
                    yield block
                    filled = 0
        if filled:
            yield block[:filled]

    def sample(self, about: int) -> NDArray[np.float32]:
        """About so many rows, less than twice as many, from all over; all where there are fewer."""
        step, at, found = max(1, self.count // about), 0, []
        for rows in self.runs():
            found.append(rows[-at % step :: step].astype(np.float32))
            at += len(rows)
        return np.concatenate(found)

    def runs(self) -> Iterator[Rows]:
        """All rows, in pieces as they lie in the file or elsewhere."""
        self._file.flush()
        read = 0
        with self._path.open("rb") as file:
            for place, earlier in [*self._kept, (self._spooled, None)]:
                while read < place:
                    number = min(place - read, BLOCK_ROWS)
                    data = file.read(number * self._dimension * 2)
                    yield np.frombuffer(data, np.float16).reshape(number, -1)
                    read += number
                if earlier is not None:
                    yield earlier

    def close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
