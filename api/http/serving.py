"""The searcher in force and the threads that use it: opened beside the old one, swapped between two searches.

Not for HTTP: it knows no request. Not for when to open one: see `watching`.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

from api.http.problems import Refusal
from api.searchers import Observe, Searcher
from search.types import SearchRequest

T = TypeVar("T")

WARMING = (
    SearchRequest(q="भारत India bharat", limit=1),
    SearchRequest(q="मुक्त व्यापार समझौता", limit=10, collapse=True),
    SearchRequest(q="mukt vyapar samjhauta", limit=10, offset=10),
)


class _Held:
    """A searcher with the number of its users."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.users, self.retired = searcher, 0, False


class Serving:
    """Lends the searcher in force; the last user of one that was replaced closes it.

    Searches run in a pool of `threads`, so that the event loop never waits for one; when `queue` more are
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
        return self._held is not None

    @property
    def accepted(self) -> int:
        """Searches that wait or run."""
        return self._accepted

    def open(self, factory: Callable[[], Searcher]) -> Mapping[str, object]:
        """Opens a searcher, warms it, puts it in force; what it is. A failure is kept, the old one stays."""
        try:
            searcher = factory()
            info = self._warmed(searcher)
        except Exception as error:
            self.failure = error
            raise
        self.failure = None
        self.swap(searcher)
        return info

    def _warmed(self, searcher: Searcher) -> Mapping[str, object]:
        try:
            for request in WARMING:
                searcher.search(request)
            return searcher.info()
        except BaseException:
            searcher.close()
            raise

    def swap(self, searcher: Searcher | None) -> None:
        """Puts `searcher` in force. The one before serves out the searches it has, then is closed."""
        idle = False
        with self._lock:
            old, self._held = self._held, _Held(searcher) if searcher else None
            if old is not None:
                old.retired = True
                idle = not old.users
        if old is not None and idle:
            old.searcher.close()

    @contextmanager
    def lease(self) -> Iterator[Searcher]:
        """The searcher in force, which stays open until the end of the block."""
        with self._lock:
            held = self._held
            if held is None:
                raise self.failure or Refusal("not_ready")
            held.users += 1
        try:
            yield held.searcher
        finally:
            with self._lock:
                held.users -= 1
                last = held.retired and not held.users
            if last:
                held.searcher.close()

    async def run(self, work: Callable[[Searcher], T]) -> T:
        """`work` in a thread of the pool, on the searcher in force there and then. Raises Refusal."""
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

    def _work(self, work: Callable[[Searcher], T], asked: float) -> T:
        began = perf_counter()
        self._observe("queue", began - asked)
        with self.lease() as searcher:
            return work(searcher)

    def observe(self, stage: str, began: float) -> float:
        """Tells the time since `began`; now."""
        now = perf_counter()
        self._observe(stage, now - began)
        return now

    def close(self) -> None:
        """Finishes what was accepted, then closes the searcher."""
        self._pool.shutdown(wait=True)
        self.swap(None)
