"""One rebuild at a time, and a dead one in nobody's way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexLocked
from index.lock import IndexLock

HOLD = """
import sys, time
from pathlib import Path
from index.lock import IndexLock
with IndexLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_live_holder_keeps_others_out_and_is_named(tmp_path: Path) -> None:
    process = holder(tmp_path / ".lock")
    try:
        with pytest.raises(IndexLocked, match=rf"process {process.pid} on .* wait for it to end"):
            IndexLock(tmp_path / ".lock").__enter__()
    finally:
        end(process)


def test_a_killed_holder_is_recognised_and_its_lock_is_free(tmp_path: Path) -> None:
    process = holder(tmp_path / ".lock")
    os.kill(process.pid, signal.SIGKILL)
    end(process)
    with IndexLock(tmp_path / ".lock") as lock:
        assert lock.died is not None and lock.died.pid == process.pid


def test_the_same_process_is_kept_out_too_and_a_release_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with IndexLock(path), pytest.raises(IndexLocked):
        IndexLock(path).__enter__()
    with IndexLock(path) as lock:
        assert lock.died is None
        assert json.loads(path.read_text())["pid"] == os.getpid()
    assert path.read_text() == ""


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"pid": 1}', "\x00" * 100, "[" * 4096])
def test_whatever_stands_in_the_file_it_can_be_locked(tmp_path: Path, content: str) -> None:
    path = tmp_path / ".lock"
    path.write_text(content)
    with IndexLock(path) as lock:
        assert lock.died is None


def test_a_child_that_outlives_the_holder_is_what_is_blamed(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with IndexLock(path):
        gone = {**json.loads(path.read_text()), "pid": 2**22 + 1}  # above any process number
        path.write_text(json.dumps(gone))
        with pytest.raises(IndexLocked, match="that process is gone, but one that it started still holds"):
            IndexLock(path).__enter__()
