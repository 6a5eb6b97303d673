"""Building and searching with the bundled encoder: rates, latency by script, memory, size on disk.

usage: python -m bench.search [--name NAME] CORPUS_DIR QUERIES_DIR [QUERIES_DIR …]

A corpus folder is in BEIR form, or the seeds; queries come from each folder's queries.jsonl. Writes bench/results/.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from bench.machine import resident_mib, save
from index.build import rebuild
from index.encoders.choose import open_encoder
from search.evaluate.folders import read_folder
from search.searcher import Searcher
from search.types import SearchRequest

QUERIES = 300
WARM_UP = 20


def latency(searcher: Searcher, queries: list[str]) -> dict[str, float]:
    """Milliseconds a query, reasons and highlights of ten hits included."""
    for query in queries[:WARM_UP]:
        searcher.search(SearchRequest(query))
    took = []
    for query in queries:
        started = time.perf_counter()
        searcher.search(SearchRequest(query))
        took.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(took, n=100)
    return {"median_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "p99_ms": round(cuts[98], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("queries", type=Path, nargs="+")
    parser.add_argument("--name", default="search")
    args = parser.parse_args()
    encoder = open_encoder("bridge").encoder
    with tempfile.TemporaryDirectory() as folder:
        report = rebuild([read_folder(args.corpus).corpus], Path(folder), encoder)
        before = resident_mib()
        searcher = Searcher.open_with(Path(folder), encoder)
        result: dict[str, object] = {
            "corpus": args.corpus.name,
            "passages": report.passages,
            "build_seconds": round(report.seconds, 2),
            "build_passages_per_second": round(report.passages / report.seconds),
            "build_stages": {name: round(seconds, 2) for name, seconds in report.stages.items()},
            "index_bytes": report.bytes,
            "bytes_per_passage": round(report.bytes / report.passages),
            "latency": {
                path.name: latency(searcher, [q.text for q in read_folder(path).queries][:QUERIES])
                for path in args.queries
            },
            "resident_mib_for_searching": round(resident_mib() - before, 1),
            "resident_mib": round(resident_mib(), 1),
        }
        searcher.close()
    print(save(args.name, result).read_text(encoding="utf8"))


if __name__ == "__main__":
    main()
