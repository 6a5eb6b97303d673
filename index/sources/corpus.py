"""All documents of one or several sources, one at a time, with ids that stay apart.

Not for what a file looks like inside: see the readers beside this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.errors import SourceError
from index.sources.fields import identifier_fault, text_fault
from index.sources.files import NOTHING_KNOWN, Found, Known, Same, SourceFile, list_files, together
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.plain import read_plain
from index.sources.problems import Note, Problem, Report, Unreadable, strictly
from index.types import Document

_READERS: dict[str, Callable[[SourceFile, Note], Iterator[Found]]] = {
    "plain": read_plain,
    "markdown": read_markdown,
}


def read(source: Path, report: Report = strictly) -> Iterator[Document]:
    """The documents of a file or folder, in an order that depends on names alone.

    What cannot be read goes to `report` and is skipped; the default raises SourceError at the first problem.
    Two documents of one id are always a SourceError.
    """
    return Corpus([source]).documents(report)


class Corpus:
    """Several sources read as one. `files` are listed once; a source that is missing raises SourceError.

    `bytes` is their size; `bytes_read` grows towards it, for a progress bar.
    """

    def __init__(self, sources: Sequence[Path]) -> None:
        self.files = list_files(sources)
        self.bytes = sum(file.size for file in self.files)
        self.bytes_read = 0
        self.unread: set[int] = set()  # numbers of files of which a part, or all, could not be read
        self._first_seen: dict[str, int] = {}  # document id -> file number << 32 | line

    def documents(self, report: Report = strictly) -> Iterator[Document]:
        for number in range(len(self.files)):
            yield from self.documents_of(number, report)

    def documents_of(self, number: int, report: Report = strictly) -> Iterator[Document]:
        """The documents of `files[number]`; their ids are held against those of every file read before."""
        for found in self.found_in(number, report):
            if isinstance(found, Found):  # nothing is known, so nothing is the same
                yield found.document

    def found_in(
        self, number: int, report: Report = strictly, known: Known = NOTHING_KNOWN
    ) -> Iterator[Found | Same]:
        """The documents of `files[number]` as their reader found them, those that are known many at once."""
        file = self.files[number]

        def note(line: int, reason: str) -> None:
            report(Problem(_printable(str(file.path)), line, _printable(reason)))

        fault = text_fault(file.name) or identifier_fault(file.stem)
        if fault:
            note(0, f"its name cannot be used: {fault}; skipped: rename it")
            return
        before = self.bytes_read
        try:
            if not file.path.is_file():
                raise Unreadable(0, "gone, or no plain file any more; skipped")
            for found in together(_found(file, note, known)):
                if isinstance(found, Same):
                    ids = known.ids[found.first : found.first + found.number]
                    self.claim_all(ids, number, range(found.line, found.line + found.number))
                else:
                    self.claim(found.document.id, number, found.line)
                self.bytes_read = before + found.read
                yield found
        except Unreadable as problem:
            note(problem.line, problem.reason)
        except OSError as error:
            self.unread.add(number)
            note(0, f"cannot be read: {error.strerror or error}; skipped")
        self.bytes_read = before + file.size

    def passed(self, number: int) -> None:
        """`files[number]` need not be read."""
        self.bytes_read += self.files[number].size

    def claim(self, document_id: str, number: int, line: int) -> None:
        """A document of `files[number]` has this id; SourceError if another has it."""
        place = number << 32 | line
        first = self._first_seen.setdefault(document_id, place)
        if first != place:
            raise SourceError(
                f"two documents have the id {document_id!r}: {self._where(first)} and {self._where(place)}; "
                "give one another id, or leave one out"
            )

    def claim_all(self, ids: Sequence[str], number: int, lines: Sequence[int]) -> None:
        """The same of many, by their lines."""
        claimed = dict(zip(ids, (number << 32 | line for line in lines), strict=True))
        if len(claimed) == len(ids) and self._first_seen.keys().isdisjoint(claimed):
            self._first_seen.update(claimed)
            return
        for document_id, line in zip(ids, lines, strict=True):
            self.claim(document_id, number, line)

    def _where(self, place: int) -> str:
        path, line = self.files[place >> 32].path, place & 0xFFFFFFFF
        return f"{path}:{line}" if line else str(path)


def _found(file: SourceFile, note: Note, known: Known) -> Iterator[Found | Same]:
    return read_jsonl(file, note, known) if file.kind == "jsonl" else _READERS[file.kind](file, note)


def _printable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
