"""What a generation says about itself: `manifest.json`, sealed by a checksum of its own.

Not for the sources it was made from file by file: see `inventory`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.durable import replace
from index.errors import IndexDamaged, IndexMismatch

SCHEMA = 2
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """Which encoder made the vectors; queries must be encoded by one of the same fingerprint.

    `about` is for people: source, revision, precision, pooling and prompts, as far as the encoder has them.
    """

    name: str
    fingerprint: str
    dimension: int
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """How texts were understood. `analyser` and `lexicon` must be the searcher's own; `splitter` need not."""

    analyser: str
    splitter: str
    lexicon: str


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What `index.durable.checksum` says of a file."""

    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are named by their path below the generation's folder; `languages` counts passages.

    `created` is ISO 8601 in UTC; `vectors` is the kind of the vector index. `sources` are absolute paths of
    the machine that made the index: not for its users.
    """

    generation: int
    created: str
    tool: str
    encoder: EncoderInfo
    analysis: Analysis
    vectors: str
    documents: int
    passages: int
    languages: Mapping[str, int]
    sources: tuple[str, ...]
    files: Mapping[str, FileInfo]
    schema: int = SCHEMA

    @property
    def seal(self) -> str:
        """A checksum of everything above."""
        return _seal(json.loads(json.dumps(asdict(self))))

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files.values())

    def write(self, folder: Path) -> None:
        body = json.dumps({**asdict(self), "seal": self.seal}, ensure_ascii=False, indent=1, sort_keys=True)
        replace(folder / NAME, body.encode() + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """IndexDamaged if it is missing or altered, IndexMismatch if another version of the program wrote it."""
    path = folder / NAME
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise IndexDamaged(f"cannot read {path}: {error}; {_REMEDY}") from error
    return parse_manifest(body, path)


def parse_manifest(body: Any, path: Path) -> Manifest:
    """What `path` says, if its seal holds. Raises as `read_manifest` does."""
    try:
        body = dict(body)
        seal, schema = body.pop("seal"), body["schema"]
        if schema == SCHEMA and seal == _seal(body):
            return _manifest(body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"cannot read {path}: {error or type(error).__name__}; {_REMEDY}") from error
    if seal == _seal(body):
        raise IndexMismatch(
            f"{path} has the format {schema}, this program reads {SCHEMA}: "
            "run `dubhashi rebuild`, or use the version that made it"
        )
    raise IndexDamaged(f"{path} was altered: its seal does not match; {_REMEDY}")


_REMEDY = "run `dubhashi rollback` for the generation before, or `dubhashi rebuild`"


def _seal(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def _manifest(body: dict[str, Any]) -> Manifest:
    """The seal holds, so the body is as this program wrote it."""
    body["encoder"] = EncoderInfo(**body["encoder"])
    body["analysis"] = Analysis(**body["analysis"])
    body["sources"] = tuple(body["sources"])
    body["files"] = {name: FileInfo(**info) for name, info in body["files"].items()}
    return Manifest(**body)
