"""What a terminal needs: colours where they are seen, lines of its width, and nothing that it would obey.

Not for what is printed: see `hits`.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from typing import TextIO

import regex

_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MAX_WIDTH = 100


def is_terminal(stream: TextIO) -> bool:
    return stream.isatty()


def has_colour(stream: TextIO) -> bool:
    """Colours on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is dumb."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH)


def notice(text: str) -> None:
    print(harmless(text), file=sys.stderr)


def harmless(text: str) -> str:
    """Without control characters: a passage must not move the cursor, paint the screen or turn text round.

    The length stays, so that highlights stay in place.
    """
    return _CONTROL.sub("\ufffd", text).replace("\t", " ")


def columns(text: str) -> int:
    """Cells that the text takes, as most terminals count.

    >>> columns("India"), columns("हिंदी")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def lines(text: str, limit: int | None) -> list[tuple[int, int]]:
    """Spans of the lines that `text` is broken into at spaces; a word too long for a line gets its own.

    Without a limit, only line breaks break lines.
    """
    if limit is None:
        return [match.span() for match in regex.finditer(r"[^\n]*\S[^\n]*", text)]
    spans: list[tuple[int, int]] = []
    for word in regex.finditer(r"\S+", text):
        start, end = word.span()
        newline = bool(spans) and "\n" in text[spans[-1][1] : start]
        if spans and not newline and columns(text[spans[-1][0] : end]) <= limit:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
