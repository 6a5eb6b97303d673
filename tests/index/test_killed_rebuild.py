"""A rebuild with a slow encoder that ends early: the next one takes the vectors that were made from the cache."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from index.build import rebuild
from index.encoders.base import Vectors
from index.errors import EncoderError
from index.progress import Stage
from tests.index.slow_encoder import SlowEncoder

PASSAGES = 2500


def test_a_killed_rebuild_goes_on_where_it_was(tmp_path: Path) -> None:
    source, index, mark = tmp_path / "a.jsonl", tmp_path / "index", tmp_path / "mark"
    source.write_text("".join(f'{{"text": "passage number {n}"}}\n' for n in range(PASSAGES)), "utf-8")
    code = (
        "import sys; from pathlib import Path; from index.build import rebuild; "
        "from tests.index.slow_encoder import SlowEncoder; source, index, mark = map(Path, sys.argv[1:]); "
        "rebuild([source], index, SlowEncoder(stops_after=1024, mark=mark))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, source, index, mark])
    deadline = time.monotonic() + 60
    while not mark.exists():  # it has encoded the first passages and hangs in those that follow
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()

    report = rebuild([source], index, SlowEncoder())
    assert report.cached == 1024
    assert report.cached + report.encoded == PASSAGES
    assert any("did not end" in notice for notice in report.notices)


def test_of_a_batch_that_is_interrupted_only_the_last_stretch_is_lost(tmp_path: Path) -> None:
    """Of 1,000 texts, one batch, seven stretches of 128 are encoded; the encoder fails in the eighth."""

    class Failing(SlowEncoder):
        calls: ClassVar[list[int]] = []

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            self.calls.append(len(texts))
            if len(self.calls) == 8:
                raise EncoderError("out of memory")
            return super().encode_passages(texts)

    source, index = tmp_path / "a.jsonl", tmp_path / "index"
    source.write_text("".join(f'{{"text": "passage number {n}"}}\n' for n in range(1000)), "utf-8")
    with pytest.raises(EncoderError, match="out of memory"):
        rebuild([source], index, Failing())
    report = rebuild([source], index, SlowEncoder())
    assert (report.cached, report.encoded) == (7 * 128, 1000 - 7 * 128)
    assert Failing.calls == [128] * 7 + [104]


def test_the_bar_moves_with_each_stretch(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "one and the same length"}\n' * 512, "utf-8")
    size, heard = source.stat().st_size, []

    def hear(stage: Stage, done: int, total: int) -> None:
        if stage == "index":
            heard.append((done, total))

    rebuild([source], tmp_path / "index", SlowEncoder(), progress=hear)
    assert heard[:4] == [(size * quarter // 4, size) for quarter in (1, 2, 3, 4)]


def test_an_interrupted_rebuild_does_not_encode_what_waits(tmp_path: Path) -> None:
    """Interrupted after the first stretch: at most the one that is encoded meanwhile follows, not the whole batch."""

    class Counting(SlowEncoder):
        calls: ClassVar[list[int]] = []

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            self.calls.append(len(texts))
            if len(self.calls) == 2:
                interrupted.wait(60)
            return super().encode_passages(texts)

    interrupted = threading.Event()

    def interrupt(stage: Stage, done: int, total: int) -> None:
        if stage == "index" and done:
            threading.Timer(0.2, interrupted.set).start()
            raise KeyboardInterrupt

    source = tmp_path / "a.jsonl"
    source.write_text("".join(f'{{"text": "passage number {n}"}}\n' for n in range(PASSAGES)), "utf-8")
    with pytest.raises(KeyboardInterrupt):
        rebuild([source], tmp_path / "index", Counting(), progress=interrupt)
    assert Counting.calls == [128, 128]


@pytest.mark.parametrize("call", [1, 8, 9, 10])
def test_when_a_rebuild_has_failed_nothing_encodes_any_more(tmp_path: Path, call: int) -> None:
    """Calls 1 to 8 come while a batch of 1,024 is encoded, the ninth when it is written."""
    heard: list[Stage] = []

    def fail(stage: Stage, done: int, total: int) -> None:
        heard.append(stage)
        if heard.count("index") == call:
            raise KeyboardInterrupt

    source = tmp_path / "a.jsonl"
    source.write_text("".join(f'{{"text": "passage number {n}"}}\n' for n in range(PASSAGES)), "utf-8")
    try:
        rebuild([source], tmp_path / "index", SlowEncoder(), progress=fail)
    except KeyboardInterrupt:  # its traceback, and all that hangs on it, is still alive here
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("encoder")]
    assert heard.count("index") == call
