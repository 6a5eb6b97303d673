"""What takes long and needs no turn: types are checked beside the other tests, from their start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TYPES = pytest.StashKey[subprocess.Popen[str]]()


def pytest_collection_finish(session: pytest.Session) -> None:
    wanted = any(item.name == "test_types_are_strict" for item in session.items)
    if wanted and not session.config.option.collectonly:
        session.config.stash[TYPES] = subprocess.Popen(
            [sys.executable, "-m", "mypy"],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def type_check(request: pytest.FixtureRequest) -> subprocess.Popen[str]:
    """mypy over the whole code."""
    return request.config.stash[TYPES]


def pytest_unconfigure(config: pytest.Config) -> None:
    checking = config.stash.get(TYPES, None)
    if checking is not None and checking.poll() is None:  # the tests ended before their end
        checking.kill()
        checking.communicate()
