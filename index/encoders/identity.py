"""What identifies a model on disk: a digest of the files that decide its vectors.

Not a checksum against damage: of a large weights file only the header and samples are read. LaBSE's weights
are 1.9 GB, too much to hash at every start; training changes nearly every value, so that 64 samples of 64 KiB
tell two models apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from index.encoders.hub import weight_files

_SAMPLES = 64
_SAMPLE = 1 << 16
# Tokeniser, pooling, module list, prompts and transformer settings; a README does not count.
_DECIDING = ("*.json", "vocab.txt", "merges.txt", "*.model", "*_*/*.json")


def model_fingerprint(folder: Path) -> str:
    """16 hexadecimal digits; the same wherever the folder lies and whenever it was copied."""
    digest = hashlib.sha256()
    weights = _preferred(set(weight_files(folder)))
    for path in sorted(
        set(_settings(folder)) | weights, key=lambda path: path.relative_to(folder).as_posix()
    ):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        for block in _blocks(path):
            digest.update(block)
    return digest.hexdigest()[:16]


def _settings(folder: Path) -> Iterator[Path]:
    for pattern in _DECIDING:
        yield from (path for path in folder.glob(pattern) if path.is_file() and _is_read(path, folder))


def _is_read(path: Path, folder: Path) -> bool:
    return path.parent == folder or path.parent.name[:1].isdigit()


def _preferred(weights: set[Path]) -> set[Path]:
    """A folder with safetensors is loaded from them; its older .bin twin may come or go."""
    modern = {path.parent for path in weights if path.suffix == ".safetensors"}
    return {path for path in weights if path.suffix == ".safetensors" or path.parent not in modern}


def _blocks(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _SAMPLES * _SAMPLE:
            yield file.read()
            return
        for number in range(_SAMPLES):  # the first has the header, the last the end
            file.seek(number * (size - _SAMPLE) // (_SAMPLES - 1))
            yield file.read(_SAMPLE)
