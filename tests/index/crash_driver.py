"""Kills rebuilds at random moments and looks at what is left. A process of its own: it forks, and prints one line.

python -m tests.index.crash_driver FOLDER ROUNDS SEED [EVERY]

EVERY: only every so manieth passage changes from one rebuild to the next, so that the others are kept.
"""

from __future__ import annotations

import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import faiss

from index.build import rebuild
from index.generation import open_generation
from index.recipe import bundled_recipe
from index.store.postings import Postings
from tests.index.killing import Moments, in_child
from tests.index.stand_ins import RECIPE, HashingEncoder, write_records

PASSAGES = 300


def build(folder: Path, version: int, every: int = 1, written: Callable[[], object] = lambda: None) -> None:
    """`written` hears when the source is there."""
    texts = [f"{'steady' if i % every else f'version{version}'} text {i}" for i in range(PASSAGES)]
    source = write_records(folder / "source.jsonl", texts)
    written()
    recipe = RECIPE if every == 1 else bundled_recipe()
    report = rebuild([source], folder / "index", HashingEncoder(), recipe=recipe)
    assert report.unchanged or not version or report.kept == len([i for i in range(PASSAGES) if i % every])


def version_in_use(folder: Path, every: int = 1) -> int:
    """The one version that every part of the index agrees on."""
    encoder = HashingEncoder()
    with open_generation(folder / "index", encoder=encoder) as generation:
        texts = [passage.text for passage in generation.passages.get(range(PASSAGES))]
        (version,) = {text.split()[0] for text in texts[::every]}
        assert every == 1 or {text.split()[0] for text in texts} == {version, "steady"}
        sample = list(range(0, PASSAGES, 50))
        best = generation.vectors.search(encoder.encode_queries([texts[i] for i in sample]), 1)[1]
        assert best[:, 0].tolist() == sample
        if every == 1:
            assert len((generation.postings / "ids.txt").read_text().split()) == PASSAGES
        else:
            postings = Postings(generation.postings)
            assert [word for word, _ in postings.beginning_with("version")] == [version]
            word_id = postings.word_id(version)
            assert word_id is not None
            assert postings.row(word_id)[0].tolist() == list(range(0, PASSAGES, every))
            assert postings.body(1)[0] == postings.word_id("steady") and postings.body(every)[0] == word_id
    return int(version.removeprefix("version"))


def main(folder: Path, rounds: int, seed: int, every: int = 1) -> None:
    faiss.omp_set_num_threads(1)  # a child that forks from threads would hang
    for version in range(2):
        assert in_child(lambda version=version: build(folder, version, every)) == 0
    moments = Moments(random.Random(seed), lambda: build(folder, 2, every))
    found: Counter[str] = Counter()
    before = 2
    for version in range(3, rounds + 3):
        ended = in_child(lambda version=version: build(folder, version, every), moments.next())
        assert ended in (0, -signal.SIGKILL), ended
        assert in_child(lambda: version_in_use(folder, every)) == 0, f"round {version}"
        now = version_in_use(folder, every)
        assert now in (before, version), (before, version, now)
        assert now == version or ended
        found["killed"] += ended < 0
        found["new" if now == version else "old"] += 1
        before = now
    assert in_child(lambda: build(folder, rounds + 3, every)) == 0
    assert version_in_use(folder, every) == rounds + 3
    generations = sorted(path.name for path in (folder / "index/generations").iterdir())
    assert len(generations) == 2, generations
    print(f"old {found['old']} new {found['new']} killed {found['killed']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
