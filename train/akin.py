"""Which English words lie near each other in meaning (conquer, conquest), by a sentence encoder on this machine.

What parallel lines are too few and too narrow to teach. Not for Hindi: a Hindi word reaches these words, and they
Hindi ones, through the translation table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.text.fold import fold
from index.text.stem import stem

FORMS = 60_000  # most frequent forms whose headwords are compared
MOST = 12  # neighbours that a word keeps
LEAST = 0.5  # cosine of a neighbour at least
_CHUNK = 1_000  # rows compared at once

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Akin = dict[str, list[tuple[str, float]]]


def headwords(forms: Sequence[str], knows: Callable[[str], bool]) -> list[str]:
    """Distinct stems of plain English forms that the translation table knows, in the order of the forms."""
    folded = (fold(form) for form in forms)
    stems = (stem(form) for form in folded if form.isascii() and form.isalpha() and len(form) > 2)
    return [word for word in dict.fromkeys(stems) if knows(word)]


def akin(words: Sequence[str], encode: Encode) -> Akin:
    """For each word its nearest others with their cosine, the nearest first. `encode` gives rows of any length."""
    rows = np.asarray(encode(words), np.float32)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    found: Akin = {}
    for start in range(0, len(words), _CHUNK):
        alike = rows[start : start + _CHUNK] @ rows.T
        for place, cosines in enumerate(alike, start):
            cosines[place] = -1.0
            best = np.argsort(-cosines, kind="stable")[:MOST]
            near = [
                (words[other], float(cosines[other])) for other in best.tolist() if cosines[other] >= LEAST
            ]
            if near:
                found[words[place]] = near
    return found


def by_teacher(name: str) -> Encode:
    """A sentence-transformers model of this machine; nothing is downloaded."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(name, device="cpu", local_files_only=True)
    return lambda words: np.asarray(model.encode(list(words), batch_size=256, show_progress_bar=False))
