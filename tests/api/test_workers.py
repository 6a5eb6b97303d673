"""Answers by processes: the same as by threads, whatever happens to the processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import connection
from pathlib import Path

import pytest

from api import messages
from api.answering import Answerer, Question
from api.opener import Opener, processes_for
from api.settings import Settings
from api.workerprocess import Lost, WorkerProcess
from api.workers import Workers
from index.build import rebuild
from index.encoders.bridge import BridgeEncoder
from index.errors import IndexNotFound, NotFound, QueryError, WorkerLost
from search.types import SearchRequest
from tests.search.conftest import SEEDS

RIVER = Question(SearchRequest("moon landing"))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    for name in ("en/chandrayaan-3-lands.txt", "hi/chandrayaan-3-landing.txt"):
        shutil.copy(SEEDS / name, folder / Path(name).name)
    rebuild([folder], folder / "index", BridgeEncoder())
    return folder / "index"


def opened(index: Path, processes: int, stages: list[str] | None = None) -> Answerer:
    told = [] if stages is None else stages
    settings = Settings(index, "bridge", processes=processes)
    return Opener(settings, lambda stage, _: told.append(stage)).open()


@pytest.fixture(scope="module")
def workers(index: Path) -> Iterator[Workers]:
    answerer = opened(index, 2)
    assert isinstance(answerer, Workers)
    answerer.warm()
    yield answerer
    answerer.close()


@pytest.fixture(scope="module", params=[1, 2], ids=["threads", "processes"])
def answerer(request: pytest.FixtureRequest, index: Path) -> Iterator[Answerer]:
    answerer = opened(index, request.param)
    answerer.warm()
    yield answerer
    answerer.close()


def ids(answerer: Answerer, question: Question) -> list[str]:
    return [hit["id"] for hit in json.loads(answerer.answer(question))["hits"]]


def pids(workers: Workers) -> list[int]:
    return [worker.pid for worker in tuple(workers._alive) if worker.pid]


def wait_until(done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_search_finds_and_more_like_a_hit_leaves_it_out(answerer: Answerer) -> None:
    found = ids(answerer, RIVER)
    assert found and found[0] not in ids(answerer, Question(SearchRequest("-"), found[0]))


def test_bounds_cross_the_border(answerer: Answerer) -> None:
    request = SearchRequest("moon", limit=3, lang="hi", mode="dense", where={})
    said = json.loads(answerer.answer(Question(request, latin=True)))
    assert {hit["lang"] for hit in said["hits"]} == {"hi"} and len(said["hits"]) == 3
    assert (said["mode"], "text_latin" in said["hits"][0]) == ("dense", True)


def test_a_passage_is_given_by_its_id(answerer: Answerer) -> None:
    passage = json.loads(answerer.answer(Question(None, "chandrayaan-3-lands:1")))
    assert (passage["id"], passage["lang"]) == ("chandrayaan-3-lands:1", "en")


def test_mistakes_come_as_what_they_are(answerer: Answerer) -> None:
    with pytest.raises(NotFound, match="there is no passage"):
        answerer.answer(Question(None, "nothing:1"))
    with pytest.raises(QueryError, match="is not an ISO 8601 date"):
        answerer.answer(Question(SearchRequest("moon", date_from="soon")))


def test_it_says_what_it_is(answerer: Answerer) -> None:
    info = answerer.info()
    assert (answerer.generation, info["generation"], info["encoder"]) == (1, 1, "bridge")


@pytest.mark.parametrize("processes", [1, 2])
def test_stages_are_told(index: Path, processes: int) -> None:
    stages: list[str] = []
    answerer = opened(index, processes, stages)
    answerer.warm()
    stages.clear()
    answerer.answer(Question(SearchRequest("moon", explain=False)))
    answerer.close()
    assert sorted(stages) == ["encode", "search", "write"]


def test_what_cannot_be_opened_is_said_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        WorkerProcess(tmp_path, "bridge", None)


def test_one_that_does_not_answer_is_lost_and_can_be_ended(index: Path) -> None:
    worker = WorkerProcess(index, "bridge", None)
    assert worker.pid
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(Lost) as lost:
        worker.ask(messages.question_bytes(RIVER), 0.05)
    worker.end(at_once=True)
    assert lost.value.asked and not running(worker.pid)


def test_closing_ends_the_processes(index: Path) -> None:
    answerer = opened(index, 2)
    assert isinstance(answerer, Workers)
    answerer.warm()
    found = pids(answerer)
    answerer.close()
    assert len(found) == 2 and not any(map(running, found))


def test_a_defect_is_told_with_its_place_and_the_worker_goes_on(workers: Workers) -> None:
    before = pids(workers)
    with pytest.raises(messages.WorkerFailed, match="in search"):
        workers.answer(Question(SearchRequest("moon", limit="many")))  # type: ignore[arg-type]
    assert ids(workers, RIVER) and pids(workers) == before


def test_killed_workers_are_replaced_while_nobody_notices(workers: Workers) -> None:
    expected, answers, stop = ids(workers, RIVER), [], threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answers.append(ids(workers, RIVER) == expected)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    for _ in range(3):
        before = pids(workers)
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda before=before: before[0] not in pids(workers) and workers.processes == 2)
    stop.set()
    for thread in asking:
        thread.join()
    assert answers and all(answers)


def test_one_that_is_killed_while_it_waits_is_noticed(workers: Workers) -> None:
    before = set(pids(workers))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: workers.processes == 2 and not before & set(pids(workers)))
    assert ids(workers, RIVER)


def test_ctrl_c_and_a_stop_of_the_whole_group_are_the_servers_affair(workers: Workers) -> None:
    before = pids(workers)
    for pid in before:
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    assert ids(workers, RIVER) and ids(workers, RIVER) and pids(workers) == before


def test_workers_end_with_their_server_however_it_ends(index: Path) -> None:
    code = (
        "import time; from pathlib import Path; from tests.api.test_workers import opened, pids\n"
        f"if __name__ == '__main__': w = opened(Path({str(index)!r}), 2); w.warm()\n"
        "if __name__ == '__main__': print(*pids(w), flush=True); time.sleep(60)"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    found = [int(pid) for pid in server.stdout.readline().split()]
    server.kill()
    server.wait()
    server.stdout.close()
    assert len(found) == 2
    wait_until(lambda: not any(running(pid) for pid in found))


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


class FakeProcess:
    """One that answers, or is lost as soon as it is asked."""

    pid, ended_by = 0, "a test"

    def __init__(self, lost: bool) -> None:
        self.info = {"generation": 7}
        self.lost, self.asked, self.ends = lost, 0, 0
        self.ear, self._other = connection.Pipe()

    def ask(self, message: bytes, patience: float) -> bytes:
        self.asked += 1
        if self.lost:
            raise Lost(asked=True)
        return b"{}\nanswer"

    def let_go(self) -> None:
        pass

    def end(self, *, at_once: bool = False) -> None:
        self.ends += 1


def fakes(*lost: bool) -> tuple[list[FakeProcess], Callable[[int | None], FakeProcess]]:
    """Processes that are started one after the other; then none can be."""
    made, left = [], iter(lost)

    def start(generation: int | None) -> FakeProcess:
        made.append(FakeProcess(next(left)))
        assert generation == (None if len(made) == 1 else 7)
        return made[-1]

    return made, start


def test_a_question_that_ends_every_process_it_meets_is_given_up() -> None:
    made, start = fakes(True, True, False)
    workers = Workers(start, 1, 10)
    with pytest.raises(WorkerLost, match="2 processes ended"):
        workers.answer(RIVER)
    assert workers.answer(RIVER) == b"answer"
    workers.close()
    assert [(process.asked, process.ends) for process in made] == [(1, 1), (1, 1), (1, 1)]


def test_a_process_that_cannot_be_replaced_leaves_the_others_to_answer() -> None:
    _, start = fakes(False, True)
    workers = Workers(start, 2, 10)
    workers.warm()
    assert [workers.answer(RIVER) for _ in range(5)] == [b"answer"] * 5
    assert workers.processes == 1
    workers.close()


def test_without_any_process_a_question_is_refused_and_does_not_hang() -> None:
    _, start = fakes(True)
    workers = Workers(start, 1, 0.05)
    with pytest.raises(WorkerLost, match="no process is there"):
        workers.answer(RIVER)
    workers.close()


def test_a_table_is_mapped_by_a_process_a_core_and_large_weights_are_held_once(tmp_path: Path) -> None:
    (tmp_path / "bridge.json").write_text("{}")
    expected = min(os.cpu_count() or 1, 8)
    assert (processes_for("bridge"), processes_for(str(tmp_path)), processes_for("labse")) == (
        *(expected, expected), 1,
    )  # fmt: skip
