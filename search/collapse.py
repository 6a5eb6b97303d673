"""Folds near-duplicates of a ranked list: a reprinted paragraph, or its translation, into the best-ranked of them.

Not for deduplication at build time: every passage stays in the index.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.encoders.base import Vectors

# Cosine from which two passages say the same; translations lie further apart than reprints.
REPRINT, TRANSLATION = 0.95, 0.80


def groups(rows: Vectors, langs: Sequence[str]) -> list[list[int]]:
    """Row numbers in groups: each row joins the first earlier group whose head it repeats; heads keep their order.

    >>> import numpy as np
    >>> rows = np.array([[1, 0], [0, 1], [0.999, 0.04], [0.8, 0.6]], np.float32)
    >>> groups(rows, ["en", "en", "en", "hi"])
    [[0, 2, 3], [1]]
    """
    found: list[list[int]] = []
    for row in range(len(rows)):
        for group in found:
            head = group[0]
            bound = REPRINT if langs[row] == langs[head] else TRANSLATION
            if float(rows[row] @ rows[head]) >= bound - 1e-6:
                group.append(row)
                break
        else:
            found.append([row])
    return found
