"""Plain text: a title, a header of `key: value` lines, then paragraphs, some with a heading right above them.

    Title of the article
    date: 2023-08-23
    field: space

    A section's heading
    Its first paragraph, on one line or several.

    Its second paragraph.

Title, header and headings may all be missing. A heading holds until the next one. Offsets count in the file's
text with `\\n` line ends. Not for Markdown: see `markdown`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from index.sources.assemble import document
from index.sources.decode import read_text
from index.sources.fields import KNOWN
from index.sources.files import Found, SourceFile
from index.sources.problems import Note
from index.types import Section

MAX_TITLE_CHARS = 300
MAX_HEADING_WORDS = 15
# Nobody wraps narrower: two lines shorter than this are a heading and its paragraph, not a wrapped paragraph.
_NARROWEST_WRAP = 60

_FIELD = regex.compile(r"([A-Za-z][A-Za-z0-9_-]{0,31}):(?:[ \t]+(\S.{0,499}))?[ \t]*")
_ENDS_A_SENTENCE = regex.compile(r"(?:[।॥…,;]|(?<!(?:\.|\s|^)\p{L}\p{M}*)\.)$")
_LIST_ITEM = regex.compile(r"(?:[-*•–]|\d{1,3}[.)])\s")


class Line(NamedTuple):
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Block = list[Line]


def read_plain(file: SourceFile, note: Note) -> Iterator[Found]:
    """The one document of a text file."""
    text = read_text(file.path)
    fields, sections = parse(text)
    yield Found(0, document(file, 0, fields, sections, note, file.stem))


def parse(text: str) -> tuple[dict[str, object], tuple[Section, ...]]:
    """Header fields (the title among them) and sections whose text is `text[start:start + len]`."""
    blocks = list(_blocks(text))
    fields, rest = _header(blocks) if blocks else ({}, [])
    return fields, tuple(_sections(text, rest))


def _blocks(text: str) -> Iterator[Block]:
    """Runs of lines that are not blank."""
    block: Block = []
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            block.append(Line(line, start))
        elif block:
            yield block
            block = []
        start += len(line) + 1
    if block:
        yield block


def _header(blocks: list[Block]) -> tuple[dict[str, object], list[Block]]:
    """The title and header fields of the first block, and the blocks that are text."""
    first = blocks[0]
    if (
        _FIELD.fullmatch(first[0].text)
        and first[0].text.split(":")[0].lower() in KNOWN
        and (own := _fields(first))
    ):
        return own, blocks[1:]
    title = first[0].text.strip()
    if len(title) <= MAX_TITLE_CHARS:
        fields, more = _fields(first[1:]), len(blocks) > 1
        if KNOWN & fields.keys() or (fields and more and all(line.text[0].islower() for line in first[1:])):
            return {**fields, "title": title}, blocks[1:]
        if more and len(first) == 1 and not _ENDS_A_SENTENCE.search(title):
            return {"title": title}, blocks[1:]
    return {}, blocks


def _fields(lines: Block) -> dict[str, object]:
    """The `key: value` pairs if every line is one, else nothing."""
    found: dict[str, object] = {}
    for line in lines:
        match = _FIELD.fullmatch(line.text)
        if not match:
            return {}
        if match[2]:
            found[match[1].lower()] = match[2].rstrip()
    return found


def _sections(text: str, blocks: list[Block]) -> Iterator[Section]:
    heading, start, end = "", -1, -1
    for block in blocks:
        if _has_heading(block):
            if start >= 0:
                yield Section(heading, text[start:end], start)
            heading, block, start = block[0].text.strip(), block[1:], -1
        start = block[0].start if start < 0 else start
        end = block[-1].end
    if start >= 0:
        yield Section(heading, text[start:end], start)


def _has_heading(block: Block) -> bool:
    """Whether the first line is a heading: short, no sentence, no full line of a wrapped paragraph."""
    if len(block) < 2:
        return False
    first = block[0].text.strip()
    if len(first.split()) > MAX_HEADING_WORDS or _ENDS_A_SENTENCE.search(first) or _LIST_ITEM.match(first):
        return False
    width = max(_NARROWEST_WRAP, *(len(line.text) for line in block))
    next_word = block[1].text.split(maxsplit=1)[0]
    return len(first) + 1 + len(next_word) <= width
