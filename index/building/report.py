"""What a rebuild did, for a summary line or a job's result.

Not for progress while it runs: see `progress`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.sources import Problem
from index.types import Rate


@dataclass(frozen=True, slots=True)
class BuildReport:
    """`generation` is the one now in use; where `unchanged`, it is the old one and nothing was written.

    `problems` are what was skipped in the sources, `notices` anything else worth a line. Of the passages,
    `encoded` went through the encoder, `cached` came from the cache, and the vectors of `kept` are those of the
    generation before. `stages` are seconds by name; encoding runs beside reading and writing, so they add up to
    more than `seconds`.
    """

    generation: int
    unchanged: bool
    files: int
    documents: int
    passages: int
    languages: Mapping[str, int]
    seconds: float
    bytes: int = 0
    encoded: int = 0
    cached: int = 0
    kept: int = 0
    vectors: str = "exact"
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> Rate:
        """Passages over the whole time."""
        return Rate(self.passages, self.seconds)
