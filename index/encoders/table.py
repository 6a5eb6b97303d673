"""A matrix of four bits a number in a safetensors file, mapped from disk: nothing is read until it is used.

Each row has a scale and, for each of its numbers, one of sixteen levels: the best ones for numbers that are spread
as a bell (Max 1960, https://doi.org/10.1109/TIT.1960.1057548). A sum of rows keeps its direction: a single row's cosine
with what it was is .995. Not for other types or for writing, which is `train.folder`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

_KINDS: dict[str, np.dtype[Any]] = {"U8": np.dtype(np.uint8), "F16": np.dtype(np.float16)}
CODES, SCALES = "embedding.codes", "embedding.scales"
_HALF = np.array([0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0691, 2.7326], np.float32)
LEVELS: NDArray[np.float32] = np.concatenate([-_HALF[::-1], _HALF])


# What a byte says: two numbers beside each other, moved as one.
_PAIRS = np.stack([LEVELS[np.arange(256) & 15], LEVELS[np.arange(256) >> 4]], axis=1).view(np.int64)[:, 0]
_STRETCH = 1 << 12  # rows worked out or summed at once: bounds the memory that many of them take
_FEW = 1 << 10  # rows


class Table:
    """Rows of `dimension` float32 numbers. The codes of number `j` and of number `j + dimension / 2` share a byte, the
    former in its lower half."""

    def __init__(self, codes: NDArray[np.uint8], scales: NDArray[np.float16]) -> None:
        self._codes, self._scales = codes, scales

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def dimension(self) -> int:
        return 2 * int(self._codes.shape[1])

    def sums(self, numbers: NDArray[np.intp], ends: Sequence[int]) -> NDArray[np.float32]:
        """Sums of rows: the first of the first `ends[0]` of the `numbers`, the next of those up to `ends[1]`, …

        However often a number comes, its row is worked out once.

        >>> table = Table(np.uint8([[0x8F, 0x70], [0x00, 0x00]]), np.float16([2, 1]))
        >>> sums = table.sums(np.array([0, 0, 1]), [2, 3])
        >>> sums[0].tolist() == (4 * LEVELS[[15, 0, 8, 7]]).tolist(), sums[1].tolist() == 4 * [LEVELS[0]]
        (True, True)
        """
        distinct, places = self._distinct(numbers)
        rows = self._paired(distinct)
        sums = np.zeros((len(ends), self.dimension), np.float32)
        for total, (start, end) in zip(sums, pairwise([0, *ends]), strict=True):
            for first in range(start, end, _STRETCH):
                total += rows[places[first : min(first + _STRETCH, end)]].sum(axis=0)
        halves: NDArray[np.float32] = (
            sums.reshape(len(ends), self._codes.shape[1], 2).swapaxes(1, 2).reshape(sums.shape)
        )
        return halves

    def _distinct(self, numbers: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Numbers that have all of these among them, and where each is there. Of few, as a question's are, to find out
        which come again would take longer than to work their rows out again."""
        if len(numbers) <= _FEW:
            return numbers, np.arange(len(numbers))
        named = np.zeros(len(self), np.bool_)
        named[numbers] = True
        distinct = np.flatnonzero(named)
        place = np.empty(len(self), np.intp)  # that of other numbers than these is never read
        place[distinct] = np.arange(len(distinct))
        return distinct, place[numbers]

    def _paired(self, numbers: NDArray[np.intp]) -> NDArray[np.float32]:
        """Rows whose numbers are in the order of the bytes: number `j + dimension / 2` beside number `j`."""
        rows = np.empty((len(numbers), self.dimension), np.float32)
        for first in range(0, len(numbers), _STRETCH):
            part = numbers[first : first + _STRETCH]
            levels = _PAIRS.take(self._codes[part]).view(np.float32)
            scales = self._scales[part].astype(np.float32)[:, None]
            np.multiply(levels, scales, out=rows[first : first + len(part)])
        return rows


def open_table(path: Path) -> Table:
    """Raises EncoderError where the file is not what its header says."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            entries = json.loads(file.read(size))
        codes = _mapped(path, 8 + size, entries[CODES], "U8")
        scales = _mapped(path, 8 + size, entries[SCALES], "F16")
        if codes.ndim != 2 or scales.shape != codes.shape[:1]:
            raise ValueError(f"{codes.shape} codes for {scales.shape} scales")
        return Table(codes, scales)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise EncoderError(f"{path} is damaged ({error}). Reinstall dubhashi.") from error


def _mapped(path: Path, data: int, entry: dict[str, Any], kind: str) -> NDArray[Any]:
    """The tensor of a header's entry; `data` is where in the file the tensors begin."""
    shape, (start, end) = tuple(entry["shape"]), entry["data_offsets"]
    numbers = _KINDS[kind]
    if entry["dtype"] != kind or end - start != int(np.prod(shape)) * numbers.itemsize:
        raise ValueError(f"{end - start} bytes are not {shape} of {kind}")
    mapped: NDArray[Any] = np.memmap(path, numbers, "r", offset=data + start, shape=shape)
    return mapped.view(np.ndarray)  # the plain class is indexed several times faster
