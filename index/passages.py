"""Documents to passages: a paragraph each, long paragraphs in even pieces that end where sentences do.

A blank line ends a paragraph; a line so long that nobody wraps there is one by itself. A passage has at most
MAX_WORDS words (and 16 times as many characters: 3,200). A longer paragraph becomes pieces of about
TARGET_WORDS, cut at sentence ends, else at clause marks, else between words, else between letters. Short
paragraphs stay; one without any letter or digit goes. Not for finding sections in files: see `sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

from index.text.script import language_of, script_of
from index.text.sentences import sentences
from index.types import Document, Passage

# Raise it when the same document would give other passages: older indexes are then rebuilt in full.
SPLITTER_VERSION = "1"
MAX_WORDS = 200
TARGET_WORDS = 120
LONG_LINE_CHARS = 160
_CHARS_A_WORD = 16
_UNIT_WORDS = 5

Span = tuple[int, int]
Cutter = Callable[[str], Iterator[int]]  # where the parts of a text begin

_BLANK = regex.compile(r"\n\s*\n")
_SAYS_SOMETHING = regex.compile(r"[\p{L}\p{N}]")
_CLAUSE = regex.compile(r"[,;:—–](?=\s)\s*")
_WORDS = regex.compile(rf"(?:\S+\s*){{1,{_UNIT_WORDS}}}+")
_CONTINUES = regex.compile(r"[\p{M}\u200C\u200D\uFE0F]")
_JOINERS = "\u094d\u200d"


def passages_of(document: Document) -> Iterator[Passage]:
    """The passages of a document in order; `position` counts them from 1."""
    position = 0
    for section in document.sections:
        for start, end in _paragraphs(section.text):
            for first, last in pieces(section.text[start:end]):
                position += 1
                text = section.text[start + first : start + last]
                yield Passage(
                    id=f"{document.id}:{position}",
                    document_id=document.id,
                    position=position,
                    title=document.title,
                    heading=section.heading,
                    text=text,
                    lang=document.lang or language_of(text),
                    script=script_of(text),
                    source=document.source,
                    start=section.start + start + first,
                    url=document.url,
                    date=document.date,
                    metadata=document.metadata,
                )


def pieces(paragraph: str) -> list[Span]:
    """Spans of a paragraph's pieces, without white space at their edges; one span if it is short enough."""
    if len(paragraph) < 2 * MAX_WORDS or _weight(paragraph, 0, len(paragraph)) <= MAX_WORDS:
        return [(0, len(paragraph))]
    starts = [unit for span in sentences(paragraph) for unit in _units(paragraph, *span, _CUTTERS)]
    ends = [*starts[1:], len(paragraph)]
    units = [(start, end, _weight(paragraph, start, end)) for start, end in zip(starts, ends, strict=True)]
    trimmed = (_trim(paragraph, start, end) for start, end in _join_evenly(units))
    return [(start, end) for start, end in trimmed if start < end]


def _paragraphs(text: str) -> Iterator[Span]:
    """Spans of the paragraphs that say something, without white space at their edges."""
    at = 0
    for blank in _BLANK.finditer(text):
        yield from _lines(text, at, blank.start())
        at = blank.end()
    yield from _lines(text, at, len(text))


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """A block of lines: each long line by itself, each run of shorter ones together."""
    if end - start > LONG_LINE_CHARS and text.find("\n", start, end) >= 0:
        at = run = start
        while at <= end:
            stop = text.find("\n", at, end)
            stop = end if stop < 0 else stop
            if stop - at > LONG_LINE_CHARS:
                yield from _saying(text, run, at)
                yield from _saying(text, at, stop)
                run = stop
            at = stop + 1
        start = run
    yield from _saying(text, start, end)


def _saying(text: str, start: int, end: int) -> Iterator[Span]:
    if start < end and _SAYS_SOMETHING.search(text, start, end):
        yield _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _weight(text: str, start: int, end: int) -> int:
    return max(len(text[start:end].split()), -(-(end - start) // _CHARS_A_WORD))


def _units(text: str, start: int, end: int, cutters: tuple[Cutter, ...]) -> Iterator[int]:
    """Where the smallest parts begin that a sentence need be cut into: itself, or clauses, words, letters."""
    if not cutters or _weight(text, start, end) <= MAX_WORDS:
        yield start
        return
    starts = [start + at for at in cutters[0](text[start:end])]
    for first, last in zip(starts, [*starts[1:], end], strict=True):
        yield from _units(text, first, last, cutters[1:])


def _clauses(text: str) -> Iterator[int]:
    yield 0
    yield from (mark.end() for mark in _CLAUSE.finditer(text) if mark.end() < len(text))


def _runs_of_words(text: str) -> Iterator[int]:
    return (run.start() for run in _WORDS.finditer(text))


def _runs_of_letters(text: str) -> Iterator[int]:
    """Every few words' length, but never inside a letter with its marks, unless these are absurdly many."""
    at, step = 0, _UNIT_WORDS * _CHARS_A_WORD
    while at < len(text):
        yield at
        at += step
        limit = min(at + _CHARS_A_WORD, len(text))
        while at < limit and (_CONTINUES.match(text, at) or text[at - 1] in _JOINERS):
            at += 1


_CUTTERS: tuple[Cutter, ...] = (_clauses, _runs_of_words, _runs_of_letters)


def _join_evenly(units: list[tuple[int, int, int]]) -> Iterator[Span]:
    """Neighbouring units (start, end, words) joined to pieces near the even share of what is left."""
    left = sum(words for _, _, words in units)
    start, size, goal = units[0][0], 0, _share(left)
    for begin, _, words in units:
        if size and (size + words > MAX_WORDS or 2 * size + words > 2 * goal):
            yield start, begin
            left -= size
            start, size, goal = begin, 0, _share(left)
        size += words
    yield start, units[-1][1]


def _share(words: int) -> float:
    """An even share near TARGET_WORDS."""
    return words / max(1, round(words / TARGET_WORDS))
