"""What is said where an index cannot be written."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from index.errors import IndexError_
from index.faults import explained

ROOM = "make room on the disk (a rebuild needs one and a half times what the index takes)"
USER = "check that this user may write there, or choose another folder with --index"
PLACE = "there is a file in its place: choose another folder with --index"
DISK = "check the disk and the folder, then run the rebuild again"


def numbered(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("error", "reason", "remedy"),
    [
        (numbered(errno.ENOSPC), "No space left on device", ROOM),
        (numbered(errno.EFBIG), "File too large", ROOM),
        (
            OSError("80 requested and 8 written"),
            "not all could be written (80 requested and 8 written)",
            ROOM,
        ),
        (sqlite3.OperationalError("database or disk is full"), "database or disk is full", ROOM),
        (numbered(errno.EROFS), "Read-only file system", USER),
        (numbered(errno.EACCES), "Permission denied", USER),
        (numbered(errno.ENOTDIR), "Not a directory", PLACE),
        (numbered(errno.EIO), "Input/output error", DISK),
    ],
    ids=str,
)
def test_the_reason_and_the_remedy_are_said(error: Exception, reason: str, remedy: str) -> None:
    with pytest.raises(IndexError_) as raised, explained(Path("news")):
        raise error
    assert str(raised.value) == (
        f"cannot write the index in news: {reason}; {remedy}. What was in use before still is"
    )
