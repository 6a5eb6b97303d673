"""The bundled encoder's second process: the same rows, with it, without it, and when it is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.build import rebuild
from index.building.batch import Batch
from index.building.embed import Embedder, pipelined
from index.encoders import beside as module
from index.encoders.base import Vectors
from index.encoders.beside import Beside, Helper, beside
from index.encoders.bridge import BridgeEncoder
from index.passages import passages_of
from index.types import Document, Section
from tests.index.stand_ins import HashingEncoder

TEXTS = [
    "भारत और रूस के बीच मुक्त व्यापार समझौता",
    "When did Chandrayaan-3 land?",
    "",
    "nul \0 \ud800 line\u2028end",
]


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "encoder_threads", lambda: 2)


@pytest.fixture(scope="module")
def bridge() -> BridgeEncoder:
    return BridgeEncoder()


@pytest.fixture(scope="module")
def rows(bridge: BridgeEncoder) -> Vectors:
    return bridge.encode_passages(TEXTS)


def until(done: Callable[[], object], within: float = 60.0) -> None:
    end = time.monotonic() + within
    while not done():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


def started(encoder: BridgeEncoder, told: list[str] | None = None) -> Beside:
    """With a process that has answered, or is lost."""
    helped = Beside(encoder, (told if told is not None else []).append, worth=0)

    def settled() -> bool:
        helped.encode_passages(TEXTS[:1])
        return helped.helper is not None and helped.helper.state != "starting"

    until(settled)
    return helped


def helper_of(helped: Beside) -> tuple[Helper, subprocess.Popen[bytes]]:
    assert helped.helper and helped.helper.process
    return helped.helper, helped.helper.process


def test_its_rows_are_those_of_the_encoder_to_the_last_bit(bridge: BridgeEncoder, rows: Vectors) -> None:
    told: list[str] = []
    with closing(started(bridge, told)) as helped:
        assert helper_of(helped)[0].state == "ready"
        found = helped.encode_passages(TEXTS)
        assert np.array_equal(found, rows)
        found *= 2  # they are the caller's
        assert helped.encode_passages([]).shape == (0, bridge.dimension)
        assert (helped.name, helped.fingerprint) == (bridge.name, bridge.fingerprint)
    assert (helper_of(helped)[1].returncode, told) == (0, [])  # it has ended, by itself


def test_a_process_that_is_killed_is_done_without_and_told_of_once(
    bridge: BridgeEncoder, rows: Vectors
) -> None:
    told: list[str] = []
    with closing(started(bridge, told)) as helped:
        helper, process = helper_of(helped)
        assert helper.state == "ready"
        process.kill()
        process.wait()
        for _ in range(2):
            assert np.array_equal(helped.encode_passages(TEXTS), rows)
        assert helper.process is process and helped.helper is helper
    assert [notice.split(":")[0] for notice in told] == [
        "the process that helps to encode did not start, or ended"
    ]


@pytest.mark.parametrize("program", ["/no/such/python", sys.executable + "-none", "", None])
def test_a_process_that_cannot_start_is_done_without(
    program: str, bridge: BridgeEncoder, rows: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "executable", program)
    with closing(started(bridge, told)) as helped:
        assert helped.helper and (helped.helper.state, len(told)) == ("lost", 1)
        assert np.array_equal(helped.encode_passages(TEXTS), rows)


def test_a_process_with_another_table_is_not_asked(rows: Vectors) -> None:
    other = BridgeEncoder()
    other.fingerprint = "of another table"
    with closing(started(other)) as helped:
        assert helper_of(helped)[0].state == "lost"
        assert np.array_equal(helped.encode_passages(TEXTS), rows)


def test_none_is_started_for_few_texts_or_another_encoder_or_one_core_or_after_the_end(
    bridge: BridgeEncoder, rows: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with beside(bridge, worth=2) as helped:
        assert isinstance(helped, Beside)
        helped.encode_passages(TEXTS[:1])
        helped.encode_passages(TEXTS[:1])
        assert helped.helper is None
    assert np.array_equal(helped.encode_passages(TEXTS), rows)
    assert helped.helper is None
    other = HashingEncoder()
    with beside(other, worth=0) as same:
        assert same is other
    monkeypatch.setattr(module, "encoder_threads", lambda: 1)
    with beside(bridge, worth=0) as same:
        assert same is bridge


def test_nothing_is_imported_from_where_the_user_stands(
    bridge: BridgeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "numpy.py"):
        (tmp_path / name).write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with closing(started(bridge)) as helped:
        assert helper_of(helped)[0].state == "ready"


def test_threads_start_one_process_and_get_their_own_rows(bridge: BridgeEncoder, rows: Vectors) -> None:
    with closing(Beside(bridge, lambda _: None, worth=0)) as helped, ThreadPoolExecutor(8) as pool:
        end = time.monotonic() + 60
        while (helped.helper is None or helped.helper.state == "starting") and time.monotonic() < end:
            found = list(pool.map(lambda n: helped.encode_passages([TEXTS[n % 4]])[0], range(32)))
            assert all(np.array_equal(row, rows[n % 4]) for n, row in enumerate(found))
        helpers = {id(helper) for helper in pool.map(lambda _: helped._helper(1), range(8))}
        assert (len(helpers), helper_of(helped)[0].state) == (1, "ready")


def test_an_interrupt_between_question_and_answer_gives_nobody_the_rows_of_others(
    bridge: BridgeEncoder, rows: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(started(bridge)) as helped:
        helper, _ = helper_of(helped)
        assert helper.state == "ready"

        def interrupted() -> bytes:
            raise MemoryError

        with monkeypatch.context() as patch, pytest.raises(MemoryError):
            patch.setattr(helper, "_pipe", Interrupted(helper._pipe, interrupted))
            helped.encode_passages(["another text"])
        assert np.array_equal(helped.encode_passages(TEXTS[:1]), rows[:1])


class Interrupted:
    """A pipe that answers otherwise."""

    def __init__(self, pipe: object, answer: Callable[[], bytes]) -> None:
        self._pipe, self.recv_bytes = pipe, answer

    def __getattr__(self, name: str) -> object:
        return getattr(self._pipe, name)


def test_a_process_that_hangs_holds_up_nobody_who_gives_up(bridge: BridgeEncoder) -> None:
    document = Document("d", "Title", (Section("", "A paragraph of some words."),), "a.txt")
    batches = (Batch(list(passages_of(document)), [1]) for _ in range(4))
    with closing(started(bridge)) as helped:
        helper, process = helper_of(helped)
        assert helper.state == "ready"
        os.kill(process.pid, signal.SIGSTOP)
        main = threading.main_thread().ident
        threading.Timer(0.3, signal.pthread_kill, [main, signal.SIGINT]).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            list(pipelined(batches, Embedder(helped, None)))
    assert time.monotonic() - began < 30
    assert process.returncode == -signal.SIGKILL


def test_a_rebuild_with_it_and_one_without_give_the_same_index(
    bridge: BridgeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "news"
    source.mkdir()
    for number in range(40):
        text = "\n\n".join(f"Paragraph {place} of text {number}, नदी पर पुल." for place in range(80))
        (source / f"{number}.txt").write_text(text, encoding="utf-8")
    helpers: list[Helper] = []

    class Kept(Helper):
        def __init__(self, encoder: BridgeEncoder) -> None:
            super().__init__(encoder)
            helpers.append(self)
            until(self._pipe.poll)

    monkeypatch.setattr(module, "Helper", Kept)
    files = []
    for name, cores in (("with", 2), ("without", 1)):
        monkeypatch.setattr(module, "encoder_threads", lambda cores=cores: cores)
        monkeypatch.setattr("index.building.make.beside", lambda e, n: beside(e, n, worth=0))
        rebuild([source], tmp_path / name, bridge)
        folder = tmp_path / name / "generations" / "1"
        files.append((folder / "dense.faiss").read_bytes() + (folder / "contents.npy").read_bytes())
    assert files[0] == files[1]
    assert len(helpers) == 1 and helpers[0].process and helpers[0].process.returncode == 0


def test_it_ends_with_the_process_that_it_helps() -> None:
    code = (
        "import os, time; from index.encoders.beside import Beside; from index.encoders.bridge import BridgeEncoder\n"
        "helped, end = Beside(BridgeEncoder(), print, worth=0), time.monotonic() + 60\n"
        "while not helped.helper or helped.helper.state != 'ready':\n"
        "    assert time.monotonic() < end; helped.encode_passages(['x'])\n"
        "print(helped.helper.process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, timeout=120)
    assert done.stdout, done.stderr
    command = Path(f"/proc/{int(done.stdout)}/cmdline")  # empty when it has ended and nobody has asked how
    until(lambda: not command.exists() or not command.read_bytes(), within=30)
