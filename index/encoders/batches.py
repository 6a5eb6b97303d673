"""Texts of like length put into batches that cost about the same: a token budget, padding counted.

Not for tokenising or encoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of the texts, longest first; rows times the longest row stays within `budget`, or is one row.

    >>> list(by_length([3, 9, 2, 10, 1], 20))
    [[3, 1], [0, 2, 4]]
    """
    batch: list[int] = []
    longest = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * longest > budget:
            yield batch
            batch = []
        if not batch:
            longest = max(lengths[place], 1)
        batch.append(place)
    if batch:
        yield batch
