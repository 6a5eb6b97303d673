"""The vector store: one contract, three kinds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from index.encoders.bridge import BridgeEncoder
from index.errors import EncoderError, IndexDamaged
from index.store import sketch
from index.store import vectors as module
from index.store.spool import Spool
from index.store.vector_writer import VectorWriter
from index.store.vectors import Kind, Vectors, VectorStore, kind_for

SEEDS = Path(__file__).parents[2] / "seeds"
KINDS: tuple[Kind, ...] = ("exact", "sketch", "graph")
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


def text_rows(count: int, seed: int = 0) -> Vectors:
    """The bundled encoder's rows of made-up texts: runs of words of the seeds."""
    words = " ".join(path.read_text("utf-8") for path in sorted(SEEDS.rglob("*.txt"))).split()
    starts = np.random.default_rng(seed).integers(0, len(words) - 6, (count, 5)).tolist()
    return BridgeEncoder().encode_passages(
        [" ".join(" ".join(words[i : i + 6]) for i in row) for row in starts]
    )


def recall(found: NDArray[np.int64], exact: NDArray[np.int64]) -> float:
    return sum(len(set(a) & set(b)) for a, b in zip(found.tolist(), exact.tolist(), strict=True)) / exact.size


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


@pytest.mark.parametrize("kind", ["sketch", "graph"])
def test_searched_with_most_rows_allowed_it_still_obeys_the_mask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    rows = unit_rows(600, 16)
    store = written(tmp_path, rows, kind)
    allowed = np.arange(600) % 2 == 1
    ordinals = store.search(rows[:20], 10, allowed)[1]
    assert ordinals.shape == (20, 10) and (ordinals % 2 == 1).all()
    store.close()


def test_a_sketch_gives_what_a_look_at_all_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of the seeds' own words: of the best 200 the sketch finds all but a few in a thousand."""
    monkeypatch.setattr(module, "_FEW", 0)
    rows, questions = text_rows(4_000), text_rows(50, seed=1)
    store = written(tmp_path, rows, "sketch")
    scores, ordinals = store.search(questions, 200)
    exact = np.argsort(-(questions @ rows.T), axis=1)[:, :200]
    assert recall(ordinals, exact) >= 0.98
    assert scores == pytest.approx(np.take_along_axis(questions @ rows.T, ordinals, 1), abs=0.01)
    assert (np.diff(scores) <= 0).all()
    store.close()


def test_a_sketch_of_rows_without_any_pattern_finds_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    rows, questions = unit_rows(20_000, 128), unit_rows(20, 128, seed=1)
    store = written(tmp_path, rows, "sketch")
    exact = np.argsort(-(questions @ rows.T), axis=1)[:, :200]
    assert recall(store.search(questions, 200)[1], exact) >= 0.9
    store.close()


def test_where_a_mask_hides_what_a_sketch_proposes_all_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 0)
    rows = unit_rows(2_000, 16)
    store = written(tmp_path, rows, "sketch")
    by_score = np.argsort(-(rows @ rows[0]))
    allowed = np.zeros(2_000, np.bool_)
    allowed[by_score[1_000:]] = True  # the better half is hidden
    assert store.search(rows[:1], 5, allowed)[1][0].tolist() == by_score[1_000:1_005].tolist()
    store.close()


def test_the_same_rows_give_the_same_sketch(tmp_path: Path) -> None:
    rows = unit_rows(3_000, 32)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, rows, "sketch").close()
    assert (tmp_path / "a/sketch.npy").read_bytes() == (tmp_path / "b/sketch.npy").read_bytes()


@given(
    arrays(np.float16, (5, 6), elements=st.floats(-1, 1, width=16)),
    arrays(np.float32, (4, 6), elements=st.floats(-1, 1, width=32)),
)
def test_a_sketch_has_for_each_value_how_many_cuts_it_is_above(
    rows: NDArray[np.float16], levels: NDArray[np.float32]
) -> None:
    levels.sort(axis=0)
    codes = sketch.coded(rows, levels)
    for place in range(6):
        cuts = [(float(low) + float(high)) / 2 for low, high in pairwise(levels[:, place])]
        above = [sum(float(value) > np.float32(cut) for cut in cuts) for value in rows[:, place]]
        assert (codes[:, place // 4] >> 2 * (place % 4) & 3).tolist() == above
    assert not (codes[:, 1] >> 4).any()


def test_a_sketch_of_an_odd_dimension_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="7 is odd"):
        VectorWriter(tmp_path, 7, "sketch")
    assert not list(tmp_path.iterdir())


def test_a_sample_of_rows_comes_from_all_over_in_even_steps(tmp_path: Path) -> None:
    rows = np.eye(16, dtype=np.float32)
    spool = Spool(tmp_path / "rows.tmp", 16)
    spool.add(rows[:3])
    spool.keep(rows[3:5].astype(np.float16), np.zeros(0, np.int64))
    spool.add(rows[5:])
    assert spool.sample(4).argmax(axis=1).tolist() == [0, 4, 8, 12]
    assert spool.sample(7).argmax(axis=1).tolist() == [0, 2, 4, 6, 8, 10, 12, 14]
    spool.close()


def test_a_sketch_of_other_rows_is_said_to_be_damage(tmp_path: Path) -> None:
    for name, count in (("a", 20), ("b", 21)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, unit_rows(count, 4), "sketch").close()
    (tmp_path / "a/sketch.npy").replace(tmp_path / "b/sketch.npy")
    with pytest.raises(IndexDamaged, match="no sketch of these rows"):
        VectorStore(tmp_path / "b")


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
    assert [kind_for(n, 512) for n in (20_000, 20_001, 300_000, 300_001)] == [
        *("exact", "sketch", "sketch", "graph")
    ]
    assert kind_for(20_001, 511) == "exact"
    written(tmp_path, ROWS, "exact").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dense.faiss", "silent.npy"]
    written(tmp_path, ROWS, "sketch").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("dense.faiss", "silent.npy", "sketch.npy", "sketch_levels.npy")
    ]


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
