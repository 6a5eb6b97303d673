"""Concurrent queries share batches, known ones cost nothing, a failure reaches all who asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.encoders.base import Encoder, Vectors
from index.encoders.gather import Gathering
from index.errors import EncoderError


class Slow:
    """A row says how long its text is; each batch waits for `gate`."""

    name, fingerprint, dimension = "slow", "0" * 16, 2

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.begun = 0
        self.gate = threading.Event()
        self.gate.set()
        self.fails = False

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 1] for text in texts], np.float32).reshape(-1, 2)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.begun += 1
        self.gate.wait(10)
        self.batches.append(list(texts))
        if self.fails:
            raise EncoderError("broken")
        return self.encode_passages(texts)


def test_it_is_an_encoder() -> None:
    assert isinstance(Gathering(Slow()), Encoder)


def test_a_batch_grows_while_the_encoder_is_busy() -> None:
    slow = Slow()
    slow.gate.clear()
    gathering = Gathering(slow)
    texts = ["a" * length for length in range(1, 17)]
    with ThreadPoolExecutor(16) as pool:
        futures = [pool.submit(gathering.encode_queries, [text]) for text in texts]
        while len(gathering._asked) < 16:
            pass
        slow.gate.set()
        assert [future.result()[0, 0] for future in futures] == list(range(1, 17))
    assert sum(map(len, slow.batches)) == 16
    assert len(slow.batches) <= 3


def test_what_was_asked_before_is_remembered_and_the_oldest_forgotten() -> None:
    slow = Slow()
    gathering = Gathering(slow, remembered=2)
    for text in ("a", "bb", "a", "ccc", "bb", "a"):
        assert gathering.encode_queries([text])[0, 0] == len(text)
    assert slow.batches == [["a"], ["bb"], ["ccc"], ["bb"], ["a"]]


def test_many_texts_and_the_same_text_twice() -> None:
    slow = Slow()
    rows = Gathering(slow).encode_queries([*("x" * n for n in range(100)), "xx", "xx"])
    assert rows[:, 0].tolist() == [*range(100), 2, 2]
    assert max(map(len, slow.batches)) <= 32
    assert Gathering(slow).encode_queries([]).shape == (0, 2)


def test_a_failure_is_raised_and_not_remembered() -> None:
    slow = Slow()
    gathering = Gathering(slow)
    slow.fails = True
    with pytest.raises(EncoderError, match="broken"):
        gathering.encode_queries(["a"])
    slow.fails = False
    assert gathering.encode_queries(["a"])[0, 0] == 1


def test_a_row_that_a_caller_changes_stays_as_it_was() -> None:
    gathering = Gathering(Slow())
    gathering.encode_queries(["a"])[:] = 9
    assert gathering.encode_queries(["a"])[0, 0] == 1


def test_who_is_answered_does_not_wait_for_the_next_batch() -> None:
    slow = Slow()
    permits = threading.Semaphore(0)
    slow.gate = permits  # type: ignore[assignment]
    permits.wait = permits.acquire  # type: ignore[attr-defined]
    gathering = Gathering(slow)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(gathering.encode_queries, ["a"])
        _until(lambda: gathering._busy)
        others = [pool.submit(gathering.encode_queries, [text]) for text in ("bb", "ccc")]
        _until(lambda: len(gathering._asked) == 3)
        permits.release()  # for "a"
        first.result(10)
        _until(lambda: slow.begun == 2)
        last = pool.submit(gathering.encode_queries, ["dddd"])
        _until(lambda: len(gathering._asked) == 3)
        permits.release()  # for both of the others, and not for the last
        assert [future.result(10)[0, 0] for future in others] == [2, 3]
        assert not last.done()
        permits.release()
        assert last.result(10)[0, 0] == 4


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)
