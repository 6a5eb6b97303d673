"""Texts of like length put into batches that cost about the same: a token budget, padding counted.

Not for tokenising or encoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_BATCH_COSTS = 32  # pieces that a further batch costs as much as: every weight is read once more


def by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of the texts, longest first; rows times the longest row stays within `budget`, or is one row.

    A batch ends, too, where padding the rows that could follow would cost more than another batch.

    >>> list(by_length([3, 9, 2, 10, 1], 20))
    [[3, 1], [0, 2, 4]]
    >>> list(by_length([100, 20, 19, 20], 1000))
    [[0], [1, 3, 2]]
    """
    places = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    start = 0
    while start < len(places):
        longest = max(lengths[places[start]], 1)
        end = min(start + max(budget // longest, 1), len(places))
        for place in range(start + 1, end):
            if (end - place) * (longest - lengths[places[place]]) > _BATCH_COSTS:
                end = place
                break
        yield places[start:end]
        start = end
