"""Measures an encoder alone on sets in BEIR form: accuracy@1 and nDCG@10 by brute force.

usage: python -m train.evaluate_encoder [--encoder NAME] SET_FOLDER...

Not for the whole search: no sparse leg, no index.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Encoder, Vectors
from index.encoders.choose import open_encoder

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the queries that have a relevant passage."""

    accuracy_1: float
    ndcg_10: float
    queries: int
    passages: int


def evaluate(encoder: Encoder, folder: Path) -> Figures:
    """The corpus is encoded and compared in blocks, so that 100,000 passages fit in little memory."""
    relevant = _judgements(folder / "qrels" / "test.tsv")
    queries = [(name, text) for name, text in _records(folder / "queries.jsonl") if name in relevant]
    passages = list(_records(folder / "corpus.jsonl"))
    asked = encoder.encode_queries([text for _, text in queries])
    found = encoder.encode_passages([text for _, text in passages])
    gains = np.array([
        _gains([passages[row][0] for row in best], relevant[name])
        for (name, _), best in zip(queries, _best(asked, found), strict=True)
    ])  # fmt: skip
    return Figures(float(gains[:, 0].mean()), float(gains[:, 1].mean()), len(queries), len(passages))


def _gains(ranked: list[str], relevant: set[str]) -> tuple[float, float]:
    """Accuracy@1 and nDCG@10 of one query, relevance being yes or no.

    >>> _gains(["x", "a"], {"a"}) == (0.0, 1 / np.log2(3))
    True
    """
    hits = [name in relevant for name in ranked]
    gain = sum(hit / np.log2(place + 2) for place, hit in enumerate(hits))
    ideal = sum(1 / np.log2(place + 2) for place in range(min(len(relevant), _DEPTH)))
    return float(hits[0]), float(gain / ideal)


def _best(asked: Vectors, found: Vectors) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(asked), 256):
        scores = asked[start : start + 256] @ found.T
        for row in scores:
            top = np.argpartition(-row, min(_DEPTH, len(row) - 1))[:_DEPTH]
            yield top[np.argsort(-row[top], kind="stable")]


def _records(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["_id"], f"{record.get('title') or ''} {record['text']}".strip()


def _judgements(path: Path) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, passage, grade = line.split("\t")
        if int(grade) > 0:
            relevant[query].add(passage)
    return dict(relevant)


def table(figures: dict[str, Figures]) -> str:
    """A Markdown table, a set a row."""
    rows = [
        f"| {name} | {f.queries:,} | {f.passages:,} | {f.accuracy_1:.3f} | {f.ndcg_10:.3f} |"
        for name, f in figures.items()
    ]
    return "\n".join(["| set | queries | passages | accuracy@1 | nDCG@10 |", "|---|---|---|---|---|", *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--encoder", default="bridge")
    parser.add_argument("sets", nargs="+", type=Path)
    arguments = parser.parse_args()
    choice = open_encoder(arguments.encoder)
    print(table({folder.name: evaluate(choice.encoder, folder) for folder in arguments.sets}))


if __name__ == "__main__":
    main()
