"""A written generation read back, then put in use by one step.

Not for writing it: see `make`.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from index.errors import IndexDamaged
from index.generation import Generation
from index.layout import Current, Layout
from index.manifest import Manifest
from index.store.writer import Probe

_OWN_SCORE = 0.95  # a row against itself, after it was stored in 8 bits a value


def verify(folder: Path, probe: Probe | None) -> None:
    """Open a generation and search it for a passage that was put in; IndexDamaged if that is not found."""
    with Generation(folder, "size") as generation:
        vectors = generation.vectors
        if probe is None:
            return
        found = generation.passages.get([probe.ordinal])[0]
        own = float(vectors.scores_of(probe.row, np.array([probe.ordinal]))[0])
        best, _ = vectors.search(probe.row[None, :], 1)
        if found != probe.passage or own < _OWN_SCORE or not best.size or float(best[0, 0]) < _OWN_SCORE:
            raise IndexDamaged(
                f"the new generation does not give back passage {probe.passage.id}: it is not put in use; "
                "check the disk and run `dubhashi rebuild` again"
            )


def publish(layout: Layout, folder: Path, manifest: Manifest, keep: Collection[int]) -> None:
    """Put it in use, and remove the generations that are neither it nor in `keep`."""
    layout.publish(folder, Current(manifest.generation, manifest.seal))
    layout.prune({manifest.generation, *keep})
