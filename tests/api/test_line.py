from __future__ import annotations

import threading
import time

import pytest

from api.line import Line


def test_what_is_free_is_lent_and_comes_back() -> None:
    line = Line[int]()
    line.give(1)
    assert line.take(0) == 1
    with pytest.raises(TimeoutError):
        line.take(0)
    line.give(1)
    assert line.take(0) == 1


def test_what_is_withdrawn_is_not_lent() -> None:
    line = Line[int]()
    line.give(1)
    assert (line.withdraw(1), line.withdraw(1)) == (True, False)
    with pytest.raises(TimeoutError):
        line.take(0)


def test_who_waits_longest_is_served_first_and_nobody_passes() -> None:
    line, served = Line[int](), []

    def wait(name: str) -> None:
        line.take(60)
        served.append(name)

    threads = []
    for name in "abc":
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        while len(line._waiting) < len(threads):
            time.sleep(0.001)
    for count in (1, 2, 3):
        line.give(count)
        with pytest.raises(TimeoutError):
            line.take(0)  # it was meant for one that waits
        while len(served) < count:
            time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == ["a", "b", "c"]
