"""Rebuilds that the server was asked for: one at a time, each in a process of its own, with progress and cancel.

Not for HTTP, nor for what a rebuild does: `index.build`. A process and not a thread, so that searches keep their
interpreter, and so that a rebuild can be ended at any moment; it ends by itself when the server is gone.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import secrets
import signal
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from api.settings import Settings
from index.errors import DubhashiError, IndexError_, IndexLocked, NotFound

log = logging.getLogger("dubhashi.jobs")

State = Literal["running", "done", "failed", "cancelled"]
_REMEMBERED = 100
_GRACE = 10.0  # seconds between asking a rebuild to end and ending it


@dataclass(frozen=True, slots=True)
class Job:
    """`done` of `total` steps of `stage`. `error` is a code; `report` is what was built. Times are ISO 8601, UTC."""

    id: str
    state: State
    started: str
    ended: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    report: Mapping[str, Any] | None = None


class _Run:
    """A job and its process."""

    def __init__(self, job: Job, process: BaseProcess) -> None:
        self.job, self.process, self.cancelled = job, process, False


class Jobs:
    """Safe to call from several threads. Remembers the last hundred, until the server ends."""

    def __init__(self, settings: Settings) -> None:
        self._index, self._encoder = settings.index, settings.encoder
        self._runs: OrderedDict[str, _Run] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, *, force: bool = False, strict: bool = False) -> Job:
        """A rebuild from the index's own sources. Raises IndexLocked while another job runs."""
        spawn = multiprocessing.get_context("spawn")
        with self._lock:
            running = [run.job.id for run in self._runs.values() if run.job.state == "running"]
            if running:
                raise IndexLocked(
                    f"the job {running[0]} is at work in {self._index}: wait for it, or cancel it"
                )
            ours, theirs = spawn.Pipe(duplex=False)
            arguments = (theirs, str(self._index), self._encoder, force, strict)
            process = spawn.Process(target=_rebuild, args=arguments, daemon=True)
            process.start()
            theirs.close()
            run = _Run(Job(secrets.token_hex(8), "running", _now()), process)
            self._runs[run.job.id] = run
            while len(self._runs) > _REMEMBERED:
                self._runs.popitem(last=False)
        threading.Thread(target=self._follow, args=(run, ours), daemon=True).start()
        return run.job

    def get(self, job_id: str) -> Job:
        """Raises NotFound."""
        return self._run(job_id).job

    def cancel(self, job_id: str) -> Job:
        """Asks a running job to end: what it wrote is removed, the index stays. One that ended stays as it is.

        Raises NotFound.
        """
        run = self._run(job_id)
        if run.job.state == "running":
            run.cancelled = True
            run.process.terminate()
            killer = threading.Timer(_GRACE, run.process.kill)
            killer.daemon = True
            killer.start()
        return run.job

    def close(self) -> None:
        """Cancels what runs and waits for its end."""
        for run in list(self._runs.values()):
            if run.job.state == "running":
                self.cancel(run.job.id)
                run.process.join(_GRACE + 1)

    def _run(self, job_id: str) -> _Run:
        with self._lock:
            if job_id not in self._runs:
                raise NotFound("there is no such job; a server forgets its jobs when it ends")
            return self._runs[job_id]

    def _follow(self, run: _Run, messages: Connection) -> None:
        """Until the process ends, keeps the job as it says."""
        last: dict[str, Any] = {}
        try:
            while True:
                last = json.loads(messages.recv_bytes())
                if "stage" in last:
                    run.job = replace(run.job, **last)
        except (EOFError, OSError):
            messages.close()
        run.process.join()
        run.job = replace(run.job, ended=_now(), **_outcome(run, last))
        log.info("job %s: %s %s", run.job.id, run.job.state, last.get("message", ""))


def _outcome(run: _Run, last: Mapping[str, Any]) -> dict[str, Any]:
    if "report" in last:
        return {"state": "done", "report": last["report"]}
    if run.cancelled:
        return {"state": "cancelled"}
    return {"state": "failed", "error": last.get("error", "internal")}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _rebuild(messages: Connection, index: str, encoder: str, force: bool, strict: bool) -> None:
    """In the job's own process. A message that cannot be sent, because the server is gone, ends the rebuild."""

    def end(*_: object) -> None:
        raise SystemExit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then cancels
    signal.signal(signal.SIGTERM, end)
    os.nice(10)  # searches first

    def send(**message: object) -> None:
        messages.send_bytes(json.dumps(message).encode())

    try:
        try:
            send(report=_report(Path(index), encoder, force, strict, send))
        except DubhashiError as error:
            send(error=error.code, message=str(error))
    except BrokenPipeError:
        raise SystemExit(1) from None


def _report(index: Path, encoder: str, force: bool, strict: bool, send: Any) -> dict[str, object]:
    from api.rebuilding import encoder_of, report_object, sources_of
    from index.build import rebuild
    from index.encoders.choose import open_encoder

    def progress(stage: str, done: int, total: int) -> None:
        send(stage=stage, done=done, total=total)

    with suppress(IndexError_):  # none there, or damaged
        encoder = encoder_of(index, encoder)
    opened = open_encoder(encoder).encoder
    return report_object(
        rebuild(sources_of(index), index, opened, strict=strict, force=force, progress=progress)
    )
