"""A published generation, opened for reading: checked against its manifest, then its parts.

Not for ranking, nor for making one: see `build`.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from index.durable import checksums
from index.errors import DubhashiError, IndexDamaged, IndexMismatch, IndexNotFound
from index.layout import Layout
from index.manifest import NAME, Analysis, Manifest, read_manifest
from index.store.columns import Columns
from index.store.passages import PassageStore
from index.store.vectors import VectorStore

Verify = Literal["full", "size"]
_ATTEMPTS = 5


class Fingerprinted(Protocol):
    """As much of an encoder as tells whether it made an index."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...


class Generation:
    """One generation; use it in a `with`, or close it. While it is open no rebuild removes its files.

    `verify`: "full" compares every file's checksum (as fast as it is read); "size" their sizes, which finds truncation
    but no flipped bit. Raises IndexDamaged.
    """

    def __init__(self, folder: Path, verify: Verify = "full") -> None:
        self.folder = folder
        self._pin = _pin(folder)
        try:
            self.manifest: Manifest = read_manifest(folder)
            check_files(folder, self.manifest, verify)
            self.passages = PassageStore(folder / "passages.db")
            self.columns = Columns(folder)
            self._check_counts()
        except BaseException:
            os.close(self._pin)
            raise

    @property
    def number(self) -> int:
        return self.manifest.generation

    @cached_property
    def vectors(self) -> VectorStore:
        """Opened when first asked for: FAISS takes a tenth of a second to import."""
        vectors = VectorStore(self.folder)
        if (len(vectors), vectors.dimension) != (self.manifest.passages, self.manifest.encoder.dimension):
            raise IndexDamaged(
                f"{self.folder} has {len(vectors)} vectors of {vectors.dimension} for "
                f"{self.manifest.passages} passages and an encoder of {self.manifest.encoder.dimension}; "
                "run `dubhashi rebuild`"
            )
        return vectors

    @property
    def postings(self) -> Path:
        """The folder of the sparse leg's files."""
        return self.folder / "postings"

    def expect(self, encoder: Fingerprinted | None = None, analysis: Analysis | None = None) -> None:
        """IndexMismatch unless queries by this encoder and analysis fit; what is None is not compared."""
        made = self.manifest.encoder
        if encoder is not None and (encoder.fingerprint, encoder.dimension) != (
            made.fingerprint,
            made.dimension,
        ):
            if encoder.name == made.name:
                raise IndexMismatch(
                    f"the index was made with another version of the encoder {made.name} ({made.fingerprint}, this is "
                    f"{encoder.fingerprint}): run `dubhashi rebuild`"
                )
            raise IndexMismatch(
                f"the index was made with the encoder {made.name} ({made.fingerprint}), this is "
                f"{encoder.name} ({encoder.fingerprint}): search with `--encoder {made.name}`, or make the "
                f"index anew with `dubhashi rebuild --encoder {encoder.name}`"
            )
        was = self.manifest.analysis
        if analysis is not None and (analysis.analyser, analysis.lexicon) != (was.analyser, was.lexicon):
            raise IndexMismatch(
                "the index was made by another version of the text analysis (analyser "
                f"{was.analyser}, lexicon {was.lexicon}; here {analysis.analyser}, {analysis.lexicon}): "
                "run `dubhashi rebuild`"
            )

    def close(self) -> None:
        """Give all files back; only when nobody asks any more."""
        self.passages.close()
        if "vectors" in self.__dict__:
            self.vectors.close()
        if self._pin >= 0:
            os.close(self._pin)
            self._pin = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_counts(self) -> None:
        counts = {len(self.passages), len(self.columns), self.manifest.passages}
        if len(counts) > 1:
            raise IndexDamaged(
                f"the parts of {self.folder} differ in length: {counts}; run `dubhashi rebuild`"
            )


def open_generation(
    index_dir: Path,
    *,
    encoder: Fingerprinted | None = None,
    analysis: Analysis | None = None,
    verify: Verify = "full",
) -> Generation:
    """The one in use. Raises IndexNotFound, IndexDamaged or, as `Generation.expect` says, IndexMismatch."""
    layout = Layout(index_dir)
    for attempt in range(_ATTEMPTS):
        current = layout.current()
        try:
            generation = Generation(layout.folder(current.number), verify)
        except DubhashiError:
            if attempt + 1 < _ATTEMPTS and layout.current() != current:
                continue  # a rebuild switched and removed it meanwhile
            raise
        try:
            if generation.manifest.seal != current.seal:
                raise IndexDamaged(
                    f"{layout.current_file} and {generation.folder} do not belong together; "
                    "run `dubhashi rollback`"
                )
            generation.expect(encoder, analysis)
        except BaseException:
            generation.close()
            raise
        return generation
    raise IndexNotFound(f"the index in {index_dir} changes too fast to be opened; try again")


def open_again(index_dir: Path, number: int) -> Generation:
    """A generation that another process opened before, in use or not: only sizes are compared. Raises IndexDamaged."""
    return Generation(Layout(index_dir).folder(number), "size")


def check_files(folder: Path, manifest: Manifest, verify: Verify = "full") -> None:
    """IndexDamaged, naming the first file that is missing, of another size or of other content."""
    paths = {folder / name: info for name, info in manifest.files.items()}
    path = folder
    try:
        for path, info in paths.items():
            size = path.stat().st_size
            if size != info.size:
                raise IndexDamaged(f"{path} has {size} bytes instead of {info.size}; {_REMEDY}")
        for path, found in zip(paths, checksums(list(paths)) if verify == "full" else (), strict=False):
            if found != paths[path].checksum:
                raise IndexDamaged(f"{path} was altered: its checksum does not match; {_REMEDY}")
    except OSError as error:
        where = error.filename or path
        raise IndexDamaged(f"cannot read {where}: {error.strerror}; {_REMEDY}") from error


_REMEDY = "run `dubhashi rollback` for the generation before, or `dubhashi rebuild`"


def _pin(folder: Path) -> int:
    """A descriptor that says to `Layout.prune`: in use."""
    try:
        descriptor = os.open(folder / NAME, os.O_RDONLY)
    except OSError as error:
        raise IndexDamaged(f"cannot read {folder / NAME}: {error.strerror}; {_REMEDY}") from error
    with suppress(OSError):  # a file system without locks: rebuilds there may remove what is being read
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor
