"""A rebuild from sources to an open generation, and what it refuses."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import BuildReport, rebuild, rollback
from index.errors import (
    EncoderError,
    IndexDamaged,
    IndexError_,
    IndexLocked,
    IndexMismatch,
    IndexNotFound,
    NotFound,
    SourceError,
)
from index.generation import open_generation
from index.layout import Layout
from index.lock import IndexLock
from index.progress import Stage
from index.recipe import Recipe
from tests.index.stand_ins import ANALYSIS, RECIPE, HashingEncoder, LinePostings, write_records

TEXTS = ["चेन्नई से व्लादिवोस्तोक तक का मार्ग।", "The Chenab bridge was opened.", "...!", "नदियों पर बने पुल।"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_records(tmp_path / "news.jsonl", [*TEXTS[:2], "a: !", TEXTS[3]], metadata={"field": "rail"})


def build(
    source: Path | Sequence[Path], index: Path, encoder: HashingEncoder | None = None, **options: object
) -> BuildReport:
    sources = [source] if isinstance(source, Path) else source
    return rebuild(sources, index, encoder or HashingEncoder(), recipe=RECIPE, **options)  # type: ignore[arg-type]


def texts_of(index: Path) -> list[str]:
    with open_generation(index) as generation:
        return [found.text for found in generation.passages.get(range(len(generation.passages)))]


def test_what_was_read_can_be_opened_filtered_and_searched(tmp_path: Path, source: Path) -> None:
    encoder = HashingEncoder()
    report = build(source, tmp_path / "index", encoder)
    assert (report.generation, report.documents, report.passages, report.unchanged) == (1, 4, 4, False)
    assert report.languages == {"hi": 2, "en": 2}
    assert (report.encoded, report.cached, report.vectors, report.problems) == (4, 0, "exact", ())
    with open_generation(tmp_path / "index", encoder=encoder, analysis=ANALYSIS) as generation:
        scores, ordinals = generation.vectors.search(encoder.encode_queries(["Chenab bridge opened"]), 2)
        assert ordinals[0, 0] == 1 and scores[0, 0] > 0.5
        assert generation.passages.get(ordinals[0])[0].id == "r1:1"
        assert generation.columns.ordinals_where("field", "rail").tolist() == [0, 1, 2, 3]
        assert (generation.postings / "ids.txt").read_text().split() == ["r0:1", "r1:1", "r2:1", "r3:1"]
        assert generation.manifest.sources == (str(source.resolve()),)
        assert set(generation.manifest.files) >= {
            "passages.db",
            "dense.faiss",
            "postings/ids.txt",
            "sources.json",
        }


def test_nothing_changed_is_nothing_done_until_forced(tmp_path: Path, source: Path) -> None:
    encoder = HashingEncoder()
    build(source, tmp_path / "index", encoder)
    before = encoder.seen
    source.touch()
    report = build(source, tmp_path / "index", encoder)
    assert (report.unchanged, report.generation, report.passages, encoder.seen) == (True, 1, 4, before)
    forced = build(source, tmp_path / "index", encoder, force=True)
    assert (forced.unchanged, forced.generation, forced.cached, encoder.seen) == (False, 2, 4, before)


def test_a_file_that_can_never_be_read_is_no_change(tmp_path: Path) -> None:
    """Else rebuilds by a timer would soon have removed every earlier generation that is worth going back to."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("Some words.")
    (tmp_path / "news" / "z.txt").symlink_to("nowhere")
    first, second = (build(tmp_path / "news", tmp_path / "index") for _ in range(2))
    assert (first.unchanged, second.unchanged, second.generation) == (False, True, 1)
    assert second.problems == first.problems and len(first.problems) == 1
    (tmp_path / "news" / "nowhere").write_text("It has come.")
    assert build(tmp_path / "news", tmp_path / "index").passages == 2


@pytest.mark.parametrize(
    "change",
    [
        {"encoder": HashingEncoder("other")},
        {"encoder": HashingEncoder(dimension=8)},
        {"recipe": Recipe(replace(ANALYSIS, analyser="2"), LinePostings)},
        {"recipe": Recipe(replace(ANALYSIS, splitter="2"), LinePostings)},
        {"vectors": "graph"},
    ],
    ids=str,
)
def test_another_way_of_building_is_a_change(tmp_path: Path, source: Path, change: dict[str, object]) -> None:
    build(source, tmp_path / "index")
    arguments = {"encoder": HashingEncoder(), "recipe": RECIPE, **change}
    assert not rebuild([source], tmp_path / "index", **arguments).unchanged  # type: ignore[arg-type]


def test_only_new_texts_are_encoded(tmp_path: Path, source: Path) -> None:
    encoder = HashingEncoder()
    build(source, tmp_path / "index", encoder)
    write_records(source, ["A new text first.", *TEXTS])
    report = build(source, tmp_path / "index", encoder)
    assert (report.encoded, report.kept) == (1, 3)  # the dots alone are no passage


def test_an_encoder_that_says_it_is_cheap_gets_no_cache(tmp_path: Path, source: Path) -> None:
    class Cheap(HashingEncoder):
        cheap = True

    build(source, tmp_path / "index", Cheap())
    assert not (tmp_path / "index/cache.db").exists()


def test_the_last_two_generations_are_kept_and_rollback_goes_back_one(tmp_path: Path, source: Path) -> None:
    index = tmp_path / "index"
    for number in (1, 2, 3):
        write_records(source, [f"text {number}"])
        build(source, index)
    assert Layout(index).numbers() == [2, 3]
    assert rollback(index) == 2
    assert texts_of(index) == ["text 2"]
    with pytest.raises(NotFound, match="no older generation"):
        rollback(index)
    build(source, index)
    assert (Layout(index).numbers(), texts_of(index)) == ([2, 4], ["text 3"])


def test_rollback_passes_over_a_damaged_generation_and_mends_a_damaged_pointer(
    tmp_path: Path, source: Path
) -> None:
    index = tmp_path / "index"
    with pytest.raises(IndexNotFound):
        rollback(index)
    for number in (1, 2):
        write_records(source, [f"text {number}"])
        build(source, index)
    (index / "CURRENT").write_bytes(b"\xff")
    (index / "generations/2/dense.faiss").write_bytes(b"")
    assert rollback(index) == 1
    assert texts_of(index) == ["text 1"]


def test_a_generation_that_is_being_read_is_not_removed(tmp_path: Path, source: Path) -> None:
    index = tmp_path / "index"
    build(source, index)
    with open_generation(index) as generation:
        for number in (2, 3, 4):
            write_records(source, [f"text {number}"])
            build(source, index)
        assert Layout(index).numbers() == [1, 3, 4]
        assert generation.passages.by_id("r1:1").text == TEXTS[1]
    build(source, index, force=True)
    assert Layout(index).numbers() == [4, 5]


def test_progress_runs_through_its_stages_and_can_end_the_build(tmp_path: Path, source: Path) -> None:
    heard: list[tuple[Stage, int, int]] = []
    build(source, tmp_path / "index", progress=lambda *step: heard.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in heard)) == [
        "compare", "index", "vectors", "postings", "verify", "publish"
    ]  # fmt: skip
    size = source.stat().st_size
    assert ("index", size, size) in heard

    def stop(stage: Stage, done: int, total: int) -> None:
        if stage == "verify":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(source, tmp_path / "index", progress=stop, force=True)
    assert [path.name for path in (tmp_path / "index/generations").iterdir()] == ["1"]


# --- what is refused, with the old index untouched


def test_problems_are_told_again_where_nothing_changed_and_strict_ends_for_them(
    tmp_path: Path, source: Path
) -> None:
    with source.open("a") as file:
        file.write("{broken\n")
    for _ in range(2):
        (problem,) = build(source, tmp_path / "index").problems
        assert problem.line == 5 and "not JSON" in problem.reason
    with pytest.raises(SourceError, match="not JSON"):
        build(source, tmp_path / "index", strict=True)


def test_a_pipe_and_a_link_to_nowhere_among_the_sources_are_left_out_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("A paragraph.")
    (folder / "link.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    for _ in range(2):
        report = build(folder, tmp_path / "index")
        assert report.passages == 1
        assert [(Path(problem.file).name, problem.reason) for problem in report.problems] == [
            (name, "gone, or no plain file any more; skipped") for name in ("link.txt", "pipe.txt")
        ]


def test_sources_without_any_passage_are_refused_unless_allowed(tmp_path: Path, source: Path) -> None:
    index = tmp_path / "index"
    build(source, index)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no passage found in .*empty \(0 files\)"):
        build(tmp_path / "empty", index)
    assert len(texts_of(index)) == 4
    assert build(tmp_path / "empty", index, allow_empty=True).passages == 0
    assert texts_of(index) == []


def test_a_source_that_is_not_there_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        build(tmp_path / "nowhere", tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_another_encoder_or_analysis_than_the_indexs_is_refused(tmp_path: Path, source: Path) -> None:
    build(source, tmp_path / "index")
    with pytest.raises(
        IndexMismatch, match=r"made with the encoder hashing .* `dubhashi rebuild --encoder other`"
    ):
        open_generation(tmp_path / "index", encoder=HashingEncoder("other"))
    with pytest.raises(IndexMismatch, match="analyser test, lexicon test; here 2, test"):
        open_generation(tmp_path / "index", analysis=replace(ANALYSIS, analyser="2"))
    open_generation(tmp_path / "index", analysis=replace(ANALYSIS, splitter="2")).close()


def test_an_encoder_that_misbehaves_ends_the_build(tmp_path: Path, source: Path) -> None:
    class Broken(HashingEncoder):
        def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.zeros((1, 3), np.float32)

    with pytest.raises(EncoderError, match=r"shape \(1, 3\) for 4 texts"):
        build(source, tmp_path / "index", Broken())
    with pytest.raises(IndexNotFound, match="make one with `dubhashi rebuild"):
        open_generation(tmp_path / "index")


def test_a_second_rebuild_is_kept_out(tmp_path: Path, source: Path) -> None:
    build(source, tmp_path / "index")
    with IndexLock(tmp_path / "index/.lock"), pytest.raises(IndexLocked, match="another rebuild is at work"):
        build(source, tmp_path / "index", force=True)


def test_what_a_crash_left_is_removed_and_said(tmp_path: Path, source: Path) -> None:
    index = tmp_path / "index"
    build(source, index)
    shutil.copytree(index / "generations/1", index / "generations/.tmp-2")
    (index / ".lock").write_text('{"pid": 77, "host": "h", "since": "s"}')
    report = build(source, index, force=True)
    assert report.notices == (
        "the last rebuild (process 77 on h since s) did not end; what it left was removed",
    )
    assert sorted(path.name for path in (index / "generations").iterdir()) == ["1", "2"]


def test_a_damaged_generation_in_use_is_replaced(tmp_path: Path, source: Path) -> None:
    index = tmp_path / "index"
    build(source, index)
    (index / "generations/1/passages.db").unlink()
    assert build(source, index).generation == 2
    assert len(texts_of(index)) == 4


@pytest.mark.parametrize("name", ["dense.faiss", "passages.db", "sources.json", "postings/ids.txt"])
def test_a_flipped_bit_in_the_generation_in_use_is_mended_though_no_source_changed(
    tmp_path: Path, source: Path, name: str
) -> None:
    index = tmp_path / "index"
    build(source, index)
    assert build(source, index).unchanged
    path = index / "generations/1" / name
    path.write_bytes(path.read_bytes()[:-9] + bytes([path.read_bytes()[-9] ^ 1]) + path.read_bytes()[-8:])
    with pytest.raises(IndexDamaged, match="was altered"):
        open_generation(index)
    report = build(source, index)
    assert (report.unchanged, report.generation, report.kept) == (False, 2, 0)
    assert len(texts_of(index)) == 4


def test_a_folder_that_cannot_be_an_index_is_refused(tmp_path: Path, source: Path) -> None:
    for place in (source, source / "below", Path("/sys/dubhashi")):
        with pytest.raises(IndexError_, match=r"cannot write the index in .*What was in use before still is"):
            build(source, place)


AS_NOBODY = """
import os, sys
from pathlib import Path
from index.errors import IndexError_
from tests.index.test_build import build
if os.geteuid() == 0:
    os.setuid(65534)
try:
    build(Path(sys.argv[1]), Path(sys.argv[2]), force=True)
except IndexError_ as error:
    print(error)
"""


def test_a_read_only_folder_is_refused_and_still_searched(source: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        folder = Path(name)
        folder.chmod(0o755)
        news = Path(shutil.copy(source, folder))
        build(news, folder / "index")
        (folder / "index").chmod(0o555)
        (folder / "index/.lock").chmod(0o444)
        command = [sys.executable, "-c", AS_NOBODY, str(news), str(folder / "index")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Permission denied; check that this user may write there" in done.stdout, done.stderr
        assert len(texts_of(folder / "index")) == 4
        (folder / "index").chmod(0o755)


@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_a_disk_that_is_full_only_when_the_generation_is_put_in_use_keeps_nothing_of_it(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    index = tmp_path / "index"
    if not first:
        build(source, index)

    def full(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == ".tmp-CURRENT":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IndexError_, match=r"No space left on device; make room on the disk"):
        build(source, index, force=True)
    assert Layout(index).numbers() == ([] if first else [1]) and not list(index.rglob(".tmp-*"))


@pytest.mark.parametrize("limit", [0, 20, 200, 2_000, 9_000, 12_000, 20_000])
def test_a_full_disk_ends_the_build_with_a_message_and_the_old_index_intact(
    tmp_path: Path, source: Path, limit: int
) -> None:
    index = tmp_path / "index"
    build(source, index)
    write_records(source, [f"new text {i} " + "word " * 30 for i in range(60)])
    files = sorted(path.name for path in (index / "generations").iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(
            IndexError_, match=r"cannot write the index in .*index: .*What was in use before still is"
        ):
            build(source, index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in (index / "generations").iterdir()) == files
    assert len(texts_of(index)) == 4
    assert build(source, index).passages == 60
