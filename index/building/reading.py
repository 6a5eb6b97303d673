"""The passages of a corpus in order, with a record of what each file gave; what is known from before is not read.

Not for what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.building.batch import Batch
from index.building.earlier import Earlier, EarlierFile
from index.building.inventory import SourceRecord
from index.building.roll import Roll
from index.passages import passages_of
from index.sources import NOTHING_KNOWN, Corpus, Problem, Report, Same
from index.types import Kept, Passage

_KEPT = 16  # times as many passages are copied as read in the same time


class Reading:
    """Read it once. `report` hears of each problem, and so does the record of its file."""

    def __init__(
        self, corpus: Corpus, digests: Sequence[str], report: Report, earlier: Earlier | None = None
    ) -> None:
        self._corpus = corpus
        self._digests = digests
        self._report = report
        self._earlier = earlier
        self.records: list[SourceRecord] = []
        self.roll = Roll()
        self._count = 0  # passages

    def batches(self, size: int) -> Iterator[Batch]:
        """All passages, `size` at a time that were read; the last batch may be shorter.

        What is kept before anything is read goes ahead by itself, so that it is copied while more is looked for.
        """
        batch = Batch()
        for found in self._passages():
            if isinstance(found, Kept):
                batch.keep(found)
            else:
                batch.read(found)
            ahead = batch.kept >= _KEPT * size and not batch.passages
            if ahead or len(batch.passages) == size:
                batch.end = self._corpus.bytes_read
                yield batch
                batch = Batch()
        if batch.pieces:
            batch.end = self._corpus.bytes_read
            yield batch

    def _passages(self) -> Iterator[Passage | Kept]:
        for number, file in enumerate(self._corpus.files):
            earlier = self._earlier.find(file) if self._earlier else None
            digest = self._digests[number]
            if earlier and digest and earlier.record.digest == digest:
                yield from self._whole(number, earlier)
                continue
            first, documents = self._count, len(self.roll.ids)
            problems: list[Problem] = []
            yield from self._parts(number, self._noting(problems), earlier)
            self.records.append(
                SourceRecord(
                    stem=file.stem,
                    name=file.name,
                    digest="" if number in self._corpus.unread else digest,
                    first=first,
                    passages=self._count - first,
                    documents=len(self.roll.ids) - documents,
                    problems=tuple(problems),
                )
            )

    def _whole(self, number: int, earlier: EarlierFile) -> Iterator[Kept]:
        """A file that has not changed; its problems are told again."""
        record = earlier.record
        for problem in record.problems:
            self._report(problem)
        self.records.append(replace(record, first=self._count))
        documents = earlier.documents
        self._corpus.claim_all(documents.ids, number, documents.lines)
        self.roll.extend(documents)
        self._corpus.passed(number)
        self._count += record.passages
        if record.passages:
            yield Kept(record.first, record.passages)

    def _parts(self, number: int, note: Report, earlier: EarlierFile | None) -> Iterator[Passage | Kept]:
        """A file that is new or has changed; lines that it had before are kept."""
        for found in self._corpus.found_in(number, note, earlier.known if earlier else NOTHING_KNOWN):
            if isinstance(found, Same):
                assert earlier is not None
                yield from self._same(found, earlier)
                continue
            first = self._count
            for passage in passages_of(found.document):
                self._count += 1
                yield passage
            self.roll.add(found.document.id, found.line, self._count - first, found.key)

    def _same(self, found: Same, earlier: EarlierFile) -> Iterator[Kept]:
        documents = earlier.documents.part(found.first, found.number)
        documents.lines = list(range(found.line, found.line + found.number))
        self.roll.extend(documents)
        first, end = earlier.firsts[found.first], earlier.firsts[found.first + found.number]
        self._count += end - first
        if end > first:
            yield Kept(first, end - first)

    def _noting(self, problems: list[Problem]) -> Report:
        def note(problem: Problem) -> None:
            self._report(problem)
            problems.append(problem)

        return note
