"""Kills snapshots, restores and rollbacks at random moments and looks at what is left. Forks, and prints one line.

python -m tests.index.carry_driver FOLDER ROUNDS SEED
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import faiss

from index.build import rollback
from index.snapshot import restore, snapshot
from tests.index.crash_driver import build, version_in_use
from tests.index.killing import Moments, in_child


def carried(archive: Path, into: Path) -> int:
    """The version that an archive holds."""
    restore(archive, into / "index")
    version = version_in_use(into)
    shutil.rmtree(into)
    return version


def main(folder: Path, rounds: int, seed: int) -> None:
    faiss.omp_set_num_threads(1)  # a child that forks from threads would hang
    chance = random.Random(seed)
    index, archives = folder / "index", [folder / "0.snapshot", folder / "1.snapshot"]
    for version, archive in enumerate(archives):
        assert in_child(lambda version=version: build(folder, version)) == 0
        snapshot(index, archive)
    kept = folder / "kept.snapshot"
    shutil.copy(archives[0], kept)
    moments = {
        "snapshot": Moments(chance, lambda: snapshot(index, kept)),
        "restore": Moments(chance, lambda: restore(archives[1], index)),
        "rollback": Moments(chance, lambda: rollback(index)),
    }
    found: Counter[str] = Counter()
    for number in range(rounds):
        archive = archives[number % 2]
        works = {
            "snapshot": lambda: snapshot(index, kept),
            "restore": lambda archive=archive: restore(archive, index),
            "rollback": lambda: rollback(index),
        }
        name = list(works)[number % 3]
        if name == "rollback":
            assert (
                in_child(lambda archive=archive: restore(archive, index)) == 0
            )  # so that there is an older one
        was, was_kept = version_in_use(folder), carried(kept, folder / "into")
        ended = in_child(works[name], moments[name].next())
        assert ended in (0, -signal.SIGKILL), (name, ended)
        assert in_child(lambda: version_in_use(folder)) == 0, f"round {number}, {name}"
        now, now_kept = version_in_use(folder), carried(kept, folder / "into")
        assert now == was or name != "snapshot", (name, was, now)
        assert now_kept in (was_kept, was), (name, was_kept, now_kept)
        found[f"{name} {'killed' if ended < 0 else 'ended'}"] += 1
    assert in_child(lambda: build(folder, 9)) == 0
    assert version_in_use(folder) == 9
    print(", ".join(f"{name} {count}" for name, count in sorted(found.items())))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
