"""Real paragraphs and judged queries for slimming and verifying: sources, with `queries.jsonl` and `qrels/`.

Not for evaluating a search: see `search.evaluate`, which measures all of it; here only encoders are compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.passages import passages_of
from index.sources import Corpus
from index.types import Passage

_ENOUGH = 600  # passages, so that a large corpus does not make verifying a day's work


@dataclass(frozen=True, slots=True)
class Judged:
    """`relevant[i]` are the places in `texts` that answer `queries[i]`; without judgements both are empty."""

    texts: Sequence[str]
    queries: Sequence[str]
    relevant: Sequence[frozenset[int]]


def read_judged(folder: Path) -> Judged:
    """Raises SourceError where there is no paragraph."""
    passages = _sample(list(_passages(folder)))
    if not passages:
        raise SourceError(
            f"{folder} holds no paragraph to measure with: name a folder of Hindi and English texts"
        )
    places = {passage.id: place for place, passage in enumerate(passages)}
    judged = {name: found for name, found in _relevant(folder, places).items() if found}
    queries = [(text, judged[name]) for name, text in _queries(folder) if name in judged]
    return Judged(
        [passage.titled_text for passage in passages],
        [text for text, _ in queries],
        [frozenset(found) for _, found in queries],
    )


def _passages(folder: Path) -> Sequence[Passage]:
    corpus = Corpus([folder])
    return [passage for document in corpus.documents(lambda _: None) for passage in passages_of(document)]


def _sample(passages: list[Passage]) -> list[Passage]:
    """Evenly spread, so that both languages stay in."""
    step = max(-(-len(passages) // _ENOUGH), 1)
    return passages[::step]


def _queries(folder: Path) -> list[tuple[str, str]]:
    try:
        lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [(row["_id"], row["text"]) for row in map(json.loads, filter(None, lines))]


def _relevant(folder: Path, places: dict[str, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for path in sorted((folder / "qrels").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            query, passage, grade = line.split("\t")
            if passage in places and float(grade) > 0:
                found.setdefault(query, set()).add(places[passage])
    return found
