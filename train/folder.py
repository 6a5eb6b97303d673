"""Writes a table and its tokeniser as the folder that is shipped: four bits a number, and checksums.

Not for reading it: the program does that in `index.encoders.bridge`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from tokenizers import Tokenizer

from index.encoders.bridge import FORMAT
from index.encoders.table import CODES, LEVELS, SCALES

_ROUNDS = 3  # of choosing levels for a scale and a scale for the levels


def write_folder(out: Path, table: np.ndarray, tokenizer: Tokenizer, *, trained: str) -> None:
    """`trained` says from what, in one line. Files are mode 644; `bridge.json` has the checksums."""
    out.mkdir(parents=True, exist_ok=True)
    codes, scales = packed(table)
    files = {
        "model.safetensors": save({CODES: codes, SCALES: scales}),
        "tokenizer.json": json.dumps(
            json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")
        ).encode(),
    }
    about = {
        "format": FORMAT,
        "dimension": table.shape[1],
        "pieces": table.shape[0],
        "trained": trained,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files["bridge.json"] = (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
    for name, content in files.items():
        (out / name).write_bytes(content)
        (out / name).chmod(0o644)


def packed(table: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """The codes and scales of an even number of columns: see `index.encoders.table`. The largest scale becomes 1,
    since directions are all that counts.

    >>> codes, scales = packed(np.float32([[1, -1], [3, -3]]))
    >>> codes.tolist(), scales.astype(float).round(2).tolist()
    ([[75], [75]], [0.33, 1.0])
    """
    between = (LEVELS[1:] + LEVELS[:-1]) / 2
    scales = np.sqrt(np.mean(table**2, axis=1))
    for _ in range(_ROUNDS):
        codes = np.searchsorted(between, table / np.maximum(scales, 1e-30)[:, None]).astype(np.uint8)
        chosen = LEVELS[codes]
        scales = np.einsum("ij,ij->i", table, chosen) / np.einsum("ij,ij->i", chosen, chosen)
    half = table.shape[1] // 2
    return codes[:, :half] | codes[:, half:] << 4, (scales / scales.max()).astype(np.float16)
