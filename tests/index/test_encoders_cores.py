"""How many threads there are is found out once."""

from __future__ import annotations

import os

import pytest

from index.encoders import cores


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_chosen", 0)
    monkeypatch.setenv("OMP_NUM_THREADS", "")  # so that what the tests set does not stay
    monkeypatch.delenv("OMP_NUM_THREADS")


@pytest.mark.parametrize(("said", "threads"), [("3", 3), ("2,1", 2), ("0", 0), ("many", 0), ("", 0)])
def test_the_variable_counts_where_it_is_a_number(
    monkeypatch: pytest.MonkeyPatch, said: str, threads: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert cores.encoder_threads() == (threads or len(os.sched_getaffinity(0)))


def test_a_servers_searches_take_one_thread_and_its_encoder_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)))
    cores.one_thread_a_search()
    assert (os.environ["OMP_NUM_THREADS"], cores.encoder_threads()) == ("1", 6)


def test_a_server_told_otherwise_obeys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    cores.one_thread_a_search()
    assert (os.environ["OMP_NUM_THREADS"], cores.encoder_threads()) == ("4", 4)
