"""Evaluation runs: build a temporary index for each corpus, ask every query, measure.

Folders with the same corpus share one build.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.build import rebuild
from index.encoders.base import Encoder
from index.errors import SourceError
from index.text.script import script_of
from search.evaluate.folders import JudgedFolder, Query
from search.evaluate.measures import Measured, measure
from search.searcher import Searcher
from search.types import Answer, Hit, Mode, SearchRequest

DEPTH = 100
Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What came of one folder; `answers` are the hits of each query, `slices` names each query's slice."""

    folder: JudgedFolder
    measured: dict[str, Measured]
    answers: Sequence[Sequence[Hit]]
    slices: Sequence[str]
    seconds: float

    def by_slice(self) -> dict[str, tuple[Measured, int]]:
        """nDCG@10 and the number of queries of each slice, by name; empty where all queries are of one."""
        names = sorted(set(self.slices))
        rows = {name: [row for row, other in enumerate(self.slices) if other == name] for name in names}
        values = self.measured["nDCG@10"].values
        return {
            n: (Measured([values[row] for row in rows[n]]), len(rows[n])) for n in names if len(names) > 1
        }

    def summary(self) -> dict[str, float | int]:
        """The measures' means, the number of queries, and the seconds that they took."""
        means: dict[str, float | int] = {name: round(m.mean, 4) for name, m in self.measured.items()}
        return {**means, "queries": len(self.folder.queries), "seconds": round(self.seconds, 2)}


def evaluate(
    folders: Sequence[JudgedFolder], encoder: Encoder, mode: Mode = "hybrid", ratio: float | None = None,
    notify: Notify = lambda _: None,
) -> Iterator[FolderResult]:  # fmt: skip
    """Results in the order of the corpora's first appearance."""
    by_corpus: dict[str, list[JudgedFolder]] = {}
    for folder in folders:
        by_corpus.setdefault(folder.fingerprint, []).append(folder)
    for shared in by_corpus.values():
        notify(f"indexing {shared[0].corpus}")
        with built(shared[0].corpus, encoder) as searcher:
            for folder in shared:
                notify(f"asking {len(folder.queries)} queries of {folder.name}")
                yield run_folder(searcher, folder, mode, ratio)


@contextmanager
def built(corpus: Path, encoder: Encoder) -> Iterator[Searcher]:
    """A searcher over a temporary index of the corpus, made by the real build."""
    with tempfile.TemporaryDirectory(prefix="dubhashi-eval-") as folder:
        rebuild([corpus], Path(folder), encoder)
        searcher = Searcher.open_with(Path(folder), encoder)
        try:
            yield searcher
        finally:
            searcher.close()


def run_folder(searcher: Searcher, folder: JudgedFolder, mode: Mode, ratio: float | None) -> FolderResult:
    judged = {document for found in folder.qrels.values() for document in found}
    if not any(map(searcher.holds, judged)):
        raise SourceError(
            f"{folder.name}: the index holds none of the {len(judged)} documents and passages that are judged, such "
            f"as {min(judged)[:80]!r}: are the queries of another corpus?"
        )
    started = time.perf_counter()
    answers = [ask(searcher, query, mode, ratio) for query in folder.queries]
    seconds = time.perf_counter() - started
    run = {q.id: ranked(a.hits, judged) for q, a in zip(folder.queries, answers, strict=True)}
    measured = measure(folder.qrels, run, [q.id for q in folder.queries])
    languages = {
        identifier: hit.lang for a in answers for hit in a.hits for identifier in (hit.id, hit.document_id)
    }
    slices = [_slice(q, folder, languages) for q in folder.queries]
    return FolderResult(folder, measured, [a.hits for a in answers], slices, seconds)


def ask(searcher: Searcher, query: Query, mode: Mode, ratio: float | None) -> Answer:
    return searcher.search(
        SearchRequest(query.text, limit=DEPTH, mode=mode, semantic_ratio=ratio, explain=False)
    )


def ranked(hits: Sequence[Hit], judged: set[str]) -> dict[str, float]:
    """Scores by judged id: a passage counts for itself where passages are judged, else for its document.

    Ties are broken by rank, since the measures would break them by name.
    """
    found: dict[str, float] = {}
    for hit in hits:
        found.setdefault(hit.id if hit.id in judged else hit.document_id, hit.score - 1e-7 * hit.rank)
    return found


def _slice(query: Query, folder: JudgedFolder, languages: dict[str, str]) -> str:
    """`query script → passage language`, e.g. `hi-Latn → en`; both languages where relevant passages are of both."""
    script = query.lang or {"deva": "hi", "latn": "latin"}.get(script_of(query.text), "mixed")
    relevant = {languages.get(d, "") for d, grade in folder.qrels[query.id].items() if grade > 0} - {""}
    return f"{script} → {'+'.join(sorted(relevant)) or 'not found'}"
