"""The passages of a corpus in order, with a record of what each file gave.

Not for what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.building.inventory import SourceRecord
from index.passages import passages_of
from index.sources import Corpus, Problem, Report
from index.types import Passage


class Reading:
    """Read it once. `report` hears of each problem, and so does the record of its file."""

    def __init__(self, corpus: Corpus, digests: Sequence[str], report: Report) -> None:
        self._corpus = corpus
        self._digests = digests
        self._report = report
        self.records: list[SourceRecord] = []
        self.documents = 0

    def batches(self, size: int) -> Iterator[list[Passage]]:
        """All passages, `size` at a time; the last batch may be shorter."""
        batch: list[Passage] = []
        for passage in self._passages():
            batch.append(passage)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch

    def _passages(self) -> Iterator[Passage]:
        count = 0
        for number, file in enumerate(self._corpus.files):
            first, documents = count, self.documents
            problems: list[Problem] = []
            for document in self._corpus.documents_of(number, self._noting(problems)):
                self.documents += 1
                for passage in passages_of(document):
                    count += 1
                    yield passage
            self.records.append(
                SourceRecord(
                    stem=file.stem,
                    name=file.name,
                    digest=self._digests[number],
                    first=first,
                    passages=count - first,
                    documents=self.documents - documents,
                    problems=tuple(problems),
                )
            )

    def _noting(self, problems: list[Problem]) -> Report:
        def note(problem: Problem) -> None:
            self._report(problem)
            problems.append(problem)

        return note
