"""A batch keeps the order of what was read and what is kept."""

from __future__ import annotations

from index.building.batch import Batch
from index.types import Kept
from tests.index.stand_ins import passage


def test_neighbours_become_one_piece_and_the_order_stays() -> None:
    batch = Batch()
    for step in (Kept(4, 2), Kept(6, 1), 1, 2, Kept(7, 3), Kept(0, 1), 3):
        if isinstance(step, Kept):
            batch.keep(step)
        else:
            batch.read(passage(step))
    assert list(batch.spans()) == [Kept(4, 3), slice(0, 2), Kept(7, 3), Kept(0, 1), slice(2, 3)]
    assert [found.position for found in batch.passages] == [1, 2, 3]
