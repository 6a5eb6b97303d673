"""What each passage says, as a number, so that the next generation knows a text again: `contents.npy`, by ordinal.

Equal numbers mean one heading and text under one encoder, so one vector and the same words. Not for searching.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.arrays import load

Digests = NDArray[np.uint64]  # (passages, 2)
NAME = "contents.npy"


def digests_of(texts: Sequence[str], fingerprint: str) -> Digests:
    """128 bits a text: two texts of one corpus never share them in practice."""
    key = fingerprint.encode()[:64]
    data = b"".join(hashlib.blake2b(text.encode(), digest_size=16, key=key).digest() for text in texts)
    return np.frombuffer(data, np.uint64).reshape(-1, 2)


class ContentWriter:
    """`before` are the numbers of an earlier generation, from which some may be kept."""

    def __init__(self, path: Path, before: Contents | None = None) -> None:
        self._path = path
        self._before = before
        self._parts: list[Digests] = [np.zeros((0, 2), np.uint64)]

    def add(self, digests: Digests) -> None:
        self._parts.append(digests)

    def keep(self, first: int, count: int) -> None:
        """The next are `count` of the earlier ones."""
        assert self._before is not None
        self._parts.append(self._before.digests[first : first + count])

    def finish(self) -> Digests:
        digests = np.concatenate(self._parts)
        np.save(self._path, digests, allow_pickle=False)
        return digests


class Contents:
    """The passages of a generation by what they say."""

    def __init__(self, folder: Path) -> None:
        self.digests: Digests = load(folder / NAME)
        self._order = np.argsort(self.digests[:, 0], kind="stable")
        self._heads = self.digests[self._order, 0]

    def find(self, digests: Digests) -> NDArray[np.int64]:
        """For each an ordinal of the same content, -1 if there is none."""
        if not len(self._order):
            return np.full(len(digests), -1, np.int64)
        place = np.minimum(np.searchsorted(self._heads, digests[:, 0]), len(self._heads) - 1)
        found = self._order[place]
        return np.where((self.digests[found] == digests).all(axis=1), found, -1)
