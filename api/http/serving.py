"""What answers for the index in force, and the threads that wait for it: opened beside the old, swapped between two.

Not for HTTP: it knows no request. Not for when to open one: see `watching`.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, perf_counter, sleep
from typing import TypeVar

from api.answering import Answerer
from api.http.problems import Refusal
from api.searchers import Observe

T = TypeVar("T")

_GRACE, _LOOK = 5.0, 0.01  # seconds for what still runs at the end, and between two looks whether it does


class _Held:
    """An answerer with the number of its users."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer, self.users, self.retired = answerer, 0, False


class Serving:
    """Lends the answerer in force; the last user of one that was replaced closes it.

    Questions are asked in a pool of `threads`, so that the event loop never waits for one; when `queue` more are
    waiting, the next is refused (`busy`), and what has waited or run for `deadline` seconds is given up
    (`timed_out`).
    """

    def __init__(
        self, threads: int = 0, queue: int = 64, deadline: float = 10.0, observe: Observe | None = None
    ) -> None:
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._workers = threads or os.cpu_count() or 1
        self._most = self._workers + queue
        self._accepted = 0
        self._deadline = deadline
        self._observe = observe or (lambda stage, seconds: None)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="search")
        self.failure: Exception | None = None

    @property
    def ready(self) -> bool:
        held = self._held
        return held is not None and held.answerer.ready

    @property
    def accepted(self) -> int:
        """Searches that wait or run."""
        return self._accepted

    @property
    def processes(self) -> int:
        """How many beside this one search."""
        held = self._held
        return held.answerer.processes if held else 0

    def open(self, factory: Callable[[], Answerer]) -> Mapping[str, object]:
        """Opens an answerer, warms it, puts it in force; what it is. A failure is kept, the old one stays."""
        try:
            answerer = factory()
            info = self._warmed(answerer)
        except Exception as error:
            self.failure = error
            raise
        self.failure = None
        self.swap(answerer)
        return info

    def _warmed(self, answerer: Answerer) -> Mapping[str, object]:
        try:
            answerer.warm()
            return answerer.info()
        except BaseException:
            answerer.close()
            raise

    def swap(self, answerer: Answerer | None) -> None:
        """Puts `answerer` in force. The one before serves out the questions it has, then is closed."""
        idle = False
        with self._lock:
            old, self._held = self._held, _Held(answerer) if answerer else None
            if old is not None:
                old.retired = True
                idle = not old.users
        if old is not None and idle:
            old.answerer.close()

    @contextmanager
    def lease(self) -> Iterator[Answerer]:
        """The answerer in force, which stays open until the end of the block."""
        with self._lock:
            held = self._held
            if held is None:
                raise self.failure or Refusal("not_ready")
            held.users += 1
        try:
            yield held.answerer
        finally:
            with self._lock:
                held.users -= 1
                last = held.retired and not held.users
            if last:
                held.answerer.close()

    async def run(self, work: Callable[[Answerer], T]) -> T:
        """`work` in a thread of the pool, on the answerer in force there and then. Raises Refusal."""
        self._accept()
        future = self._pool.submit(self._work, work, perf_counter())
        future.add_done_callback(lambda _: self._release())
        done, _ = await asyncio.wait([waiting := asyncio.wrap_future(future)], timeout=self._deadline)
        if not done:
            waiting.cancel()  # one that still waits for a thread never begins
            raise Refusal("timed_out")
        return await waiting

    def _accept(self) -> None:
        with self._lock:
            if self._accepted >= self._most:
                raise Refusal("busy")
            self._accepted += 1

    def _release(self) -> None:
        with self._lock:
            self._accepted -= 1

    def _work(self, work: Callable[[Answerer], T], asked: float) -> T:
        self._observe("queue", perf_counter() - asked)
        with self.lease() as answerer:
            return work(answerer)

    def close(self) -> None:
        """Finishes what was accepted, in some seconds, then closes the answerer."""
        end = monotonic() + _GRACE
        while self._accepted and monotonic() < end:
            sleep(_LOOK)
        if self._accepted and self._held:
            self._held.answerer.give_up()
        self._pool.shutdown(wait=True)
        self.swap(None)
