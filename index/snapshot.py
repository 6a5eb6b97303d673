"""A generation as one file, to keep and to carry to another machine, and back from it.

A tar archive: `snapshot.json` (the manifest and its seal, the tuned weight), then the files that the manifest names,
with their sizes and checksums. Nothing in it is run, and nothing is written but those files, under their own names.
Not for the cache of vectors: a rebuild makes that anew.
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from index.durable import replace as write_whole
from index.durable import sync_file, sync_folder
from index.errors import DubhashiError, IndexDamaged, IndexError_
from index.faults import explained
from index.generation import Generation, check_files, open_generation
from index.layout import Current, Layout
from index.lock import IndexLock
from index.manifest import Manifest, parse_manifest

_HEAD, _FORMAT, _TUNING = "snapshot.json", 1, "tuning.json"
_MOST_HEAD_BYTES = 16 << 20


def snapshot(index_dir: Path, target: Path) -> Manifest:
    """Write the generation in use, checked, into `target`, whole or not at all. A rebuild may go on meanwhile."""
    temporary = target.with_name(f".tmp-{target.name}")
    with open_generation(index_dir) as generation:
        try:
            with tarfile.open(temporary, "w", format=tarfile.PAX_FORMAT) as archive:
                _write(archive, generation, _tuning(index_dir))
            sync_file(temporary)
            temporary.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise IndexError_(f"cannot write the snapshot {target}: {error.strerror or error}") from error
        finally:
            with suppress(OSError):  # a folder that cannot be written has been told above
                temporary.unlink()
        return generation.manifest


def restore(source: Path, index_dir: Path, check: Callable[[Generation], None] = lambda _: None) -> Manifest:
    """Put an archive in use as the next generation, after everything in it was checked; `check` may refuse more.

    Raises IndexDamaged for an archive that is not as it was written, IndexMismatch, IndexLocked, IndexError_.
    Until the last step the index is as it was; `rollback` goes back to what was in use.
    """
    layout = Layout(index_dir)
    with _reading(source) as archive, explained(index_dir):
        manifest, tuning = _head(archive, source)
        layout.generations.mkdir(parents=True, exist_ok=True)
        with IndexLock(layout.lock_file):
            layout.clean()
            before = _current_number(layout)
            number = max([manifest.generation, before + 1, *(n + 1 for n in layout.numbers())])
            folder = layout.temporary(number)
            try:
                made = _extract(archive, manifest, folder, number, source)
                with Generation(folder, "size") as generation:
                    check(generation)
                if tuning is not None:
                    write_whole(index_dir / _TUNING, tuning.encode())
                layout.publish(folder, Current(number, made.seal))
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            layout.prune({number, before})
    return made


def _write(archive: tarfile.TarFile, generation: Generation, tuning: str | None) -> None:
    manifest = generation.manifest
    head = {"format": _FORMAT, "tuning": tuning, "manifest": asdict(manifest) | {"seal": manifest.seal}}
    data = json.dumps(head, ensure_ascii=False).encode()
    archive.addfile(_member(_HEAD, len(data)), io.BytesIO(data))
    for name, info in manifest.files.items():
        with (generation.folder / name).open("rb") as file:
            archive.addfile(_member(name, info.size), file)


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Without owner and time: two snapshots of one generation are the same file."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    return member


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    """Turns whatever a damaged archive makes the reader say into IndexDamaged."""
    try:
        file = source.open("rb")
    except OSError as error:
        raise IndexError_(f"cannot read the snapshot {source}: {error.strerror}") from error
    with file:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                yield archive
        except DubhashiError:
            raise
        except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
            raise _damaged(source, str(error)) from error


def _head(archive: tarfile.TarFile, source: Path) -> tuple[Manifest, str | None]:
    member = archive.next()
    if member is None or member.name != _HEAD or not member.isreg() or member.size > _MOST_HEAD_BYTES:
        raise _damaged(source, f"it does not begin with {_HEAD}")
    try:
        head: dict[str, Any] = json.loads(_open(archive, member, source).read())
        if head["format"] != _FORMAT:
            raise IndexError_(
                f"the snapshot {source} is of format {head['format']}, this program reads {_FORMAT}"
            )
        manifest, tuning = parse_manifest(head["manifest"], source), head["tuning"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(source, f"{_HEAD} cannot be read: {error}") from error
    wrong = [name for name in manifest.files if not _is_below(name)]
    if wrong or not (tuning is None or isinstance(tuning, str)):
        raise _damaged(source, f"it names a file outside the index: {wrong[:1]}")
    return manifest, tuning


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    plain = not path.is_absolute() and "\0" not in name and "\\" not in name
    return plain and bool(path.parts) and ".." not in path.parts and path.as_posix() == name


def _extract(
    archive: tarfile.TarFile, manifest: Manifest, folder: Path, number: int, source: Path
) -> Manifest:
    """The manifest's files and nothing else, each written by us under the name that the manifest gives it."""
    missing = dict(manifest.files)
    while (member := archive.next()) is not None:
        info = missing.pop(member.name, None)
        if info is None or not member.isreg() or member.size != info.size:
            raise _damaged(source, f"{member.name!a} is not as the manifest says")
        path = folder / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            shutil.copyfileobj(_open(archive, member, source), file, 1 << 20)
        sync_file(path)
    if missing:
        raise _damaged(source, f"{len(missing)} files are missing, the first: {next(iter(missing))}")
    try:
        check_files(folder, manifest)
    except IndexDamaged as error:
        raise _damaged(source, str(error).partition(";")[0]) from error
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
    made = replace(manifest, generation=number)
    made.write(folder)
    return made


def _open(archive: tarfile.TarFile, member: tarfile.TarInfo, source: Path) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise _damaged(source, f"{member.name!a} is no plain file")
    return file


def _damaged(source: Path, what: str) -> IndexDamaged:
    return IndexDamaged(f"the snapshot {source} is damaged or none: {what}; the index is as it was")


def _tuning(index_dir: Path) -> str | None:
    path = index_dir / _TUNING
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"cannot read {path}: {error}; delete it or run `dubhashi tune` again") from error


def _current_number(layout: Layout) -> int:
    try:
        return layout.current().number
    except DubhashiError:
        return 0
