"""One bar for a long job on a terminal, and nothing where nobody watches.

Not for the summary at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

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
    """A bar on `stream` for as long as the block runs, if somebody watches."""
    if not terminal.is_terminal(stream):
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<20}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(file=stream), transient=True) as bars:
        task = bars.add_task("starting", total=None)

        def report(stage: Stage, done: int, total: int) -> None:
            bars.update(task, description=_WORDS[stage], completed=done, total=total)

        yield report
