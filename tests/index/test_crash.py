"""Rebuilds killed at fifty random moments: the index is the old one or the new one, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_rebuild_killed_at_any_moment_leaves_an_index_that_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.crash_driver", str(tmp_path), "50", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    _, old, _, new = done.stdout.split()
    assert int(old) + int(new) == 50 and int(old) >= 5


def test_a_rebuild_that_keeps_most_killed_at_any_moment_leaves_an_index_that_answers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.crash_driver", str(tmp_path), "40", "9", "10"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    _, old, _, new = done.stdout.split()
    assert int(old) + int(new) == 40 and int(old) >= 5


def test_a_snapshot_restore_or_rollback_killed_at_any_moment_leaves_both_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.index.carry_driver", str(tmp_path), "30", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "restore killed" in done.stdout and "snapshot killed" in done.stdout
