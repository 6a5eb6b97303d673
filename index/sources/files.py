"""Which files belong to a source, and what documents in them are called.

Not for reading them: a reader a kind of file does that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import xxhash

from index.errors import SourceError
from index.types import Document

SUFFIXES = {
    ".txt": "plain", ".text": "plain", ".md": "markdown", ".markdown": "markdown",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip

_PIECE = 1 << 20  # bytes
_TOGETHER = 1 << 12  # lines


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`name` is the path below the source: users of the index may see it, but never `path`.

    `stem` is the name without suffix, after the source's own name if there are several; ids begin with it.
    """

    path: Path
    name: str
    stem: str
    size: int = 0

    @property
    def kind(self) -> str:
        return SUFFIXES[self.path.suffix.lower()]

    def digest(self) -> str:
        """Of the content, so that a touched file counts as unchanged. OSError for a pipe: reading it may never end."""
        if not self.path.is_file():
            raise FileNotFoundError(f"{self.path} is gone, or no plain file")
        digest = xxhash.xxh3_128()
        with self.path.open("rb", buffering=0) as file:
            while data := file.read(_PIECE):  # `file_digest` makes a buffer of a quarter of a megabyte a file
                digest.update(data)
        return digest.hexdigest()


class Found(NamedTuple):
    """A document, its line and the bytes read up to there; both 0 where the file is one document.

    `key` is equal for lines that give the same document without any problem; "" where there is none.
    """

    line: int
    document: Document
    read: int = 0
    key: str = ""


class Known(NamedTuple):
    """The ids of the documents that a file gave before, and their numbers by the keys of their lines."""

    ids: Sequence[str] = ()
    by_key: Mapping[str, int] = MappingProxyType({})


NOTHING_KNOWN = Known()


class Same(NamedTuple):
    """Lines one after the other that were not looked at: by their keys they give so many known documents, one after the
    other too, from number `first` on."""

    line: int
    first: int
    number: int
    read: int

    def followed_by(self, other: Same) -> bool:
        return (self.line + self.number, self.first + self.number) == (other.line, other.first)


def together(found: Iterable[Found | Same]) -> Iterator[Found | Same]:
    """Lines that follow on each other as one, up to some thousands: so many are done with at once.

    Those before a fault are given before it is raised.
    """
    run: Same | None = None
    try:
        for one in found:
            if isinstance(one, Same) and run and run.followed_by(one) and run.number < _TOGETHER:
                run = Same(run.line, run.first, run.number + one.number, one.read)
                continue
            if run:
                yield run
            run = one if isinstance(one, Same) else None
            if run is None:
                yield one
    except Exception:
        if run:
            yield run
        raise
    if run:
        yield run


def list_files(sources: Sequence[Path]) -> list[SourceFile]:
    """Every readable file of the sources, a source after the other, sorted by name within it.

    Folders are searched to any depth, links to folders too, but not one back to a folder that it is in. Hidden files
    and folders, files of other kinds, and the queries and judgements of a folder in BEIR form (`queries.jsonl`
    beside `qrels/`) are passed over.
    """
    if not sources:
        raise SourceError("no source given: name a file or folder to index")
    labels = _labels(sources)
    return [file for source, label in zip(sources, labels, strict=True) for file in _files_of(source, label)]


def _labels(sources: Sequence[Path]) -> list[str]:
    """What ids of each source begin with: nothing for a single one, else its name, numbered if shared."""
    if len(sources) == 1:
        return [""]
    labels: list[str] = []
    for source in sources:
        name = source.resolve().name
        base = _without_suffix(name) if source.is_file() else name
        label, count = base, 1
        while label in labels:
            count += 1
            label = f"{base}-{count}"
        labels.append(label)
    return labels


def _files_of(source: Path, label: str) -> Iterator[SourceFile]:
    if source.is_file():
        if source.suffix.lower() not in SUFFIXES:
            raise SourceError(f"cannot read {source}: only {', '.join(SUFFIXES)} files are understood")
        yield SourceFile(source, source.name, label or _without_suffix(source.name), _size(source))
    elif source.is_dir():
        prefix = f"{label}/" if label else ""
        for name in sorted(_walk(source)):
            path = source / name
            yield SourceFile(path, name, prefix + _without_suffix(name), _size(path))
    else:
        raise SourceError(f"there is no file or folder {source}: check the path")


def _walk(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        beir = "queries.jsonl" in names and "qrels" in folders
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not (beir and name == "qrels") and not _leads_back(parent, name)
        ]
        below = Path(parent).relative_to(folder).as_posix()
        for name in names:
            if name.startswith(".") or (beir and name == "queries.jsonl"):
                continue
            if f".{name.rpartition('.')[2].lower()}" in SUFFIXES:
                yield name if below == "." else f"{below}/{name}"


def _leads_back(parent: str, name: str) -> bool:
    """Whether a link leads to a folder in which it lies itself: following it would not end."""
    path = Path(parent, name)
    return path.is_symlink() and Path(parent).resolve().is_relative_to(path.resolve())


def _refuse(error: OSError) -> None:
    raise SourceError(f"cannot list {error.filename}: {error.strerror}; check its permissions") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # whoever reads it will say so
        return 0


def _without_suffix(name: str) -> str:
    return name.rpartition(".")[0]
