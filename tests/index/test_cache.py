"""The vector cache: what was paid for is kept, what is damaged is not believed, what is unused goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.cache import VectorCache

TEXTS = ["नमस्ते", "hello", ""]
ROWS = np.array([[1, 0], [0.6, 0.8], [0, 0]], np.float32)
Open = Callable[..., VectorCache]


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def opened(tmp_path: Path, notices: list[str]) -> Open:
    def opened(build: int = 1, fingerprint: str = "f", dimension: int = 2) -> VectorCache:
        return VectorCache(tmp_path / "cache.db", fingerprint, dimension, build, notices.append)

    return opened


def filled(opened: Open) -> None:
    cache = opened()
    cache.put(TEXTS, ROWS)
    cache.finish(keep_since=0)


def places(cache: VectorCache, texts: list[str]) -> list[int]:
    found = sorted(cache.get(texts))
    cache.close()
    return found


def test_rows_come_back_by_place_and_unknown_texts_do_not(opened: Open, notices: list[str]) -> None:
    filled(opened)
    cache = opened(2)
    found = cache.get(["new", "hello", "नमस्ते", "hello"])
    cache.close()
    assert sorted(found) == [1, 2, 3]
    assert found[1].tolist() == found[3].tolist() == pytest.approx([0.6, 0.8], abs=1e-3)
    assert notices == []


def test_another_encoder_finds_nothing(opened: Open) -> None:
    filled(opened)
    assert places(opened(fingerprint="g"), TEXTS) == []
    assert places(opened(dimension=3), TEXTS) == []


def test_what_the_last_two_builds_did_not_use_is_dropped(opened: Open) -> None:
    filled(opened)
    for build, used in ((2, TEXTS[:2]), (3, TEXTS[:1])):
        cache = opened(build)
        cache.get(used)
        cache.finish(keep_since=build - 1)
    assert places(opened(4), TEXTS) == [0, 1]  # the third was last used by build 1


def test_rows_of_a_build_that_was_killed_are_there_for_the_next(opened: Open) -> None:
    cache = opened()
    cache.put(TEXTS, ROWS)  # and no finish
    assert places(opened(), TEXTS) == [0, 1, 2]
    cache.close()


def test_a_flipped_bit_in_a_row_makes_it_missing(opened: Open, tmp_path: Path, notices: list[str]) -> None:
    filled(opened)
    connection = sqlite3.connect(tmp_path / "cache.db")
    rows = connection.execute("SELECT place, row FROM rows").fetchall()
    for (place, row), byte in zip(rows, (0, 5, 15), strict=True):
        flipped = row[:byte] + bytes([row[byte] ^ 4]) + row[byte + 1 :]
        connection.execute("UPDATE rows SET row = ? WHERE place = ?", (flipped, place))
    connection.commit()
    connection.close()
    assert places(opened(), TEXTS) == [] and notices == []


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_a_damaged_file_is_thrown_away_with_a_notice(
    opened: Open, tmp_path: Path, notices: list[str], keep: int
) -> None:
    filled(opened)
    path = tmp_path / "cache.db"
    path.write_bytes(path.read_bytes()[:keep] + b"\x00garbage" * 2000)
    cache = opened()
    assert cache.get(TEXTS) == {}
    cache.put(TEXTS, ROWS)
    cache.finish(keep_since=0)
    assert len(notices) == 1 and "cache.db was damaged and is thrown away" in notices[0]
    filled(opened)
    assert places(opened(), TEXTS) == [0, 1, 2]


def test_a_file_of_another_kind_in_its_place_is_damage_too(
    opened: Open, tmp_path: Path, notices: list[str]
) -> None:
    connection = sqlite3.connect(tmp_path / "cache.db")
    connection.execute("CREATE TABLE keys (other TEXT)")
    connection.close()
    assert places(opened(), TEXTS) == []
    assert len(notices) == 1 and not (tmp_path / "cache.db").exists()


def test_a_folder_in_its_place_is_gone_round(opened: Open, tmp_path: Path, notices: list[str]) -> None:
    (tmp_path / "cache.db").mkdir()
    cache = opened()
    cache.put(TEXTS, ROWS)
    cache.finish(keep_since=0)
    assert len(notices) == 1 and "cannot be used" in notices[0]
