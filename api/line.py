"""Things that are lent to one thread at a time, to whoever has waited longest.

Not for what they are. A condition would do, were it not for threads that come back at once and take what was meant for
those that wait.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """Safe to call from several threads.

    >>> line = Line[str]()
    >>> line.give("a")
    >>> line.take(1.0), line.withdraw("a")
    ('a', False)
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[T] = []
        self._waiting: deque[Future[T]] = deque()

    def take(self, patience: float) -> T:
        """Raises TimeoutError after so many seconds."""
        with self._lock:
            if self._free:  # then nobody waits
                return self._free.pop()
            place: Future[T] = Future()
            self._waiting.append(place)
        with suppress(TimeoutError):
            return place.result(patience)
        with self._lock:
            if place.done():  # meanwhile
                return place.result()
            self._waiting.remove(place)
        raise TimeoutError

    def give(self, thing: T) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(thing)
            else:
                self._free.append(thing)

    def withdraw(self, thing: T) -> bool:
        """It is not lent any more; whether it was there."""
        with self._lock:
            there = thing in self._free
            if there:
                self._free.remove(thing)
        return there
