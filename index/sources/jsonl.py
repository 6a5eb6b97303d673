"""JSON Lines: a record a line: `text`, perhaps `title`, `id` or `_id`, `url`, `date`, `lang`, `metadata`.

Every other field that is text, a number, true or false is metadata. BEIR's `corpus.jsonl` is read as it is.
Offsets count in `text`. A bad line costs that record alone. Not for a JSON array: put a record a line.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

import xxhash

from index.sources.assemble import document
from index.sources.decode import encoding_of, read_text, undecodable
from index.sources.fields import KNOWN, text_fault
from index.sources.files import NOTHING_KNOWN, Found, Known, Same, SourceFile
from index.sources.problems import Note, Unreadable
from index.types import Document, Section

MAX_LINE_BYTES = 32 << 20
_OWN_FIELDS = KNOWN | {"_id", "text", "metadata"}


def read_jsonl(file: SourceFile, note: Note, known: Known = NOTHING_KNOWN) -> Iterator[Found | Same]:
    """The records of a file in order; a record without an id is called after its line (`corpus:12`).

    A line whose key is known is not parsed.
    """
    troubled = 0  # the last line with a problem

    def heard(line: int, reason: str) -> None:
        nonlocal troubled
        troubled = line
        note(line, reason)

    for line, data, read in _lines(file, heard):
        digest = "" if isinstance(data, str) else xxhash.xxh3_128_hexdigest(data)
        number = known.by_key.get(digest)
        if number is None:
            number = known.by_key.get(_key(digest, line))
        if number is not None:
            yield Same(line, number, 1, read)
            continue
        try:
            text = _decoded(line, data)
            if not text or text.isspace():
                continue
            found = _document(file, line, text, heard)
        except Unreadable as problem:
            heard(problem.line, problem.reason)
            continue
        key = _key(digest, line) if found.id == _name_by_line(file, line) else digest
        yield Found(line, found, read, key if digest and troubled != line else "")


def _key(digest: str, line: int) -> str:
    """Of a record that is called after its line; the digest alone is that of one with a name of its own."""
    return f"{digest}:{line}"


def _decoded(line: int, data: bytes | str) -> str:
    try:
        return data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        assert isinstance(data, bytes)
        raise Unreadable(line, undecodable(data, error.start, 1, "utf-8").reason) from error


def _name_by_line(file: SourceFile, line: int) -> str:
    return f"{file.stem}:{line}"


def _lines(file: SourceFile, note: Note) -> Iterator[tuple[int, bytes | str, int]]:
    """Lines with their number and the bytes read so far, not yet decoded if UTF-8; one too long is noted."""
    with file.path.open("rb") as stream:
        encoding = encoding_of(stream.peek(4)[:4])
        if not encoding.startswith("utf-8"):  # its lines cannot be found in the bytes
            for number, text in enumerate(read_text(file.path).split("\n"), start=1):
                yield number, text, file.size
            return
        number = read = 0
        while data := stream.readline(MAX_LINE_BYTES):
            number, read = number + 1, read + len(data)
            if len(data) == MAX_LINE_BYTES and not data.endswith(b"\n"):
                _skip_line(stream)
                note(number, f"longer than {MAX_LINE_BYTES >> 20} MiB; skipped")
                continue
            yield number, data.removeprefix(codecs.BOM_UTF8) if number == 1 else data, read


def _skip_line(stream: BinaryIO) -> None:
    while (data := stream.readline(MAX_LINE_BYTES)) and not data.endswith(b"\n"):
        pass


def _document(file: SourceFile, line: int, data: str, note: Note) -> Document:
    record = _record(line, data)
    text = record.get("text")
    if not isinstance(text, str):
        found = ", ".join(sorted(record)[:8]) or "nothing"
        raise Unreadable(line, f"no field 'text' with text in it (it has: {found[:200]}); skipped")
    metadata = record.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise Unreadable(line, "its metadata is not an object; skipped")
    others = {name: value for name, value in record.items() if name not in _OWN_FIELDS}
    fields = {**metadata, **others}
    fields["id"] = record["id"] if record.get("id") is not None else record.get("_id")
    fields["title"] = record.get("title")
    for name in ("url", "date", "lang"):
        if record.get(name) is not None:
            fields[name] = record[name]
    if "\\u" in data:  # nothing else can write a lone surrogate or a NUL
        _check_strings(line, {**fields, "text": text})
    return document(file, line, fields, (Section("", text),), note, _name_by_line(file, line))


def _record(line: int, data: str) -> dict[str, object]:
    try:
        record = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(line, f"not JSON: {_reason(error, data)}; skipped") from error
    if not isinstance(record, dict):
        raise Unreadable(line, "not a JSON object; skipped")
    return record


def _reason(error: ValueError | RecursionError, data: str) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (character {min(error.pos, len(data.rstrip())) + 1})"
    return str(error).partition("; use sys.")[
        0
    ]  # what Python says of a number of 5,000 digits goes on for programmers


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _check_strings(line: int, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        fault = text_fault(name) or (text_fault(value) if isinstance(value, str) else None)
        if fault:
            raise Unreadable(line, f"its {name[:40]} cannot be used: {fault}; skipped")
