import asyncio
import threading

import pytest

from api.answering import WARMING, Local
from api.http.problems import Refusal
from api.http.serving import Serving
from index.errors import IndexNotFound
from tests.api.fakes import FakeSearcher


def test_before_it_is_open_it_is_not_ready() -> None:
    with pytest.raises(Refusal, match="not_ready"), Serving(1).lease():
        pass


def test_opening_warms_the_searcher() -> None:
    searcher, serving = FakeSearcher(), Serving(1)
    serving.open(lambda: Local(searcher))
    assert serving.ready and len(searcher.asked) == len(WARMING)


def test_a_failed_opening_is_told_and_the_old_searcher_stays() -> None:
    old, serving = FakeSearcher(1), Serving(1)
    serving.open(lambda: Local(old))

    def fails() -> Local:
        raise IndexNotFound("gone")

    with pytest.raises(IndexNotFound):
        serving.open(fails)
    with serving.lease() as answerer:
        assert answerer.generation == 1
    assert old.closed == 0


def test_a_replaced_searcher_serves_out_its_users_and_is_closed_once() -> None:
    old, new, serving = FakeSearcher(1), FakeSearcher(2), Serving(1)
    serving.open(lambda: Local(old))
    with serving.lease() as first, serving.lease():
        serving.open(lambda: Local(new))
        with serving.lease() as second:
            assert (first.generation, second.generation) == (1, 2)
        assert old.closed == 0
    assert (old.closed, new.closed) == (1, 0)


def test_an_idle_searcher_is_closed_when_it_is_replaced() -> None:
    old, serving = FakeSearcher(1), Serving(1)
    serving.open(lambda: Local(old))
    serving.open(lambda: Local(FakeSearcher(2)))
    assert old.closed == 1


def test_closing_finishes_and_closes() -> None:
    searcher, serving = FakeSearcher(), Serving(1)
    serving.open(lambda: Local(searcher))
    serving.close()
    assert searcher.closed == 1 and not serving.ready


def test_beyond_the_queue_a_search_is_refused_and_the_loop_stays_free() -> None:
    serving, gate = Serving(threads=1, queue=1), threading.Event()
    serving.open(lambda: Local(FakeSearcher()))

    async def ask() -> list[object]:
        waiting = [asyncio.create_task(serving.run(lambda _: gate.wait(10))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="busy"):
            await serving.run(lambda _: None)
        gate.set()
        first = await asyncio.gather(*waiting)
        return [*first, await serving.run(lambda answerer: answerer.generation)]

    assert asyncio.run(ask()) == [True, True, 1]
    serving.close()


def test_a_search_beyond_its_deadline_is_given_up_and_one_that_still_waits_never_begins() -> None:
    serving, gate, begun = Serving(threads=1, queue=5, deadline=0.05), threading.Event(), []
    serving.open(lambda: Local(FakeSearcher()))

    async def ask() -> None:
        slow = asyncio.create_task(serving.run(lambda _: gate.wait(10)))
        waits = asyncio.create_task(serving.run(lambda _: begun.append(1)))
        for task in (slow, waits):
            with pytest.raises(Refusal, match="timed_out"):
                await task

    asyncio.run(ask())
    assert serving.accepted == 1  # its thread still runs
    gate.set()
    serving.close()
    assert (serving.accepted, begun) == (0, [])


def test_what_does_not_answer_when_warmed_is_closed_and_not_put_in_force() -> None:
    broken, serving = FakeSearcher(failure=RuntimeError("no")), Serving(1)
    with pytest.raises(RuntimeError):
        serving.open(lambda: Local(broken))
    assert broken.closed == 1 and not serving.ready
