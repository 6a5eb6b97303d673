"""`dubhashi model bundle` and `install`: a model as one file, a ZIP whose first entry has every checksum.

Nothing is stored compressed: weights hardly shrink. What could run code (pickles, Python) is neither
bundled nor installed. Not for what the files hold.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import IO

import regex

from index.durable import sync_file, sync_folder
from index.encoders.hub import has_weights
from index.encoders.place import shelf
from index.encoders.shelf import FILES, SLIM, checked_name, free_space, is_slim, read_slim
from index.errors import EncoderError, ModelNotFound, SourceError
from index.slim.slim import digest

_LIST = "bundle.json"
_FORMAT = 1
_PART = regex.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_HARMLESS = (".json", ".txt", ".safetensors", ".model")
_LIST_LIMIT = 1 << 20
_BLOCK = 1 << 20
_DATE = (1980, 1, 1, 0, 0, 0)  # the same model gives the same file


def bundle(name: str, folder: Path, target: Path) -> Path:
    """Write a model's files into `target`, whole or not at all."""
    checked_name(name)
    paths = _files_of(folder)
    if target.exists():
        raise SourceError(f"{target} is there already: remove it first, or give another file")
    names = [path.relative_to(folder).as_posix() for path in paths]
    files = {
        each: {"size": path.stat().st_size, "sha256": digest(path)}
        for each, path in zip(names, paths, strict=True)
    }
    temporary = target.with_name(f".tmp-{target.name}")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(
                zipfile.ZipInfo(_LIST, _DATE),
                json.dumps({"format": _FORMAT, "name": name, "files": files}, indent=1),
            )
            for each, path in zip(names, paths, strict=True):
                with path.open("rb") as source, archive.open(_entry(each, path), "w") as sink:
                    shutil.copyfileobj(source, sink, _BLOCK)
        sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise SourceError(f"{target} cannot be written: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return target


def install(file: Path, *, name: str = "", replace: bool = False) -> Path:
    """Put a bundle's model on the shelf, whole or not at all; its folder.

    SourceError for what is no bundle of ours, is damaged, or would write elsewhere.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            listed, files = _listed(archive, file)
            target = shelf() / checked_name(name or listed)
            if target.exists() and not replace:
                raise SourceError(f"{target} is there already: --replace puts this one in its place")
            return _unpacked(archive, files, target, file)
    except FileNotFoundError:
        raise SourceError(f"there is no file {file}") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise SourceError(f"{file} cannot be installed: {error}. Copy it here again.") from error


def _files_of(folder: Path) -> list[Path]:
    if is_slim(folder):
        read_slim(folder)
        return [folder / name for name in (SLIM, *FILES)]
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_harmless(path.relative_to(folder).as_posix())
    ]
    if not has_weights(folder):
        raise ModelNotFound(f"{folder} holds no model")
    if not any(path.suffix == ".safetensors" for path in found):
        raise EncoderError(
            f"{folder} has its weights in a pickle, which is not carried: "
            "load and save the model with sentence-transformers once, which writes safetensors"
        )
    return found


def _is_harmless(name: str) -> bool:
    parts = name.split("/")
    return len(parts) <= 2 and all(map(_PART.fullmatch, parts)) and name.endswith(_HARMLESS)


def _entry(name: str, path: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.file_size = path.stat().st_size
    return entry


def _listed(archive: zipfile.ZipFile, file: Path) -> tuple[str, dict[str, tuple[int, str]]]:
    """The model's name, and size and checksum by file, held against what the archive has."""
    entries = archive.infolist()
    try:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise ValueError("it is compressed, which ours are not")
        if entries[0].filename != _LIST or entries[0].file_size > _LIST_LIMIT:
            raise ValueError("no list of files comes first")
        body = json.loads(archive.read(entries[0]))
        if body["format"] != _FORMAT:
            raise ValueError(f"of format {body['format']}, this program reads {_FORMAT}")
        name = str(body["name"])
        files = {each: (int(info["size"]), str(info["sha256"])) for each, info in body["files"].items()}
        allowed = set(files) == {SLIM, *FILES} or all(map(_is_harmless, files))
        if not files or not allowed or [entry.filename for entry in entries[1:]] != list(files):
            raise ValueError("it holds other files than a model has")
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
        RecursionError,
    ) as error:
        raise SourceError(f"{file} is no bundle of a model: {error}") from error
    return name, files


def _unpacked(archive: zipfile.ZipFile, files: dict[str, tuple[int, str]], target: Path, file: Path) -> Path:
    need = sum(size for size, _ in files.values())
    if need > (free := free_space(target.parent)):
        raise SourceError(f"{target.parent} has room for {free:,} bytes, the model needs {need:,}")
    temporary = target.with_name(f".tmp-{target.name}-{os.getpid()}")
    temporary.mkdir(parents=True)
    try:
        for name, (size, sha256) in files.items():
            path = temporary / name
            path.parent.mkdir(exist_ok=True)
            with archive.open(name) as source, path.open("xb") as sink:
                if _copied(source, sink, size) != sha256:
                    raise SourceError(
                        f"{file} is damaged: the checksum of {name} does not match. Copy it again."
                    )
            sync_file(path)
        if not is_slim(temporary) and not has_weights(temporary):
            raise SourceError(f"{file} holds no model")
        if is_slim(temporary):
            said = read_slim(temporary).files
            if any(said[name] != files[name][1] for name in said):
                raise SourceError(
                    f"{file} is no bundle of a model: {SLIM} names other checksums than the bundle"
                )
        if target.exists():
            old = target.with_name(f".tmp-{target.name}-old")
            shutil.rmtree(old, ignore_errors=True)
            target.rename(old)
            temporary.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            temporary.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def _copied(source: IO[bytes], sink: IO[bytes], size: int) -> str:
    """At most `size` bytes, so that a bundle cannot write more than it said; their checksum."""
    digest_, left = hashlib.sha256(), size
    while block := source.read(min(_BLOCK, left + 1)):
        left -= len(block)
        if left < 0:
            return ""
        digest_.update(block)
        sink.write(block)
    return "" if left else digest_.hexdigest()
