"""Filters: which passages meet which condition."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexDamaged, QueryError, SourceError
from index.store.column_writer import ColumnWriter
from index.store.columns import Columns, days
from index.types import Metadata
from tests.index.stand_ins import passage

SPACE: Metadata = {"field": "Space", "year": 2023}
LAW: Metadata = {"field": "कानून", "year": "2023", "draft": False}
STORED = [
    passage(1, lang="hi", script="deva", date="2023-08-23", metadata=SPACE),
    passage(2, lang="hi", script="mixed", date="2023-08-23", metadata=SPACE),
    passage(3, lang="en", date="2023-12", metadata=LAW),
    passage(4, lang="en", date="", metadata=SPACE),
    passage(5, lang="und", script="none", date="1969"),
]


@pytest.fixture
def columns(tmp_path: Path) -> Columns:
    writer = ColumnWriter(tmp_path)
    writer.add(STORED[:2])
    writer.add(STORED[2:])
    writer.finish()
    return Columns(tmp_path)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"lang": "hi"}, [0, 1]),
        ({"lang": "fr"}, []),
        ({"script": "deva"}, [0]),
        ({"script": "cyrl"}, []),
        ({"date_from": "2023-08-23"}, [0, 1, 2]),
        ({"date_from": "2023-09"}, [2]),
        ({"date_to": "2023-08"}, [0, 1, 4]),
        ({"date_to": "1969"}, [4]),
        ({"date_from": "2023", "date_to": "2023"}, [0, 1, 2]),
        ({"where": {"field": "space"}}, [0, 1, 3]),
        ({"where": {"field": "क़ानून"}}, []),
        ({"where": {"field": " कानून "}}, [2]),
        ({"where": {"year": "2023"}}, [0, 1, 2, 3]),
        ({"where": {"draft": "FALSE"}}, [2]),
        ({"where": {"field": "space", "year": "2024"}}, []),
        ({"lang": "hi", "script": "mixed", "where": {"field": "space"}}, [1]),
    ],
)
def test_conditions_hold_together(columns: Columns, conditions: dict[str, str], expected: list[int]) -> None:
    mask = columns.mask(**conditions)  # type: ignore[arg-type]
    assert mask is not None and mask.nonzero()[0].tolist() == expected


def test_no_condition_is_no_mask(columns: Columns) -> None:
    assert columns.mask() is None
    assert columns.ordinals_where("field", "space").tolist() == [0, 1, 3]
    assert columns.ordinals_where("year", 2023.0).tolist() == [0, 1, 2, 3]
    assert columns.ordinals_where("draft", False).tolist() == [2]


def test_a_date_that_is_none_is_refused(columns: Columns) -> None:
    with pytest.raises(QueryError, match="'yesterday' is not an ISO 8601 date"):
        columns.mask(date_from="yesterday")


def test_days_count_from_1970_and_a_month_ends_with_its_last_day() -> None:
    assert (days("1970-01-01"), days("1969-12-31"), days("2000-03-01")) == (0, -1, 11017)
    assert days("2024-02", end=True) - days("2024-02") == 28
    assert days("2023", end=True) == days("2023-12-31")


def test_an_empty_corpus_has_empty_columns(tmp_path: Path) -> None:
    ColumnWriter(tmp_path).finish()
    columns = Columns(tmp_path)
    assert len(columns) == 0 and columns.ordinals_where("a", "b").tolist() == []


def test_a_257th_language_is_refused(tmp_path: Path) -> None:
    tags = [first + second for first in "abcdefghijk" for second in "abcdefghijklmnopqrstuvwxyz"]
    writer = ColumnWriter(tmp_path)
    writer.add([passage(i, lang=tag) for i, tag in enumerate(tags)])
    with pytest.raises(SourceError, match="more than 256 languages"):
        writer.finish()


def test_damaged_columns_are_said_to_be_damaged(tmp_path: Path) -> None:
    ColumnWriter(tmp_path).finish()
    for name, content in (("columns.json", b"[]"), ("columns.json", b"\xff"), ("date.npy", b"\x93NUMPY")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(IndexDamaged, match=name):
            Columns(tmp_path)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.sampled_from([1, "x"])), max_size=12))
def test_runs_are_what_counting_one_by_one_gives(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, int | str]]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    writer = ColumnWriter(folder)
    writer.add([passage(i, metadata=row) for i, row in enumerate(rows)])
    writer.finish()
    columns = Columns(folder)
    for name in "ab":
        for value in (1, "x"):
            expected = [i for i, row in enumerate(rows) if row.get(name) == value]
            assert columns.ordinals_where(name, value).tolist() == expected
