"""One bar for a long job on a terminal, and nothing where nobody watches.

Not for the summary at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TextIO

from api.cli import terminal
from index.progress import Progress, Stage, silent

_WORDS: dict[Stage, str] = {
    "compare": "comparing sources",
    "index": "reading and indexing",
    "vectors": "writing vectors",
    "postings": "writing words",
    "verify": "checking",
    "publish": "publishing",
}


@contextmanager
def shown(stream: TextIO) -> Iterator[Progress]:
    """A bar on `stream` for as long as the block runs, if somebody watches; with rate and remaining time."""
    if not terminal.is_terminal(stream):
        yield silent
        return
    from rich.progress import TaskProgressColumn, TextColumn, TimeElapsedColumn

    with _bars(stream, TaskProgressColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn()) as bars:
        task = bars.add_task("starting", total=None, rate="")
        began: dict[Stage, float] = {}

        def report(stage: Stage, done: int, total: int) -> None:
            if stage not in began:
                began[stage] = perf_counter()
                bars.reset(task)  # what is left is reckoned from this stage's own pace
            bars.update(
                task,
                description=_WORDS[stage],
                completed=done,
                total=total,
                rate=_rate(done, perf_counter() - began[stage]) if stage == "index" else "",
            )

        yield report


@contextmanager
def downloading(stream: TextIO, what: str) -> Iterator[Callable[[int, int], None]]:
    """The same for bytes that come over the network: told how many came, and how many there are."""
    if not terminal.is_terminal(stream):
        yield lambda done, total: None
        return
    from rich.progress import DownloadColumn, TransferSpeedColumn

    with _bars(stream, DownloadColumn(), TransferSpeedColumn()) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _bars(stream: TextIO, *columns: Any) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    left = TimeRemainingColumn(compact=True)
    shown_columns = (TextColumn("{task.description:<20}"), BarColumn(), *columns, TextColumn("left"), left)
    return Bars(*shown_columns, console=Console(file=stream), transient=True)


def _rate(done: int, seconds: float) -> str:
    """Text read in a second: at LaBSE's speed a few kilobytes.

    >>> _rate(500_000, 2.0), _rate(5, 0.0)
    ('250.0 kB/s', '')
    """
    return f"{done / seconds / 1000:,.1f} kB/s" if seconds > 0 else ""
