"""What the system says when an index cannot be written, said so that a person can mend it.

Not for damage found when reading: see `generation`.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexError_

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn a failure to write below `root` into IndexError_."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if isinstance(error, OSError) and error.errno is None:  # numpy and FAISS say how many bytes went
            reason = f"not all could be written ({reason})"
        raise IndexError_(
            f"cannot write the index in {root}: {reason}; {_remedy(error)}. What was in use before still is"
        ) from error


def _remedy(error: OSError | sqlite3.Error) -> str:
    number = getattr(error, "errno", None)
    if number in _FORBIDDEN:
        return "check that this user may write there, or choose another folder with --index"
    if number in _FULL or number is None:  # SQLite, FAISS and numpy say it without a number
        return "make room on the disk (a rebuild needs one and a half times what the index takes)"
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return "there is a file in its place: choose another folder with --index"
    return "check the disk and the folder, then run the rebuild again"
