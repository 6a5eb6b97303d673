"""Passages to rows, by an encoder behind a cache.

Not for choosing an encoder: see `encoders.choose`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from index.cache import VectorCache
from index.encoders.base import Encoder
from index.errors import EncoderError
from index.types import Passage

Vectors = NDArray[np.float32]
Batch = list[Passage]


class Embedder:
    """Counts what it encoded and what the cache gave. Without a cache every passage is encoded."""

    def __init__(self, encoder: Encoder, cache: VectorCache | None) -> None:
        self._encoder = encoder
        self._cache = cache
        self.encoded = self.cached = 0
        self.seconds = 0.0

    def rows(self, passages: Sequence[Passage]) -> Vectors:
        """A row a passage: of its heading and text, without the title."""
        began = time.perf_counter()
        texts = [passage.titled_text for passage in passages]
        rows = self._encode(texts) if self._cache is None else self._through(self._cache, texts)
        self.seconds += time.perf_counter() - began
        return rows

    def _through(self, cache: VectorCache, texts: Sequence[str]) -> Vectors:
        found = cache.get(texts)
        self.cached += len(found)
        missing = [place for place in range(len(texts)) if place not in found]
        rows = np.empty((len(texts), self._encoder.dimension), np.float32)
        for place, row in found.items():
            rows[place] = row
        if missing:
            fresh = self._encode([texts[place] for place in missing])
            cache.put([texts[place] for place in missing], fresh)
            rows[missing] = fresh
        return rows

    def _encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.asarray(self._encoder.encode_passages(texts), np.float32)
        if rows.shape != (len(texts), self._encoder.dimension):
            raise EncoderError(
                f"the encoder {self._encoder.name} gave an array of shape {rows.shape} "
                f"for {len(texts)} texts, not ({len(texts)}, {self._encoder.dimension})"
            )
        self.encoded += len(texts)
        return rows


def pipelined(batches: Iterable[Batch], embedder: Embedder) -> Iterator[tuple[Batch, Vectors]]:
    """Batches with their rows, in order; a batch is encoded in a thread while the one before is written."""
    with ThreadPoolExecutor(1, "encoder") as pool:
        waiting: tuple[Batch, Future[Vectors]] | None = None
        for batch in batches:
            ahead = batch, pool.submit(embedder.rows, batch)
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = ahead
        if waiting:
            yield waiting[0], waiting[1].result()
