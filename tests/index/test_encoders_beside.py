"""The bundled encoder's second process: the same rows, with it, without it, and when it is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.encoders import beside as module
from index.encoders.base import Encoder
from index.encoders.beside import _Beside, beside
from index.encoders.bridge import BUNDLED, BridgeEncoder
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


def until_ready(encoder: Encoder, within: float = 60.0) -> None:
    """Ask until the other process answers."""
    assert isinstance(encoder, _Beside)
    end = time.monotonic() + within
    while not encoder._process or encoder._process._state == "starting":
        assert time.monotonic() < end, "it did not start"
        encoder.encode_passages(TEXTS[:1])
        time.sleep(0.02)


def process_of(encoder: Encoder) -> subprocess.Popen[bytes]:
    assert isinstance(encoder, _Beside) and encoder._process and encoder._process._process
    return encoder._process._process


def test_its_rows_are_those_of_the_encoder_to_the_last_bit() -> None:
    bridge = BridgeEncoder()
    with beside(bridge, worth=0) as helped:
        until_ready(helped)
        assert helped._process._state == "ready"  # type: ignore[attr-defined]
        assert np.array_equal(helped.encode_passages(TEXTS), bridge.encode_passages(TEXTS))
        assert helped.encode_passages([]).shape == (0, bridge.dimension)
        assert (helped.name, helped.fingerprint) == (bridge.name, bridge.fingerprint)
    assert process_of(helped).poll() == 0  # it has ended, by itself


def test_a_process_that_is_killed_is_done_without() -> None:
    bridge = BridgeEncoder()
    with beside(bridge, worth=0) as helped:
        until_ready(helped)
        process_of(helped).kill()
        process_of(helped).wait()
        for _ in range(2):
            assert np.array_equal(helped.encode_passages(TEXTS), bridge.encode_passages(TEXTS))


@pytest.mark.parametrize("program", ["/no/such/python", "/bin/false"])
def test_a_process_that_cannot_start_is_done_without(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = BridgeEncoder()
    monkeypatch.setattr(sys, "executable", program)
    with beside(bridge, worth=0) as helped:
        for _ in range(3):
            assert np.array_equal(helped.encode_passages(TEXTS), bridge.encode_passages(TEXTS))
            time.sleep(0.05)


def test_a_process_with_another_table_is_not_asked(tmp_path: Path) -> None:
    bridge = BridgeEncoder()
    bridge.fingerprint = "of another table"
    with beside(bridge, worth=0) as helped:
        until_ready(helped)
        assert helped._process._state == "lost"  # type: ignore[attr-defined]
        assert np.array_equal(helped.encode_passages(TEXTS), bridge.encode_passages(TEXTS))


def test_none_is_started_for_few_texts_or_another_encoder_or_one_core(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bridge, other = BridgeEncoder(), HashingEncoder()
    with beside(bridge, worth=2) as helped:
        helped.encode_passages(TEXTS[:1])
        helped.encode_passages(TEXTS[:1])
        assert helped._process is None  # type: ignore[attr-defined]
    with beside(other, worth=0) as same:
        assert same is other
    monkeypatch.setattr(module, "encoder_threads", lambda: 1)
    with beside(bridge, worth=0) as same:
        assert same is bridge


def test_nothing_is_imported_from_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with beside(BridgeEncoder(), worth=0) as helped:
        until_ready(helped)
        assert helped._process._state == "ready"  # type: ignore[attr-defined]


def test_it_ends_with_the_process_that_it_helps() -> None:
    code = (
        "import os, time; from index.encoders import beside as b; from index.encoders.bridge import BridgeEncoder\n"
        "b.encoder_threads = lambda: 2\n"
        "with b.beside(BridgeEncoder(), worth=0) as helped:\n"
        "    while not helped._process or helped._process._state == 'starting': helped.encode_passages(['x'])\n"
        "    print(helped._process._process.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(BUNDLED).parents[2]
    )
    helper = int(done.stdout)
    command = Path(f"/proc/{helper}/cmdline")  # empty when it has ended and nobody has asked how
    end = time.monotonic() + 20
    while command.exists() and command.read_bytes():
        assert time.monotonic() < end, "it lives on"
        time.sleep(0.02)
