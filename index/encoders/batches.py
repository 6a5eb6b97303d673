"""Texts of like length put into batches that cost about the same: a token budget, padding counted.

Not for tokenising or encoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_BATCH_COSTS = 32  # pieces that a further batch costs as much as: every weight is read once more


def by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of the texts, longest first; rows times the longest row stays within `budget`, or is one row.

    Full batches have a power of two of rows. A batch ends, too, where padding the rows that could follow would
    cost more than another batch.

    >>> list(by_length([3, 9, 2, 10, 1], 20))
    [[3, 1], [0, 2, 4]]
    >>> [len(batch) for batch in by_length([10] * 7, 30)]
    [2, 2, 2, 1]
    >>> list(by_length([100, 20, 19, 20], 1000))
    [[0], [1, 3, 2]]
    """
    places = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    start = 0
    while start < len(places):
        longest = max(lengths[places[start]], 1)
        end = min(start + _power_of_two(budget // longest), len(places))
        for place in range(start + 1, end):
            if (end - place) * (longest - lengths[places[place]]) > _BATCH_COSTS:
                end = place
                break
        yield places[start:end]
        start = end


def rounded(number: int, parts: int, least: int = 1) -> int:
    """The next power of two, or between two of them the next of `parts` steps of one size; at least `least`.

    >>> [rounded(number, 2) for number in (1, 3, 5, 9, 13)], [rounded(number, 4, 8) for number in (3, 9, 17, 100)]
    ([1, 3, 6, 12, 16], [8, 10, 20, 112])
    """
    number = max(number, least)
    step = max(_power_of_two(number) // parts, 1)
    return -(-number // step) * step


def _power_of_two(number: int) -> int:
    """The greatest that is not above, at least 1."""
    return 1 << (max(number, 1).bit_length() - 1)
