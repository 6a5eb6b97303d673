"""Texts of like length put into batches that cost about the same: a token budget, padding counted.

Not for tokenising or encoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_BATCH_COSTS = 32  # pieces that a further batch costs as much as: every weight is read once more


def by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places of the texts, longest first, cut where it costs the fewest pieces, those that only fill up counted.

    A batch has at most `budget` pieces, or one row. Its rows are filled up to a power of two.

    >>> list(by_length([3, 9, 2, 10, 1], 20))
    [[3, 1], [0, 2, 4]]
    >>> list(by_length([100, 20, 19, 20], 1000))  # 32 + 100 + 32 + 3 * 20 pieces, not 32 + 4 * 100
    [[0], [1, 3, 2]]
    """
    places = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    rows = _cheapest([lengths[place] for place in places], budget)
    start = 0
    while start < len(places):
        yield places[start : start + rows[start]]
        start += rows[start]


def _cheapest(lengths: Sequence[int], budget: int) -> Sequence[int]:
    """How many rows the batch has that begins at each place, found from the end (dynamic programming)."""
    filled = [rounded(rows, 1) for rows in range(len(lengths) + 1)]
    cost, chosen = [0] * (len(lengths) + 1), [0] * len(lengths)
    for start in reversed(range(len(lengths))):
        width = max(lengths[start], 1)
        for rows in range(1, len(lengths) - start + 1):
            pieces = filled[rows] * width
            if rows > 1 and pieces > budget:
                break
            total = _BATCH_COSTS + pieces + cost[start + rows]
            if rows == 1 or total <= cost[start]:
                cost[start], chosen[start] = total, rows
    return chosen


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
