"""Answers by processes of their own, one question at a time each: Python's lock is then a process's, not the server's.

Not for what a worker does: see `worker`. One that ends, whatever ended it, is replaced; who waited for its answer is
answered by another.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from multiprocessing import connection

from api import messages
from api.answering import Question
from api.searchers import Observe
from api.workerprocess import Lost, WorkerProcess
from index.errors import WorkerLost

log = logging.getLogger("dubhashi.workers")

Start = Callable[[int | None], WorkerProcess]  # by the generation to open; None: the one in use

_TRIES = 2  # workers that one question may cost: one that ends every process it meets must not end them all
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds after a worker that could not be started


class Workers:
    """An Answerer (see there) over `count` processes that have the same generation open."""

    def __init__(self, start: Start, count: int, patience: float, observe: Observe | None = None) -> None:
        """Starts them; `patience` is how long one may take for an answer. Raises what the first could not do."""
        self._start, self._count, self._patience, self._observe = start, count, patience, observe
        first = start(None)  # compares all checksums; the others open what it has found whole
        self._info = first.info
        self._alive = {first}
        self._idle = [first]
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._bell, self._rope = connection.Pipe(duplex=False)
        atexit.register(self.close)
        self._keeper = threading.Thread(target=self._keep, name="workers", daemon=True)
        self._keeper.start()

    @property
    def generation(self) -> int:
        return int(str(self._info["generation"]))

    @property
    def alive(self) -> int:
        return len(self._alive)

    def answer(self, question: Question) -> bytes:
        """Raises WorkerLost beside what the question's own mistakes raise."""
        asked = messages.question_bytes(question)
        for _ in range(_TRIES):
            worker = self._take()
            try:
                reply = worker.ask(asked, self._patience)
            except Lost:
                self._lose(worker)
                continue
            self._give(worker)
            return messages.answer_of(reply, self._observe)[1]
        raise WorkerLost(f"{_TRIES} processes ended, or did not answer, while they searched; ask again")

    def info(self) -> Mapping[str, object]:
        return self._info

    def warm(self) -> None:
        """Waits until all are there; each warmed itself."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._alive) >= self._count, self._patience)

    def close(self) -> None:
        """Ends the processes; only when no question waits any more."""
        atexit.unregister(self.close)
        self._closing.set()
        self._rope.close()
        self._keeper.join()
        with self._changed:
            ending, self._alive, self._idle = self._alive, set(), []
            self._changed.notify_all()
        for worker in ending:
            worker.let_go()
        for worker in ending:
            worker.end()
        self._bell.close()

    def _take(self) -> WorkerProcess:
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._closing.is_set(), self._patience)
            if not self._idle:
                raise WorkerLost("no process is there to search; the server's log says why")
            return self._idle.pop()

    def _give(self, worker: WorkerProcess) -> None:
        with self._changed:
            self._idle.append(worker)
            self._changed.notify()

    def _lose(self, worker: WorkerProcess) -> None:
        """Once for each, whoever notices first: who asked it, or the keeper."""
        with self._changed:
            if worker not in self._alive:
                return
            self._alive.remove(worker)
            if worker in self._idle:
                self._idle.remove(worker)
        worker.end(at_once=True)
        log.warning("worker %s ended by %s; another takes its place", worker.pid, worker.ended_by)

    def _keep(self) -> None:
        """Until closed: starts what is missing, and notices those that end."""
        pause = _SHORTEST_PAUSE
        while not self._closing.is_set():
            if len(self._alive) < self._count:
                pause = _SHORTEST_PAUSE if self._add() else min(2 * pause, _LONGEST_PAUSE)
                if pause > _SHORTEST_PAUSE:
                    self._closing.wait(pause)
                continue
            ears = {worker.ear: worker for worker in tuple(self._alive)}
            for heard in connection.wait([*ears, self._bell]):
                if heard in ears:
                    self._lose(ears[heard])

    def _add(self) -> bool:
        """Whether another worker could be started."""
        try:
            worker = self._start(self.generation)
        except Exception as error:
            log.error("a worker cannot be started: %s", error)
            return False
        with self._changed:
            self._alive.add(worker)
            self._idle.append(worker)
            self._changed.notify_all()
        return True
