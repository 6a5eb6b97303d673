"""A float16 matrix of a safetensors file, mapped from disk: nothing is read until it is used.

Not for other types or for writing. The format: eight bytes of header length, a JSON header, the data.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError


def open_table(path: Path, key: str) -> NDArray[np.float16]:
    """Raises EncoderError where the file is not what its header says."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            entry = json.loads(file.read(size))[key]
        rows, columns = entry["shape"]
        start, end = entry["data_offsets"]
        if entry["dtype"] != "F16" or end - start != rows * columns * 2:
            raise ValueError(f"{key} is not a float16 matrix")
        mapped = np.memmap(path, np.float16, "r", offset=8 + size + start, shape=(rows, columns))
        return mapped.view(np.ndarray)  # the plain class is indexed several times faster
    except (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise EncoderError(f"{path} is damaged ({error}). Reinstall dubhashi.") from error
