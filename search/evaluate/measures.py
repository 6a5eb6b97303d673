"""The measures, by the ir-measures library, with bootstrap confidence intervals.

Not for running queries: see `runs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from search.evaluate.folders import Qrels

Run = Mapping[str, Mapping[str, float]]
# The library's name for each of ours.
NAMES = {
    "nDCG@10": "nDCG@10", "R@1": "R@1", "R@10": "R@10", "R@100": "R@100", "MRR@10": "RR@10", "MAP": "AP",
    "accuracy@1": "Success@1",
}  # fmt: skip
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's value for each query, in the order of the queries."""

    values: Sequence[float]

    @property
    def mean(self) -> float:
        return fmean(self.values) if self.values else 0.0

    def interval(self, seed: int = 1) -> tuple[float, float]:
        """The 95 % confidence interval of the mean by bootstrap over queries (Efron's percentiles)."""
        if not self.values:
            return 0.0, 0.0
        values = np.asarray(self.values)
        picks = np.random.default_rng(seed).integers(0, len(values), (_RESAMPLES, len(values)))
        low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
        return float(low), float(high)


def measure(qrels: Qrels, run: Run, queries: Sequence[str]) -> dict[str, Measured]:
    """Every measure for every query; a query without an answer counts 0."""
    import ir_measures

    parsed = {name: ir_measures.parse_measure(theirs) for name, theirs in NAMES.items()}
    judged = {query: dict(qrels[query]) for query in queries}
    found: dict[str, dict[str, float]] = {name: {} for name in NAMES}
    ours = {str(theirs): name for name, theirs in parsed.items()}
    for row in ir_measures.iter_calc(
        list(parsed.values()), judged, {q: dict(run.get(q, {})) for q in queries}
    ):
        found[ours[str(row.measure)]][row.query_id] = row.value
    return {name: Measured([found[name].get(query, 0.0) for query in queries]) for name in NAMES}
