"""The passage table: what goes in comes out, by ordinal, by id and by document, from many threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamaged, NotFound
from index.store import passage_writer
from index.store.passage_writer import PassageWriter
from index.store.passages import PassageStore
from index.types import Passage
from tests.index.stand_ins import passage

STORED = [
    passage(1, "पहला", lang="hi", script="deva", metadata={"field": "space", "n": 2, "x": 2.5, "live": True}),
    passage(2, "second\n line", heading="H", start=40, url="http://x", date="2023-08"),
    passage(1, "other", id="a:b:1", document_id="a:b"),
]


def written(path: Path, passages: list[Passage]) -> Path:
    writer = PassageWriter(path)
    for one in passages:
        writer.add([one])
    writer.finish()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    store = PassageStore(written(tmp_path / "a name #1?.db", STORED))
    yield store
    store.close()


def test_passages_come_back_whole_in_the_order_asked_for(store: PassageStore) -> None:
    assert len(store) == 3
    assert store.get([2, 0, 2]) == [STORED[2], STORED[0], STORED[2]]
    assert store.get(np.array([1])) == [STORED[1]]
    assert store.get([]) == []


def test_a_passage_is_found_by_its_id_even_if_that_has_colons(store: PassageStore) -> None:
    assert store.by_id("a:b:1") == STORED[2]
    assert store.ordinal_of("d:2") == 1
    assert store.document("d") == STORED[:2]


@pytest.mark.parametrize(
    "name", ["d:3", "d:0", "d:01", "d", "", ":1", "d:١", "d:1x", "\ud800:1", "d:" + "9" * 30]
)
def test_an_unknown_id_is_not_found(store: PassageStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.by_id(name)


def test_unknown_ordinals_and_documents_are_not_found(store: PassageStore) -> None:
    for ordinal in (3, -1):
        with pytest.raises(NotFound, match=f"no passage {ordinal}: the index has 3"):
            store.get([0, ordinal])
    with pytest.raises(NotFound, match="no document 'x'"):
        store.document("x")


def test_two_passages_of_one_id_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        written(tmp_path / "p.db", [STORED[0], STORED[0]])


def test_many_threads_read_at_once(store: PassageStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: store.get([i % 3])[0], range(400)))
    assert found == [STORED[i % 3] for i in range(400)]


def test_an_empty_table_is_a_store_of_none(tmp_path: Path) -> None:
    store = PassageStore(written(tmp_path / "p.db", []))
    assert len(store) == 0
    store.close()


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = written(tmp_path / "p.db", STORED)
    path.write_bytes(b"not a database, whatever its name says" * 10)
    with pytest.raises(IndexDamaged, match="rebuild"):
        PassageStore(path)
    with pytest.raises(IndexDamaged):
        PassageStore(tmp_path / "missing.db")


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    store = PassageStore(written(tmp_path / "p.db", STORED))
    store.get([0])
    assert [path.name for path in tmp_path.iterdir()] == ["p.db"]
    store.close()


@pytest.fixture
def copying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PassageWriter:
    """A writer over eight earlier rows that copies any number of them in its thread."""
    monkeypatch.setattr(passage_writer, "_MANY", 1)
    before = written(tmp_path / "before.db", [passage(n, "text") for n in range(1, 9)])
    return PassageWriter(tmp_path / "now.db", before)


def test_what_goes_wrong_while_rows_are_copied_aside_is_raised_and_closing_is_always_possible(
    copying: PassageWriter,
) -> None:
    copying.keep(0, 4)
    copying._count = 0  # so that the next rows take the places of the first
    copying.keep(0, 4)
    with pytest.raises(sqlite3.IntegrityError):
        copying.add([passage(9, "more")])
    copying.close()
    copying.close()


def test_a_writer_that_is_given_up_is_closed_though_copies_wait(copying: PassageWriter) -> None:
    for first in range(4):
        copying.keep(2 * first, 2)
    copying.close()
    with pytest.raises(sqlite3.ProgrammingError):
        copying._connection.execute("SELECT 1")
