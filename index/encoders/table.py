"""A matrix of four bits a number in a safetensors file, mapped from disk: nothing is read until it is used.

Each row has a scale and, for each of its numbers, one of sixteen levels: the best ones for numbers that are spread
as a bell (Max 1960, https://doi.org/10.1109/TIT.1960.1057548). A sum of rows keeps its direction: a single row's cosine
with what it was is .995. Not for other types or for writing, which is `train.folder`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

_KINDS: dict[str, np.dtype[Any]] = {"U8": np.dtype(np.uint8), "F16": np.dtype(np.float16)}
CODES, SCALES = "embedding.codes", "embedding.scales"
_HALF = np.array([0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0691, 2.7326], np.float32)
LEVELS: NDArray[np.float32] = np.concatenate([-_HALF[::-1], _HALF])


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

    def rows(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """
        >>> rows = Table(np.uint8([[0x8F, 0x70]]), np.float16([2])).rows([0])
        >>> (rows / 2).tolist() == [LEVELS[[15, 0, 8, 7]].tolist()]
        True
        """
        codes = self._codes[numbers]
        levels = LEVELS[np.concatenate([codes & 15, codes >> 4], axis=1)]
        rows: NDArray[np.float32] = levels * self._scales[numbers].astype(np.float32)[:, None]
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
