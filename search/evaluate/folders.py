"""Judged queries in BEIR form: `queries.jsonl`, `qrels/test.tsv`, and a corpus: `corpus.jsonl` or any readable files.

A judged id names a document or, as in the seeds, a passage (`document:position`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from search.types import MAX_QUERY_CHARS

Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str
    lang: str  # as the file says: `en`, `hi`, `hi-Latn`; "" where it does not


@dataclass(frozen=True, slots=True)
class JudgedFolder:
    """A set of queries with their relevant documents; `corpus` is what to index, `fingerprint` tells corpora apart."""

    name: str
    queries: Sequence[Query]
    qrels: Qrels
    corpus: Path
    fingerprint: str


def read_folder(folder: Path) -> JudgedFolder:
    """Raises SourceError saying which file is missing or malformed, and where."""
    corpus = folder / "corpus.jsonl"
    corpus = corpus if corpus.is_file() else folder
    qrels = _read_qrels(folder / "qrels" / "test.tsv")
    queries = [q for q in _read_queries(folder / "queries.jsonl") if q.id in qrels]
    if not queries:
        raise SourceError(f"{folder}: no query of queries.jsonl is judged in qrels/test.tsv")
    return JudgedFolder(folder.resolve().name, queries, qrels, corpus, _fingerprint(corpus))


def _read_queries(path: Path) -> list[Query]:
    found: list[Query] = []
    ids: set[str] = set()
    for number, line in _lines(path):
        try:
            record = json.loads(line)
            lang = str((record.get("metadata") or {}).get("lang", ""))
            query = Query(str(record["_id"]), record["text"], lang)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"{path}:{number}: not a query record with _id and text ({error})") from error
        if not isinstance(query.text, str) or not 0 < len(query.text.strip()) <= MAX_QUERY_CHARS:
            raise SourceError(
                f"{path}:{number}: its text is no question of 1 to {MAX_QUERY_CHARS:,} characters"
            )
        if query.id in ids:
            raise SourceError(f"{path}:{number}: another query has the _id {query.id[:80]!r}")
        ids.add(query.id)
        found.append(query)
    return found


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        row = line.split("\t")
        if number == 1 and row[0] == "query-id":
            continue
        try:
            query, document, grade = row
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise SourceError(
                f"{path}:{number}: three columns query-id, corpus-id, score expected ({error})"
            ) from error
    return {query: found for query, found in qrels.items() if any(grade > 0 for grade in found.values())}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Those that are not blank, with their numbers. Lines end as in the sources, not at U+2028 within a text."""
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            yield number, line


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {path}: {error}; an evaluation folder is in BEIR form") from error


def _fingerprint(corpus: Path) -> str:
    """Over the content of a corpus file; over the path of a folder, which only it can share."""
    if corpus.is_dir():
        return str(corpus.resolve())
    with corpus.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
