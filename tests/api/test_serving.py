import asyncio
import gc
import threading
import weakref
from pathlib import Path

import pytest

from api.answering import WARMING, Local, Question
from api.http.problems import Refusal
from api.http.serving import Serving
from api.rebuilding import encoder_of
from index.build import rebuild
from index.encoders.bridge import BridgeEncoder
from index.errors import IndexNotFound, WorkerLost
from search.searcher import Searcher
from tests.api.fakes import FakeSearcher
from tests.index.stand_ins import RECIPE, HashingEncoder


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


class Hanging:
    """Answers when it is given up."""

    generation, processes, ready = 1, 1, True

    def __init__(self) -> None:
        self.given_up = threading.Event()
        self.asked = threading.Event()

    def answer(self, question: object) -> bytes:
        self.asked.set()
        assert self.given_up.wait(30)
        raise WorkerLost("ended")

    def info(self) -> dict[str, object]:
        return {}

    def warm(self) -> None: ...

    def give_up(self) -> None:
        self.given_up.set()

    def close(self) -> None:
        assert self.given_up.is_set()


def test_who_does_not_answer_is_given_up_when_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.serving._GRACE", 0.1)
    hanging, serving = Hanging(), Serving(1, deadline=0.2)
    serving.open(lambda: hanging)

    async def asked() -> None:
        with pytest.raises(Refusal, match="timed_out"):
            await serving.run(lambda answerer: answerer.answer(Question(None, "x")))

    asyncio.run(asked())
    assert hanging.asked.is_set()
    serving.close()
    assert hanging.given_up.is_set() and serving.accepted == 0


def test_without_anybody_to_answer_it_is_not_ready() -> None:
    hanging, serving = Hanging(), Serving(1)
    serving.open(lambda: hanging)
    assert serving.ready
    hanging.ready = False
    assert not serving.ready


def test_a_closed_index_gives_its_files_back_at_once(tmp_path: Path) -> None:
    """Else those of a removed generation would keep their room on the disk until some collection of garbage."""
    (tmp_path / "a.txt").write_text("A river of words.")
    rebuild([tmp_path / "a.txt"], tmp_path / "index", BridgeEncoder())
    answerer = Local(Searcher.open(tmp_path / "index", "bridge"))
    answerer.warm()
    postings = weakref.ref(answerer.searcher._generation)
    gc.disable()
    try:
        answerer.close()
    finally:
        gc.enable()
    assert postings() is None


def test_auto_is_the_encoder_that_made_the_index(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A river of words.")
    rebuild([tmp_path / "a.txt"], tmp_path / "index", HashingEncoder("one of my own"), recipe=RECIPE)
    assert encoder_of(tmp_path / "index", "auto") == "one of my own"
    assert encoder_of(tmp_path / "index", "bridge") == "bridge"
    with pytest.raises(IndexNotFound):
        encoder_of(tmp_path / "none", "auto")


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
