"""How a long job says how far it is.

Not for what it found out: that is its report.
"""

from __future__ import annotations

from typing import Literal, Protocol

# In this order. `index` counts bytes of the sources; the others count steps, of which there are few.
Stage = Literal["compare", "index", "vectors", "postings", "verify", "publish"]


class Progress(Protocol):
    """Called often, from the thread that runs the job; it should return quickly.

    What it raises ends the job: nothing is published, and what was written is removed.
    """

    def __call__(self, stage: Stage, done: int, total: int) -> None: ...


def silent(stage: Stage, done: int, total: int) -> None:
    """For those who need no bar."""
