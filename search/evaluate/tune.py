"""The fusion weight for one's own judged queries: chosen on half of them, its gain measured on the other half.

Not for the rest of the ranking's constants: those are `search.weights`. Not for keeping it: see `search.tuning`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from search.evaluate.folders import JudgedFolder
from search.evaluate.runs import run_folder
from search.searcher import Searcher

RATIOS = tuple(round(0.05 * step, 2) for step in range(21))


@dataclass(frozen=True, slots=True)
class Tuned:
    """`before` and `after` are nDCG@10 on the queries that did not choose `semantic_ratio`."""

    semantic_ratio: float
    before: float
    after: float
    queries: int

    @property
    def gain(self) -> float:
        return self.after - self.before


def tune(searcher: Searcher, folders: Sequence[JudgedFolder]) -> Tuned:
    """The best ratio on the queries in even places; the default's stays where nothing is better."""
    default = searcher.semantic_ratio
    values = {
        ratio: [
            v for f in folders for v in run_folder(searcher, f, "hybrid", ratio).measured["nDCG@10"].values
        ]
        for ratio in sorted({*RATIOS, default})
    }
    best = max(values, key=lambda ratio: (round(fmean(values[ratio][::2]), 4), -abs(ratio - default)))
    held = slice(1, None, 2) if len(values[default]) > 1 else slice(None)
    return Tuned(best, fmean(values[default][held]), fmean(values[best][held]), len(values[default]))
