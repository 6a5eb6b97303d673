"""One worker as the server has it: its process and the pipe to it.

Not for which worker is asked: see `workers`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from api import messages, worker
from index.errors import WorkerLost

_OPENING = 120.0  # seconds until a worker that says nothing is given up
_GRACE = 5.0  # seconds between asking one to end and ending it


class Lost(Exception):
    """It ended, or took too long; `asked`: it may have been for the question's sake."""

    def __init__(self, *, asked: bool) -> None:
        self.asked = asked


class WorkerProcess:
    """Starts it and waits until it is ready. For one thread at a time."""

    def __init__(self, index: Path, encoder: str, generation: int | None) -> None:
        """Raises what it could not do."""
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=worker.main, args=(theirs, str(index), encoder, generation), daemon=True
        )
        try:
            self._process.start()
            theirs.close()
            self.info: Mapping[str, object] = messages.answer_of(self._received(_OPENING))[0]["info"]
        except Lost:
            self.end(at_once=True)
            raise WorkerLost(f"a process that should search ended by {self.ended_by} as it started") from None
        except BaseException:
            self.end(at_once=True)
            raise

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def ear(self) -> int:
        """Ready, for `multiprocessing.connection.wait`, when the process has ended."""
        return self._process.sentinel

    @property
    def ended_by(self) -> str:
        code = self._process.exitcode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    def ask(self, message: bytes, patience: float) -> bytes:
        """Its answer within so many seconds. Raises Lost."""
        try:
            self._pipe.send_bytes(message)
        except OSError:
            raise Lost(asked=False) from None
        return self._received(patience)

    def kill(self) -> None:
        """Whoever waits for its answer hears of it."""
        self._process.kill()

    def let_go(self) -> None:
        """It ends by itself, when it has answered."""
        self._pipe.close()

    def end(self, *, at_once: bool = False) -> None:
        """It has ended when this returns."""
        if at_once:
            self._process.kill()
        self._process.join(_GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        with suppress(OSError):
            self._pipe.close()

    def _received(self, patience: float) -> bytes:
        try:
            if self._pipe.poll(patience):
                return self._pipe.recv_bytes()
        except (EOFError, OSError):
            pass
        raise Lost(asked=True)
