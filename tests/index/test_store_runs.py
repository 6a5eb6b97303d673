"""Runs of facets moved with the passages that are kept, on rows that can be read."""

from __future__ import annotations

from index.store.runs import Runs

FIELD, YEAR = 7, 9
# passages   0 1 2 3 4 5 6 7 8 9
# FIELD      x x x x . . x x x x
# YEAR       . . x x x x . . . .
RUNS = Runs.of([FIELD, FIELD, YEAR], [0, 6, 2], [4, 4, 4])


def rows(runs: Runs) -> list[tuple[int, int, int]]:
    return list(zip(runs.keys.tolist(), runs.firsts.tolist(), runs.counts.tolist(), strict=True))


def test_a_stretch_takes_its_part_of_every_run() -> None:
    # 3 to 6 move to 100 to 103, 0 and 1 behind them
    moved = Runs.joined([RUNS.moved([(3, 100, 4), (0, 104, 2)])])
    assert rows(moved) == [(FIELD, 100, 1), (FIELD, 103, 3), (YEAR, 100, 3)]


def test_where_nothing_is_kept_nothing_is_left() -> None:
    assert rows(Runs.joined([RUNS.moved([]), RUNS.moved([(10, 0, 5)])])) == []


def test_runs_that_touch_are_one_and_others_are_not() -> None:
    joined = Runs.joined([Runs.of([FIELD, YEAR], [4, 8], [2, 1]), Runs.of([FIELD, FIELD], [0, 6], [3, 2])])
    assert rows(joined) == [(FIELD, 0, 3), (FIELD, 4, 4), (YEAR, 8, 1)]


def test_the_runs_of_a_key() -> None:
    assert list(RUNS.of_key(RUNS.keys[0])) == [(0, 4), (6, 4)]
