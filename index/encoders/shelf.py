"""The shelf: where slim and installed models lie on this machine, and what a slim one says of itself.

    <shelf>/<name>/slim.json       what it is, with a checksum of every other file
    <shelf>/<name>/model.xml, model.bin, tokenizer.json

Not for the hub's cache (`hub`), and not for running a model (`openvino`). Imports nothing heavy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import regex

from index.durable import replace as write_whole
from index.encoders.hub import has_weights
from index.encoders.place import shelf
from index.errors import EncoderError, SettingsError

SLIM = "slim.json"
NETWORK, WEIGHTS, TOKENIZER = "model.xml", "model.bin", "tokenizer.json"
FILES = (NETWORK, WEIGHTS, TOKENIZER)
_FORMAT = 1
_NAME = regex.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Slim:
    """What `slim.json` says. `max_length` counts pieces with the special ones; `files` are sha256 by name.

    `verified` is empty until `dubhashi model verify` measured the model, then its figures, with `passed`.
    """

    source: str
    revision: str
    precision: str
    dimension: int
    max_length: int
    pieces: int
    source_pieces: int
    pooling: str
    prompts: Mapping[str, str]
    files: Mapping[str, str]
    verified: Mapping[str, Any] = field(default_factory=dict)
    format: int = _FORMAT

    def write(self, folder: Path) -> None:
        body = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(folder / SLIM, body.encode() + b"\n")

    def with_verdict(self, verified: Mapping[str, Any]) -> Slim:
        return replace(self, verified=dict(verified))


def read_slim(folder: Path) -> Slim:
    """Raises EncoderError where it is not what this program writes."""
    path = folder / SLIM
    try:
        body = json.loads(path.read_bytes())
        if body["format"] != _FORMAT:
            raise ValueError(f"of format {body['format']}, this program reads {_FORMAT}")
        found = Slim(**body)
        if set(found.files) != set(FILES):
            raise ValueError("it does not name the files of a slim model")
        _check_kinds(found)
        return found
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise EncoderError(f"{path} cannot be read ({error}). Make or install the model again.") from error


def _check_kinds(slim: Slim) -> None:
    """Raises ValueError: the file may have been written by anybody."""
    for name in ("dimension", "max_length", "pieces", "source_pieces"):
        value = getattr(slim, name)
        if type(value) is not int or value < 1:
            raise ValueError(f"its {name} is no number from 1 on")
    for name in ("source", "revision", "precision", "pooling"):
        if not isinstance(getattr(slim, name), str):
            raise ValueError(f"its {name} is no text")
    for name in ("prompts", "files"):
        if not all(isinstance(value, str) for value in dict(getattr(slim, name)).values()):
            raise ValueError(f"its {name} are no texts by name")
    if not isinstance(slim.verified, dict) or slim.verified.get("passed") not in (None, True, False):
        raise ValueError("its verified is nothing that a verification says")


def is_slim(folder: Path) -> bool:
    return (folder / SLIM).is_file()


def checked_name(name: str) -> str:
    """A name under which a model can stand on the shelf. Raises SettingsError."""
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name!r} is no name for a model here: give letters, digits, points and hyphens, a letter or digit first"
        )
    return name


def shelved() -> dict[str, Path]:
    """Slim and whole models on the shelf, by name."""
    try:
        folders = sorted(path for path in shelf().iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return {}
    return {path.name: path for path in folders if is_slim(path) or has_weights(path)}


def size_of(folder: Path) -> int:
    """Bytes of all its files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def free_space(folder: Path) -> int:
    """Bytes that can still be written where `folder` is, or will be."""
    while not folder.exists():
        folder = folder.parent
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize
