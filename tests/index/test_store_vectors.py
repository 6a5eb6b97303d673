"""The vector store: one contract, two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.errors import EncoderError, IndexDamaged
from index.store import vectors as module
from index.store.vector_writer import VectorWriter
from index.store.vectors import Kind, Vectors, VectorStore, kind_for

KINDS: tuple[Kind, ...] = ("exact", "graph")
# North, east, south-east, nothing, west: scores against north and east can be read off.
ROWS = np.array([[0, 1], [1, 0], [0.6, -0.8], [0, 0], [-1, 0]], np.float32)
NORTH, EAST = np.array([[0, 1]], np.float32), np.array([[1, 0]], np.float32)


def written(folder: Path, rows: Vectors, kind: Kind) -> VectorStore:
    writer = VectorWriter(folder, rows.shape[1], kind)
    for start in range(0, len(rows), 3):
        writer.add(rows[start : start + 3])
    assert writer.finish() == kind
    return VectorStore(folder)


def unit_rows(count: int, dimension: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(params=KINDS)
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[VectorStore]:
    store = written(tmp_path, ROWS, request.param)
    yield store
    store.close()


def test_the_best_come_first_with_their_inner_products(store: VectorStore) -> None:
    scores, ordinals = store.search(EAST, 3)
    assert ordinals.tolist() == [[1, 2, 0]]
    assert scores[0] == pytest.approx([1, 0.6, 0], abs=0.01)
    assert (len(store), store.dimension) == (5, 2)


def test_a_passage_in_which_nothing_was_seen_is_never_a_hit(store: VectorStore) -> None:
    scores, ordinals = store.search(NORTH, 10)
    assert scores.shape == ordinals.shape == (1, 4)
    assert sorted(ordinals[0].tolist()) == [0, 1, 2, 4]


def test_only_allowed_passages_are_hits(store: VectorStore) -> None:
    allowed = np.array([False, False, True, True, True])
    _, ordinals = store.search(EAST, 5, allowed)
    assert ordinals.tolist() == [[2, 4]]
    assert store.search(EAST, 5, np.zeros(5, np.bool_))[0].shape == (1, 0)


def test_a_query_of_zeros_has_no_hits_and_pads_beside_one_that_has(store: VectorStore) -> None:
    assert store.search(np.zeros((1, 2), np.float32), 3)[1].shape == (1, 0)
    scores, ordinals = store.search(np.concatenate([np.zeros((1, 2), np.float32), EAST]), 2)
    assert ordinals.tolist() == [[0, 0], [1, 2]]
    assert scores[0].tolist() == [-np.inf, -np.inf]


def test_scores_of_are_inner_products_of_the_rows_asked_for(store: VectorStore) -> None:
    assert store.scores_of(EAST[0], np.array([4, 2, 3])) == pytest.approx([-1, 0.6, 0], abs=0.01)
    assert store.rows(np.array([2])) == pytest.approx(ROWS[2:3], abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_finds_itself_and_threads_agree(tmp_path: Path, kind: Kind) -> None:
    rows = unit_rows(600, 16)
    store = written(tmp_path, rows, kind)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda i: int(store.search(rows[i : i + 1], 1)[1][0, 0]), range(200)))
    assert found == list(range(200))
    exact = np.argsort(-(rows @ rows[0]))[:10]
    assert len(set(store.search(rows[:1], 10)[1][0].tolist()) & set(exact.tolist())) >= 9
    store.close()


def test_a_graph_searched_with_most_rows_allowed_still_obeys_the_mask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    rows = unit_rows(600, 16)
    store = written(tmp_path, rows, "graph")
    allowed = np.arange(600) % 2 == 1
    ordinals = store.search(rows[:20], 10, allowed)[1]
    assert ordinals.shape == (20, 10) and (ordinals % 2 == 1).all()
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_are_no_hits(tmp_path: Path, kind: Kind) -> None:
    writer = VectorWriter(tmp_path, 2, kind)
    writer.finish()
    store = VectorStore(tmp_path)
    assert store.search(EAST, 3)[1].shape == (1, 0)
    assert len(store) == 0
    store.close()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.ones((1, 3), np.float32), r"shape \(1, 3\), not \(n, 2\)"),
        (np.array([[1, 0], [3, 4]], np.float32), "passage 1 a vector of length 5, not 1"),
        (np.array([[np.nan, 0]], np.float32), "passage 0 a vector of length nan"),
    ],
)
def test_rows_that_are_no_unit_rows_are_the_encoders_fault(
    tmp_path: Path, rows: Vectors, message: str
) -> None:
    writer = VectorWriter(tmp_path, 2)
    with pytest.raises(EncoderError, match=message):
        writer.add(rows)
    writer.close()


def test_the_kind_follows_the_size_and_nothing_else_is_left(tmp_path: Path) -> None:
    assert (kind_for(300_000), kind_for(300_001)) == ("exact", "graph")
    written(tmp_path, ROWS, "exact").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dense.faiss", "silent.npy"]


def test_a_file_that_is_no_index_is_said_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        VectorStore(tmp_path)
    (tmp_path / "dense.faiss").write_bytes(b"nonsense" * 10)
    with pytest.raises(IndexDamaged, match="rebuild"):
        VectorStore(tmp_path)


@pytest.mark.parametrize("count", [0, 1, 16_384, 20_000])
def test_the_file_of_exact_rows_is_what_faiss_would_write(tmp_path: Path, count: int) -> None:
    rows = np.zeros((count, 8), np.float32)
    rows[np.arange(count), np.arange(count) % 8] = 1
    writer = VectorWriter(tmp_path, 8, "exact")
    writer.add(rows)
    writer.finish()
    index = faiss.IndexScalarQuantizer(8, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.add(rows)
    assert (tmp_path / "dense.faiss").read_bytes() == faiss.serialize_index(index).tobytes()
