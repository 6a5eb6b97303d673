"""The searcher in force and the threads that use it: opened beside the old one, swapped between two searches.

Not for HTTP: it knows no request.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from api.http.problems import Refusal
from api.searchers import Searcher
from search.types import SearchRequest

T = TypeVar("T")


class _Held:
    """A searcher with the number of its users."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher, self.users, self.retired = searcher, 0, False


class Serving:
    """Lends the searcher in force; the last user of one that was replaced closes it.

    Searches run in a pool of `threads`, so that the event loop never waits for one; when `queue` more are
    waiting, the next is refused (`busy`).
    """

    def __init__(self, threads: int = 0, queue: int = 64) -> None:
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._workers = threads or os.cpu_count() or 1
        self._room = threading.Semaphore(self._workers + queue)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="search")
        self.failure: Exception | None = None

    @property
    def ready(self) -> bool:
        return self._held is not None

    def open(self, factory: Callable[[], Searcher]) -> None:
        """Opens a searcher, warms it, puts it in force. A failure is kept to be told; the old one stays."""
        try:
            searcher = factory()
            searcher.search(SearchRequest(q="भारत India bharat", limit=1))
        except Exception as error:
            self.failure = error
            raise
        self.failure = None
        self.swap(searcher)

    def swap(self, searcher: Searcher | None) -> None:
        """Puts `searcher` in force. The one before serves out the searches it has, then is closed."""
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
        """`work` in a thread of the pool, on the searcher in force there and then."""
        if not self._room.acquire(blocking=False):
            raise Refusal("busy")
        future = self._pool.submit(self._work, work)
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)

    def _work(self, work: Callable[[Searcher], T]) -> T:
        with self.lease() as searcher:
            return work(searcher)

    def close(self) -> None:
        """Finishes what was accepted, then closes the searcher."""
        self._pool.shutdown(wait=True)
        self.swap(None)
