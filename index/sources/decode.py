"""Bytes of a text file to a string: UTF-8 first, UTF-16 or UTF-32 by their mark, never a guess.

Not for lines of JSON: `jsonl` decodes those one at a time, so that one bad line costs one record.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from index.sources.problems import Unreadable

MAX_FILE_BYTES = 64 << 20
# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes of a file announce; UTF-8 where they announce none."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def decode(data: bytes) -> str:
    """The text with `\\n` as its only line end, without its mark; Unreadable says where it is none."""
    encoding = encoding_of(data[:4])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(data, error.start, 1, encoding) from error
    nul = text.find("\0")
    if nul >= 0:
        raise Unreadable(text.count("\n", 0, nul) + 1, "a NUL character: this is not a text file; skipped")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def undecodable(data: bytes, at: int, first_line: int, encoding: str) -> Unreadable:
    line = first_line + data.count(b"\n", 0, at)
    return Unreadable(
        line,
        f"byte {at} (0x{data[at]:02x}) is not {encoding.removesuffix('-sig').upper()}; skipped: "
        "save it as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8",
    )


def read_text(path: Path) -> str:
    """The whole file, decoded; a file too large to hold is refused before it is read."""
    if path.stat().st_size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES >> 20
        raise Unreadable(0, f"larger than {limit} MiB; skipped: split it, or write it as JSON Lines")
    return decode(path.read_bytes())
