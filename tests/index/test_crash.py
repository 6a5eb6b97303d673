"""Rebuilds killed, or out of room, at random moments: the index is the old one or the new one, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_a_rebuild_killed_at_any_moment_leaves_an_index_that_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.crash_driver", str(tmp_path), "50", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    _, old, _, new, _, killed = done.stdout.split()
    assert int(old) + int(new) == 50 and int(old) >= 5 and int(killed) >= 25


def test_a_rebuild_that_keeps_most_killed_at_any_moment_leaves_an_index_that_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.crash_driver", str(tmp_path), "40", "9", "10"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    _, old, _, new, _, killed = done.stdout.split()
    assert int(old) + int(new) == 40 and int(old) >= 5 and int(killed) >= 20


def test_a_snapshot_restore_or_rollback_killed_at_any_moment_leaves_both_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.carry_driver", str(tmp_path), "30", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert "restore killed" in done.stdout and "snapshot killed" in done.stdout


@pytest.mark.parametrize("every", ["1", "10"], ids=["from nothing", "keeping"])
def test_a_disk_that_is_full_at_any_point_of_a_rebuild_leaves_the_index_and_says_so(
    tmp_path: Path, every: str
) -> None:
    command = [sys.executable, "-m", "tests.index.full_driver", str(tmp_path), "10", "7", every]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert " full 10 enough " in done.stdout
