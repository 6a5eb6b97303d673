"""What was wrong with a source: one entry a problem, for a person to mend.

Not for failures of the index itself: those are errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from index.errors import SourceError


class Problem(NamedTuple):
    """`file` is the path as a person would type it; `line` counts from 1, 0 means the whole file.

    >>> str(Problem("news/a.txt", 3, "the text is empty; skipped"))
    'news/a.txt:3: the text is empty; skipped'
    """

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


Report = Callable[[Problem], None]
Note = Callable[[int, str], None]


def strictly(problem: Problem) -> None:
    """The report of a reader that may skip nothing.

    >>> strictly(Problem("news/a.txt", 3, "the text is empty; skipped"))
    Traceback (most recent call last):
    index.errors.SourceError: news/a.txt:3: the text is empty; strict, so nothing was rebuilt
    """
    raise SourceError(f"{problem}; strict, so nothing was rebuilt".replace("; skipped", ""))


class Unreadable(Exception):
    """Inside this package: a file, or the rest of it, cannot be used. `Corpus` turns it into a problem."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
