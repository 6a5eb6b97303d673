"""Work in a process that is killed at a random moment. Forks; not for a process with threads."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

Work = Callable[[], object]

# What Python's audit hooks tell of files: between any two of these the disk looks different.
_TOUCHING = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "sqlite3.connect"}
_LAST = 25  # such steps: naming the new generation, putting it in use and removing an old one


class Moment(NamedTuple):
    """After so many seconds, or before such a step."""

    seconds: float = 0.0
    step: int = 0


class Moments:
    """Chosen as work of a kind needs time and steps: even in time, even in steps, and in the last steps."""

    def __init__(self, chance: random.Random, work: Work) -> None:
        """Does the work once."""
        self._chance = chance
        reading, writing = os.pipe()
        began = time.perf_counter()
        assert in_child(lambda: _counted(work, writing)) == 0
        self._seconds = time.perf_counter() - began
        self._steps = int.from_bytes(os.read(reading, 8), "little")
        os.close(reading)
        os.close(writing)

    def next(self) -> Moment:
        kind, steps = self._chance.randrange(3), self._steps
        if kind == 0:
            return Moment(seconds=self._chance.uniform(0, self._seconds * 1.2))
        first, last = (
            (1, steps) if kind == 1 else (max(1, steps - _LAST), steps + _LAST)
        )  # what died left more to do
        return Moment(step=self._chance.randint(first, last))


def in_child(work: Work, moment: Moment | None = None) -> int:
    """Do it in a forked child; its exit status, negative for the signal that ended it."""
    child = os.fork()
    if not child:
        try:
            if moment and moment.step:
                steps = iter(range(moment.step - 1, -1, -1))
                _on_step(lambda: next(steps, 0) or os.kill(os.getpid(), signal.SIGKILL))
            work()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if moment and not moment.step:
        time.sleep(moment.seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _counted(work: Work, writing: int) -> None:
    steps = [0]

    def step() -> None:
        steps[0] += 1

    _on_step(step)
    work()
    os.write(writing, steps[0].to_bytes(8, "little"))


def _on_step(heard: Work) -> None:
    """A hook cannot be taken away again: only in a child."""
    sys.addaudithook(lambda event, _: heard() and None if event in _TOUCHING else None)
