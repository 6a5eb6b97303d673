"""Kills rebuilds at random moments and looks at what is left. A process of its own: it forks, and prints one line.

python -m tests.index.crash_driver FOLDER ROUNDS SEED
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import faiss

from index.build import rebuild
from index.generation import open_generation
from tests.index.stand_ins import RECIPE, HashingEncoder, write_records

PASSAGES = 300


def build(folder: Path, version: int) -> None:
    source = write_records(folder / "source.jsonl", [f"version{version} text {i}" for i in range(PASSAGES)])
    rebuild([source], folder / "index", HashingEncoder(), recipe=RECIPE)


def version_in_use(folder: Path) -> int:
    """The one version that every part of the index agrees on."""
    encoder = HashingEncoder()
    with open_generation(folder / "index", encoder=encoder) as generation:
        texts = [passage.text for passage in generation.passages.get(range(PASSAGES))]
        (version,) = {text.split()[0] for text in texts}
        sample = list(range(0, PASSAGES, 50))
        best = generation.vectors.search(encoder.encode_queries([texts[i] for i in sample]), 1)[1]
        assert best[:, 0].tolist() == sample
        assert len((generation.postings / "ids.txt").read_text().split()) == PASSAGES
    return int(version.removeprefix("version"))


def in_child(work: Callable[[], object], kill_after: float | None = None) -> int:
    """Run it in a forked child; its exit status, negative for the signal that ended it."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, rounds: int, seed: int) -> None:
    faiss.omp_set_num_threads(1)  # a child that forks from threads would hang
    chance = random.Random(seed)
    began = time.perf_counter()
    assert in_child(lambda: build(folder, 0)) == 0
    whole = time.perf_counter() - began
    found: Counter[str] = Counter()
    before = 0
    for version in range(1, rounds + 1):
        killed = in_child(lambda version=version: build(folder, version), chance.uniform(0, whole * 1.2))
        assert killed in (0, -signal.SIGKILL), killed
        assert in_child(lambda: version_in_use(folder)) == 0, f"round {version}"
        now = version_in_use(folder)
        assert now in (before, version), (before, version, now)
        found["new" if now == version else "old"] += 1
        before = now
    assert in_child(lambda: build(folder, rounds + 1)) == 0
    assert version_in_use(folder) == rounds + 1
    generations = sorted(path.name for path in (folder / "index/generations").iterdir())
    assert len(generations) == 2, generations
    print(f"old {found['old']} new {found['new']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
