"""Markdown: front matter of `key: value` lines, `#` headings for sections, the first of level 1 is the title.

Links, emphasis, code spans and HTML tags leave their words; fenced code, comments, rules and link definitions
are left out: a search for prose should not find programs. Offsets count in what remains: paragraphs without
marks, a blank line between them, headings left out. Not for rendering.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.sources.assemble import document
from index.sources.decode import read_text
from index.sources.files import Found, SourceFile
from index.sources.marks import without_marks
from index.sources.problems import Note
from index.types import Section

_FIELD = regex.compile(r"([A-Za-z][A-Za-z0-9_-]{0,31}):[ \t]+(\S.{0,499}?)[ \t]*")
_HEADING = regex.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_CLOSING = regex.compile(r"(?:^|(?<=[ \t]))#+$")
_UNDERLINE = regex.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = regex.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_DEFINITION = regex.compile(r" {0,3}\[[^\^\]][^\]]{0,200}\]:[ \t]*\S+.*")
_FRONT = regex.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\[\^[^\]\s]{1,60}\]:[ \t]*)?")


def read_markdown(file: SourceFile, note: Note) -> Iterator[Found]:
    """The one document of a Markdown file."""
    fields, sections = parse(read_text(file.path))
    yield Found(0, document(file, 0, fields, sections, note, file.stem))


def parse(text: str) -> tuple[dict[str, object], tuple[Section, ...]]:
    """Front matter (with the title) and sections, whose offsets count in the text without marks."""
    fields, lines = _front_matter(text.split("\n"))
    page = _Page()
    for line in _outside_fences(_without_comments("\n".join(lines)).split("\n")):
        page.add(line)
    page.end_paragraph()
    page.end_section()
    if page.title and not fields.get("title"):
        fields["title"] = page.title
    return fields, tuple(page.sections)


def _front_matter(lines: list[str]) -> tuple[dict[str, object], list[str]]:
    if lines[0].rstrip() != "---":
        return {}, lines
    end = next((i for i in range(1, len(lines)) if lines[i].rstrip() in ("---", "...")), 0)
    fields: dict[str, object] = {}
    for line in lines[1:end]:
        if match := _FIELD.fullmatch(line):
            fields[match[1].lower()] = match[2].strip("\"'")
    return fields, lines[end + 1 :] if end else lines


def _without_comments(text: str) -> str:
    out, read = [], 0
    while (start := text.find("<!--", read)) >= 0 and (end := text.find("-->", start)) >= 0:
        out.append(text[read:start])
        read = end + 3
    return "".join((*out, text[read:]))


def _outside_fences(lines: list[str]) -> Iterator[str]:
    """Lines that are no code; a fence that is never closed hides the rest, as it does on the page."""
    fence = ""
    for line in lines:
        match = _FENCE.fullmatch(line)
        if not fence:
            if match and not (match[1][0] == "`" and "`" in match[2]):
                fence = match[1]
                line = ""
            yield line
        elif match and match[1].startswith(fence) and not match[2].strip():
            fence = ""


class _Page:
    """Collects lines into paragraphs and paragraphs into sections."""

    def __init__(self) -> None:
        self.title = ""
        self.sections: list[Section] = []
        self._heading = ""
        self._paragraph: list[str] = []
        self._texts: list[str] = []
        self._start = self._written = 0

    def add(self, line: str) -> None:
        heading = _HEADING.match(line)
        underline = len(self._paragraph) == 1 and _UNDERLINE.fullmatch(line)
        if heading:
            self.end_paragraph()
            self._begin(_CLOSING.sub("", line[heading.end() :].strip()), len(heading[1]))
        elif underline:
            self._begin(self._paragraph.pop(), 1 if underline[1][0] == "=" else 2)
        elif not line.strip() or _is_rule(line):
            self.end_paragraph()
        elif not _is_table_rule(line) and not _DEFINITION.fullmatch(line):
            self._paragraph.append(_bare(line))

    def end_paragraph(self) -> None:
        text = without_marks("\n".join(self._paragraph)).strip()
        self._paragraph = []
        if text:
            self._texts.append(text)

    def end_section(self) -> None:
        text = "\n\n".join(self._texts)
        self._texts = []
        if text:
            self.sections.append(Section(self._heading, text, self._written))
            self._written += len(text) + 2

    def _begin(self, marked: str, level: int) -> None:
        self.end_section()
        heading = " ".join(without_marks(marked).split())
        if level == 1 and not self.title:
            self.title = heading
            heading = ""
        self._heading = heading


def _is_rule(line: str) -> bool:
    marks = line.replace(" ", "").replace("\t", "")
    return len(marks) > 2 and marks[0] in "*-_" and marks == marks[0] * len(marks)


def _is_table_rule(line: str) -> bool:
    return "-" in line and "|" in line and not line.strip("|:- \t")


def _bare(line: str) -> str:
    """A line without its quotation, list or table marks."""
    line = line[_FRONT.match(line).end() :].rstrip()  # type: ignore[union-attr]
    if line.startswith("|"):
        return ", ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip())
    return line
