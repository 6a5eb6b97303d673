"""One model in a process of its own: load, one query, 16 clients, memory as a server, passages, memory after them.

    python -m bench.labse_process MODEL ROWS.npy TEXTS     (run by bench.labse)

Not for making models or comparing them. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

Encode = Callable[[Sequence[str]], Any]


def main() -> None:
    folder, rows_file, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(measure(folder, rows_file, count)))


def measure(folder: Path, rows_file: Path, count: int) -> dict[str, Any]:
    from index.encoders.cores import encoder_threads

    texts, queries = passages(count), asked()
    began = time.perf_counter()
    encode_query, encode, encoder = opened(folder)
    encode_query([queries[0]])
    found: dict[str, Any] = {"load_s": time.perf_counter() - began, "threads": encoder_threads()}
    found["memory_first_query"] = memory()
    processor = time.process_time()
    times = [seconds(encode_query, [query]) for query in queries[1:61]]
    found["query_cpu_ms"] = (time.process_time() - processor) / len(times) * 1000
    found["query_ms_median"], found["query_ms_best"] = median(times) * 1000, min(times) * 1000
    found |= clients(encode_query, encoder, queries)
    found["memory_serving"] = memory()
    encode(texts[:8])
    wall, processor = time.perf_counter(), time.process_time()
    rows = encode(texts)
    found["passages_per_s"] = count / (time.perf_counter() - wall)
    found["passages_per_cpu_s"] = count / (time.process_time() - processor)
    found["memory_passages"] = memory()
    np.save(rows_file, rows)
    return found


def opened(folder: Path) -> tuple[Encode, Encode, Any]:
    """How to encode queries and passages, and our encoder where it is one."""
    if (folder / "slim.json").exists():
        from index.encoders.openvino import OpenVinoEncoder

        encoder = OpenVinoEncoder(folder)
        return encoder.encode_queries, encoder.encode_passages, encoder
    from sentence_transformers import SentenceTransformer  # the library's own defaults: fp32, batches of 32

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: Sequence[str]) -> Any:
        return model.encode(list(texts), show_progress_bar=False)

    return encode, encode, None


def passages(count: int) -> list[str]:
    from index.slim.judged import read_judged

    texts = list(read_judged(Path("seeds")).texts)
    return [texts[place * len(texts) // count] for place in range(count)]


def asked() -> list[str]:
    lines = Path("seeds/queries.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def seconds(work: Callable[[Any], Any], given: Any) -> float:
    began = time.perf_counter()
    work(given)
    return time.perf_counter() - began


def clients(alone: Encode, encoder: Any, queries: list[str]) -> dict[str, float]:
    """Queries a second of one client after another, and of 16 at once; nothing is remembered."""
    found = rates("one", lambda: [alone([query]) for query in queries[:120]], 120)
    if encoder is None:
        return found
    from index.encoders.gather import Gathering

    gathering = Gathering(encoder, remembered=0)
    many = (queries * (1 + 320 // len(queries)))[:320]
    with ThreadPoolExecutor(16) as pool:
        ask = partial(pool.map, lambda query: gathering.encode_queries([query]))
        return found | rates("16", lambda: list(ask(many)), len(many))


def rates(name: str, work: Callable[[], Any], count: int) -> dict[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {
        f"queries_per_s_{name}": count / (time.perf_counter() - wall),
        f"queries_per_cpu_s_{name}": count / (time.process_time() - processor),
    }


def memory() -> dict[str, int]:
    """Bytes: resident; this process's share (a page used by two counts half); its own alone."""
    found = dict.fromkeys(("rss", "pss", "private"), 0)
    for line in Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:]:
        name, size = line.split()[:2]
        kind = {"Rss:": "rss", "Pss:": "pss", "Private_Clean:": "private", "Private_Dirty:": "private"}.get(
            name
        )
        if kind:
            found[kind] += int(size) * 1024
    return found


if __name__ == "__main__":
    main()
