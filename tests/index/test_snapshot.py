"""An index carried in one file: whole, or refused with the index as it was."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from index.build import rebuild, rollback
from index.errors import IndexDamaged, IndexError_, IndexLocked, IndexMismatch, IndexNotFound
from index.generation import Generation, open_generation
from index.layout import Layout
from index.lock import IndexLock
from index.snapshot import restore, snapshot
from tests.index.stand_ins import RECIPE, HashingEncoder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news/a.txt").write_text("The monsoon came early.\n\nमानसून जल्दी आया।", encoding="utf-8")
    rebuild([tmp_path / "news"], tmp_path / "index", HashingEncoder(), recipe=RECIPE)
    return tmp_path / "index"


@pytest.fixture
def archive(index: Path) -> Path:
    snapshot(index, index.parent / "a.snapshot")
    return index.parent / "a.snapshot"


def texts(index: Path) -> list[str]:
    with open_generation(index) as generation:
        return [passage.text for passage in generation.passages.get(range(len(generation.passages)))]


def test_restored_elsewhere_it_is_the_same_index(index: Path, archive: Path, tmp_path: Path) -> None:
    assert restore(archive, tmp_path / "new").generation == 1
    assert texts(tmp_path / "new") == texts(index)
    ours, theirs = open_generation(index), open_generation(tmp_path / "new")
    with ours, theirs:
        assert ours.manifest == theirs.manifest


def test_restored_over_an_index_it_is_the_next_generation_and_can_be_rolled_back(
    index: Path, archive: Path
) -> None:
    (index.parent / "news/a.txt").write_text("Another day.", encoding="utf-8")
    rebuild([index.parent / "news"], index, HashingEncoder(), recipe=RECIPE)
    assert restore(archive, index).generation == 3
    assert texts(index)[0].startswith("The monsoon")
    assert rollback(index) == 2
    assert texts(index) == ["Another day."]


def test_two_snapshots_of_a_generation_are_the_same_file(index: Path, archive: Path) -> None:
    snapshot(index, index.parent / "b.snapshot")
    assert archive.read_bytes() == (index.parent / "b.snapshot").read_bytes()


def test_the_tuned_weight_comes_along(index: Path, tmp_path: Path) -> None:
    (index / "tuning.json").write_text('{"semantic_ratio": 0.5}')
    snapshot(index, tmp_path / "t.snapshot")
    restore(tmp_path / "t.snapshot", tmp_path / "new")
    assert (tmp_path / "new/tuning.json").read_text() == '{"semantic_ratio": 0.5}'


def test_a_tuned_weight_that_is_no_text_is_said_and_no_snapshot_made(index: Path, tmp_path: Path) -> None:
    (index / "tuning.json").write_bytes(b"\xff\xfe\0")
    with pytest.raises(IndexDamaged, match=r"cannot read .*tuning\.json: .*delete it or run `dubhashi tune`"):
        snapshot(index, tmp_path / "t.snapshot")
    assert not (tmp_path / "t.snapshot").exists()


def test_without_an_index_there_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        snapshot(tmp_path / "none", tmp_path / "a.snapshot")
    assert not list(tmp_path.iterdir())


def test_a_damaged_index_gives_no_snapshot_and_the_old_one_stays(index: Path, archive: Path) -> None:
    before = archive.read_bytes()
    store = index / "generations/1/dense.faiss"
    store.write_bytes(store.read_bytes()[:-1] + b"\xff")
    with pytest.raises(IndexDamaged):
        snapshot(index, archive)
    assert archive.read_bytes() == before and not list(index.parent.glob(".tmp-*"))


@pytest.mark.parametrize(
    ("place", "reason"),
    [("none/a", "No such file"), ("a.snapshot/b", "Not a directory"), ("news", "Is a dir")],
)
def test_where_no_snapshot_can_be_written_is_said(
    index: Path, archive: Path, place: str, reason: str
) -> None:
    with pytest.raises(IndexError_, match=rf"cannot write the snapshot .*{place}: {reason}"):
        snapshot(index, index.parent / place)
    assert not list(index.parent.glob(".tmp-*"))


def test_while_a_rebuild_is_at_work_nothing_is_restored(index: Path, archive: Path) -> None:
    with IndexLock(Layout(index).lock_file), pytest.raises(IndexLocked):
        restore(archive, index)


def test_what_this_program_cannot_search_is_refused(index: Path, archive: Path) -> None:
    def refuse(_: Generation) -> None:
        raise IndexMismatch("another analyser")

    with pytest.raises(IndexMismatch):
        restore(archive, index, refuse)
    assert Layout(index).current().number == 1 and Layout(index).numbers() == [1]


@pytest.mark.parametrize("damage", ["flip", "cut", "zero"])
def test_a_damaged_archive_is_refused_or_right_and_the_index_stays(
    index: Path, archive: Path, damage: str, tmp_path: Path
) -> None:
    whole, chance, right = archive.read_bytes(), random.Random(damage), texts(index)
    for number in range(int(os.environ.get("DAMAGE_PLACES", "40"))):
        data, at = bytearray(whole), chance.randrange(len(whole))
        if damage == "flip":
            data[at] ^= 1 << chance.randrange(8)
        elif damage == "cut":
            del data[at:]
        else:
            data[at : at + 512] = bytes(len(data[at : at + 512]))
        archive.write_bytes(data)
        into = tmp_path / f"into-{number}"
        try:
            restore(archive, into)
        except IndexError_:
            assert not (into / "CURRENT").exists() and not list(into.glob("generations/*"))
        else:
            assert texts(into) == right  # a bit that nobody reads: padding, or a header's unused field


def head_of(archive: Path) -> dict[str, object]:
    with tarfile.open(archive) as tar:
        file = tar.extractfile("snapshot.json")
        assert file
        found: dict[str, object] = json.load(file)
        return found


def forged(path: Path, head: object, *members: tarfile.TarInfo) -> Path:
    data = json.dumps(head).encode()
    with tarfile.open(path, "w") as tar:
        first = tarfile.TarInfo("snapshot.json")
        first.size = len(data)
        tar.addfile(first, io.BytesIO(data))
        for member in members:
            tar.addfile(member, io.BytesIO(bytes(member.size)))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "odd",
    [
        member("../escaped"),
        member("/tmp/escaped"),
        member("dense.faiss", tarfile.SYMTYPE, "/etc/passwd"),
        member("dense.faiss", tarfile.LNKTYPE, "/etc/passwd"),
        member("dense.faiss", tarfile.CHRTYPE),
        member("postings", tarfile.DIRTYPE),
    ],
    ids=lambda info: f"{info.name}-{info.type!r}",
)
def test_an_archive_cannot_write_beside_the_index(
    archive: Path, odd: tarfile.TarInfo, tmp_path: Path
) -> None:
    bad = forged(tmp_path / "bad.snapshot", head_of(archive), odd)
    with pytest.raises(IndexDamaged):
        restore(bad, tmp_path / "into/index")
    assert not (tmp_path / "into/escaped").exists() and not Layout(tmp_path / "into/index").numbers()


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "a/../../b", "", ".", "a//b", "a\\b", "a\0"])
def test_a_sealed_manifest_cannot_name_a_file_outside_either(
    archive: Path, name: str, tmp_path: Path
) -> None:
    from index.manifest import _seal

    head = head_of(archive)
    manifest = head["manifest"]
    assert isinstance(manifest, dict)
    manifest["files"] = {name: {"size": 0, "checksum": "0" * 32}}
    manifest.pop("seal")
    manifest["seal"] = _seal(manifest)
    with pytest.raises(IndexDamaged, match="outside"):
        restore(forged(tmp_path / "bad.snapshot", head), tmp_path / "into/index")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 2048, b"not a tar" * 200])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(IndexDamaged):
        restore(tmp_path / "x", tmp_path / "index")
    with pytest.raises(IndexError_, match="No such file"):
        restore(tmp_path / "none", tmp_path / "index")


FULL = """
import random, resource, sys
from pathlib import Path
from index.errors import IndexError_
from index.snapshot import restore, snapshot

folder, chance = Path(sys.argv[1]), random.Random(3)
size, hard = (folder / "a.snapshot").stat().st_size, resource.RLIM_INFINITY
kept, refused = (folder / "a.snapshot").read_bytes(), 0
for number in range(25):
    for work in (
        lambda: snapshot(folder / "index", folder / "a.snapshot"),
        lambda: restore(folder / "a.snapshot", folder / f"full-{number}"),
        lambda: restore(folder / "a.snapshot", folder / "index"),
    ):
        resource.setrlimit(resource.RLIMIT_FSIZE, (chance.randrange(size), hard))
        try:
            work()
        except IndexError_:
            refused += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert (folder / "a.snapshot").read_bytes() == kept
print(refused)
"""


def test_a_disk_that_is_full_at_any_point_leaves_index_and_archive_whole(index: Path, archive: Path) -> None:
    right = texts(index)
    done = subprocess.run([sys.executable, "-c", FULL, str(index.parent)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 25 and texts(index) == right
    for each in index.parent.glob("full-*"):
        assert not (each / "CURRENT").exists() or texts(each) == right
    assert not list(index.parent.rglob(".tmp-*"))
