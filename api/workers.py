"""Answers by processes of their own, one question at a time each: Python's lock is then a process's, not the server's.

Not for what a worker does: see `worker`. One that ends, whatever ended it, is replaced; who waited for its answer is
answered by another.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import connection

from api import messages
from api.answering import Question
from api.line import Line
from api.searchers import Observe
from api.workerprocess import Lost, WorkerProcess
from index.errors import WorkerLost

log = logging.getLogger("dubhashi.workers")

Start = Callable[[int | None], WorkerProcess]  # by the generation to open; None: the one in use

_TRIES = 2  # workers that one question may cost: one that ends every process it meets must not end them all
_SPARE = 30.0  # seconds beyond the deadline until one that does not answer is ended
_OPENING = 120.0  # seconds in which all should be there
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds after a worker that could not be started


class Workers:
    """An Answerer (see there) over `count` processes that have the same generation open."""

    def __init__(self, start: Start, count: int, deadline: float, observe: Observe | None = None) -> None:
        """Starts them; `deadline` is how long a question waits for one. Raises what the first could not do."""
        self._start, self._count, self._deadline, self._observe = start, count, deadline, observe
        first = start(None)  # compares all checksums; the others open what it has found whole
        self._info = first.info
        self._alive: set[WorkerProcess] = set()
        self._idle = Line[WorkerProcess]()
        self._changed = threading.Condition()  # who is alive
        self._closing = threading.Event()
        self._bell, self._rope = connection.Pipe(duplex=False)
        self._join(first)
        atexit.register(self.close)
        self._keeper = threading.Thread(target=self._keep, name="workers", daemon=True)
        self._keeper.start()

    @property
    def generation(self) -> int:
        return int(str(self._info["generation"]))

    @property
    def processes(self) -> int:
        return len(self._alive)

    @property
    def ready(self) -> bool:
        return bool(self._alive)

    def answer(self, question: Question) -> bytes:
        """Raises WorkerLost beside what the question's own mistakes raise."""
        asked = messages.question_bytes(question)
        lost = 0
        while lost < _TRIES and not self._closing.is_set():
            worker = self._take()
            try:
                reply = worker.ask(asked, self._deadline + _SPARE)
            except Lost as error:
                lost += error.asked
                self._forget(worker)
                self._end(worker)
                continue
            self._give(worker)
            return messages.answer_of(reply, self._observe)[1]
        raise WorkerLost(f"{_TRIES} processes ended, or did not answer, while they searched; ask again")

    def info(self) -> Mapping[str, object]:
        return self._info

    def warm(self) -> None:
        """Waits until all are there; each warmed itself."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._alive) >= self._count, _OPENING)

    def give_up(self) -> None:
        self._closing.set()
        self._ring()
        with self._changed:
            alive = list(self._alive)
        for worker in alive:
            worker.kill()

    def close(self) -> None:
        """Ends the processes; only when no question waits any more."""
        atexit.unregister(self.close)
        self._closing.set()
        self._ring()
        self._keeper.join()
        with self._changed:
            ending, self._alive = self._alive, set()
        for worker in ending:
            worker.let_go()
        for worker in ending:
            worker.end()
        self._rope.close()
        self._bell.close()

    def _take(self) -> WorkerProcess:
        try:
            return self._idle.take(self._deadline)
        except TimeoutError:
            raise WorkerLost("no process is there to search; the server's log says why") from None

    def _give(self, worker: WorkerProcess) -> None:
        with self._changed:
            alive = worker in self._alive
        if alive:
            self._idle.give(worker)
        else:  # it ended behind its last answer
            self._end(worker)

    def _join(self, worker: WorkerProcess) -> None:
        with self._changed:
            self._alive.add(worker)
            self._changed.notify_all()
        self._idle.give(worker)

    def _forget(self, worker: WorkerProcess) -> bool:
        """Another is started in its place; whether it was idle, and so is its finder's to end."""
        with self._changed:
            self._alive.discard(worker)
        self._ring()
        return self._idle.withdraw(worker)

    def _end(self, worker: WorkerProcess) -> None:
        """By the one who has it: whoever waits at a pipe that another closed would wait for ever."""
        worker.end(at_once=True)
        log.warning("worker %s ended by %s; another takes its place", worker.pid, worker.ended_by)

    def _ring(self) -> None:
        """Tells the keeper that something changed."""
        with suppress(OSError):  # closed
            self._rope.send_bytes(b"")

    def _keep(self) -> None:
        """Until closed: starts what is missing, and notices those that end."""
        pause = _SHORTEST_PAUSE
        while not self._closing.is_set():
            if len(self._alive) < self._count:
                pause = _SHORTEST_PAUSE if self._add() else min(2 * pause, _LONGEST_PAUSE)
                if pause > _SHORTEST_PAUSE:
                    self._closing.wait(pause)
                continue
            with self._changed:
                alive = list(self._alive)
            heard = connection.wait([*(worker.ear for worker in alive), self._bell])
            if self._bell in heard:
                self._bell.recv_bytes()
            for worker in alive:
                if worker.ear in heard and self._forget(worker):
                    self._end(worker)

    def _add(self) -> bool:
        """Whether another worker could be started."""
        try:
            worker = self._start(self.generation)
        except Exception as error:
            log.error("a worker cannot be started: %s", error)
            return False
        self._join(worker)
        return True
