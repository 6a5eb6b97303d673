"""What a rebuild costs after a change of one paragraph in a hundred, against one from nothing.

    python -m bench.rebuild

100,000 made-up paragraphs, once as one JSON Lines file and once as 5,000 text files, with the bundled encoder; and
once more with vectors of LaBSE's size, whose full rebuild is the time that LaBSE itself would take. Writes
`bench/results/rebuild.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.machine import RESULTS, save
from bench.made_up import DOCUMENT_PARAGRAPHS, make_sources
from index.build import BuildReport, rebuild
from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from index.layout import Layout

Records = list[dict[str, str]]
Write = Callable[[Path, Records], None]
ROUNDS = 3


class LabseSized:
    """Vectors of LaBSE's dimension at no cost: what is measured is everything but encoding."""

    name, fingerprint, dimension = "labse-sized", "labse-sized", 768

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
            row[:] = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_queries = encode_passages


def as_one_file(folder: Path, records: Records) -> None:
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / "made-up.jsonl").write_text("".join(lines), encoding="utf-8")


def as_text_files(folder: Path, records: Records) -> None:
    for record in records:
        path = folder / f"{record['id']}.txt"
        text = f"{record['title']}\n\n{record['text']}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def changed(records: Records, places: Sequence[int], word: str) -> Records:
    """The records with a word more in these paragraphs."""
    found = [dict(record) for record in records]
    for place in places:
        record = found[place // DOCUMENT_PARAGRAPHS]
        paragraphs = record["text"].split("\n\n")
        paragraphs[place % DOCUMENT_PARAGRAPHS] += f" {word}"
        record["text"] = "\n\n".join(paragraphs)
    return found


def timed(
    source: Path, index: Path, encoder: Encoder, **options: Any
) -> tuple[BuildReport, dict[str, float]]:
    began, spent = time.perf_counter(), time.process_time()
    report = rebuild([source], index, encoder, **options)
    return report, {
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(time.process_time() - spent, 2),
    }


def middle(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(median(run[name] for run in runs), 2) for name in runs[0]}


def measured(work: Path, records: Records, write: Write, encoder: Encoder) -> dict[str, Any]:
    """Full before and after, changed in two ways, unchanged; and whether all of it is in the end as from nothing."""
    for name in ("source", "few"):
        (work / name).mkdir(parents=True)
    source, index = work / "source", work / "index"
    write(work / "few", records[:20])
    timed(work / "few", work / "warm", encoder)  # loads the libraries
    write(source, records)
    report, before = timed(source, index, encoder)
    chance, count = random.Random(5), report.passages // 100
    together = range(report.passages // 2, report.passages // 2 + count)
    parts: dict[str, Any] = {}
    for name in ("spread", "together"):
        runs = []
        for number in range(ROUNDS):
            places = (
                chance.sample(range(len(records) * DOCUMENT_PARAGRAPHS), count)
                if name == "spread"
                else together
            )
            records = changed(records, places, f"{name}{number}")
            write(source, records)
            runs.append(timed(source, index, encoder)[1])
        parts[f"one_per_cent_{name}"] = middle(runs)
    parts["unchanged"] = middle([timed(source, index, encoder)[1] for _ in range(ROUNDS)])
    full = middle([before, timed(source, work / "fresh", encoder)[1]])
    for part in parts.values():
        part["of_full"] = round(part["seconds"] / full["seconds"], 4)
        part["of_full_processor"] = round(part["processor_seconds"] / full["processor_seconds"], 4)
    return {
        "passages": report.passages,
        "full": {**full, "passages_a_second": round(report.passages / full["seconds"])},
        **parts,
        "as_from_nothing": contents(index) == contents(work / "fresh"),
    }


def contents(index: Path) -> dict[str, str]:
    """A digest of each file of the generation in use; of the database, of its rows. The manifest has a date."""
    folder = Layout(index).folder(Layout(index).current().number)
    found = {}
    for path in sorted(folder.rglob("*")):
        digest = hashlib.blake2b(digest_size=16)
        if path.name == "passages.db":
            connection = sqlite3.connect(path)
            for row in connection.execute("SELECT * FROM passages ORDER BY ordinal"):
                digest.update(repr(row).encode())
            connection.close()
        elif path.is_file() and path.name != "manifest.json":
            digest.update(path.read_bytes())
        found[str(path.relative_to(folder))] = digest.hexdigest()
    return found


def labse_seconds(passages: int) -> float:
    """How long the fastest measured LaBSE takes for so many passages."""
    results = json.loads((RESULTS / "labse.json").read_text("utf-8"))["results"]
    return passages / max(float(result["passages_per_s"]) for result in results.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--out", default="rebuild")
    given = parser.parse_args()
    load = os.getloadavg()[1]
    work = Path(tempfile.mkdtemp(prefix="dubhashi-bench-"))
    try:
        make_sources(work / "made", given.paragraphs)
        lines = (work / "made/made-up.jsonl").read_text("utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        words = sum(len(record["text"].split()) for record in records) / given.paragraphs
        result: dict[str, Any] = {
            "load_average_before": round(load, 2),
            "words_a_paragraph": round(words, 1),
            "one JSON Lines file": measured(work / "one", records, as_one_file, BridgeEncoder()),
            "a text file a document": measured(work / "many", records, as_text_files, BridgeEncoder()),
        }
        labse = measured(work / "labse", records, as_one_file, LabseSized())
        labse["full_with_encoding_seconds"] = round(
            labse_seconds(labse["passages"]) + labse["full"]["seconds"]
        )
        labse["one_per_cent_of_full_with_encoding"] = round(
            labse["one_per_cent_spread"]["seconds"] / labse["full_with_encoding_seconds"], 4
        )
        result["one JSON Lines file, vectors of LaBSE's size"] = labse
        print(save(given.out, result).read_text("utf-8"))
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
