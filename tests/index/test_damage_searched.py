"""Damage to any file of an index that is searched, or that the next rebuild keeps passages from.

Each file is cut short, zeroed and has a bit flipped at random places (DAMAGE_PLACES of them, more for a long run).
Always either the right answers or a refusal; and what is kept of a damaged generation is nothing.
"""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import rebuild
from index.errors import IndexError_
from index.recipe import bundled_recipe
from index.store.postings import FILES
from search.searcher import Searcher
from search.types import Answer, SearchRequest
from tests.index.stand_ins import HashingEncoder, write_records
from tests.index.test_damage import Harm, cut, flip, zero
from tests.index.test_keeping import same

PLACES = int(os.environ.get("DAMAGE_PLACES", "3"))
TEXTS = [f"अनुच्छेद {i} about the bridge number {i}" for i in range(40)]
QUERIES = ("bridge number 7", "अनुच्छेद 3", "pul")
MADE_OF = {
    *(
        "CURRENT",
        "cache.db",
        "manifest.json",
        "passages.db",
        "dense.faiss",
        "sketch.npy",
        "sketch_levels.npy",
    ),
    *(
        "silent.npy",
        "contents.npy",
        "documents.json",
        "sources.json",
        "columns.json",
        "lang.npy",
        "script.npy",
    ),
    *("date.npy", "facet_keys.npy", "facet_runs.npy", *FILES),
}


def source(folder: Path, texts: list[str]) -> Path:
    return write_records(folder / "a.jsonl", texts, title="Bridges", date="2024", metadata={"field": "rail"})


def build(file: Path, index: Path) -> int:
    return rebuild([file], index, HashingEncoder(), recipe=bundled_recipe(), vectors="sketch").kept


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    build(source(folder, TEXTS), folder / "index")
    return folder / "index"


def answers(index: Path) -> list[Answer]:
    with_reasons = [SearchRequest(query, limit=40) for query in QUERIES]
    bounded = SearchRequest("bridge", lang="en", date_from="2024", where={"field": "rail"})
    searcher = Searcher.open_with(index, HashingEncoder())
    try:
        return [replace(searcher.search(request), took_ms=0) for request in [*with_reasons, bounded]]
    finally:
        searcher.close()


def files(index: Path) -> list[Path]:
    found = [path for path in sorted(index.rglob("*")) if path.is_file() and path.stat().st_size]
    assert {path.name for path in found} >= MADE_OF
    return found


@pytest.mark.parametrize("harm", [cut, zero, flip])
def test_an_index_with_a_harmed_file_answers_rightly_or_is_refused(
    whole: Path, tmp_path: Path, harm: Harm
) -> None:
    chance, index = random.Random(harm.__name__), tmp_path / "index"
    shutil.copytree(whole, index)
    right, refused = answers(whole), 0
    assert len(right[0].hits) == 40 and right[3].hits
    for path in files(index):
        data = path.read_bytes()
        for _ in range(PLACES):
            path.write_bytes(harm(data, chance))
            try:
                assert answers(index) == right, path.name
            except IndexError_ as error:
                refused += 1
                assert "dubhashi re" in str(error) or "dubhashi rollback" in str(error)
        path.write_bytes(data)
    assert answers(index) == right and refused > PLACES * len(MADE_OF) // 2


@pytest.mark.parametrize("harm", [cut, zero, flip])
def test_a_rebuild_over_a_harmed_file_gives_what_one_from_nothing_gives(
    whole: Path, tmp_path: Path, harm: Harm
) -> None:
    chance, index, fresh = random.Random(harm.__name__), tmp_path / "index", tmp_path / "fresh"
    edited = source(tmp_path, [*TEXTS[:20], "A tunnel instead.", *TEXTS[21:]])
    build(edited, fresh)
    kept = []
    for name in [path.relative_to(whole) for path in files(whole)]:
        for _ in range(-(-PLACES // 10)):
            shutil.copytree(whole, index)
            (index / name).write_bytes(harm((index / name).read_bytes(), chance))
            kept.append(build(edited, index))
            same(index, fresh)
            shutil.rmtree(index)
    assert set(kept) <= {0, 39} and kept.count(0) > len(kept) // 2
