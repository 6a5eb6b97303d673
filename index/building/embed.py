"""Passages to rows, by an encoder behind a cache and behind what the generation before knows.

Not for choosing an encoder: see `encoders.choose`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from index.building.batch import Batch
from index.cache import VectorCache
from index.encoders.base import Encoder
from index.errors import EncoderError
from index.store.before import Before
from index.store.contents import digests_of
from index.store.writer import Encoded
from index.types import Passage

Vectors = NDArray[np.float32]


class Embedder:
    """Counts what it encoded, what the cache gave and what the generation before did."""

    def __init__(self, encoder: Encoder, cache: VectorCache | None, before: Before | None = None) -> None:
        self._encoder = encoder
        self._cache = cache
        self._before = before
        self.encoded = self.cached = self.known = 0
        self.seconds = 0.0

    def encode(self, passages: list[Passage]) -> Encoded:
        """A row a passage: of its heading and text, without the title."""
        began = time.perf_counter()
        texts = [passage.titled_text for passage in passages]
        digests = digests_of(texts, self._encoder.fingerprint)
        known = np.full(len(texts), -1) if self._before is None else self._before.contents.find(digests)
        rows = np.empty((len(texts), self._encoder.dimension), np.float32)
        new = np.flatnonzero(known < 0)
        if len(new):
            rows[new] = self._new([texts[place] for place in new])
        self.known += len(texts) - len(new)
        self.seconds += time.perf_counter() - began
        return Encoded(passages, rows, digests, known.tolist())

    def _new(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts) if self._cache is None else self._through(self._cache, texts)

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


def pipelined(batches: Iterable[Batch], embedder: Embedder) -> Iterator[tuple[Batch, Encoded]]:
    """Batches with their rows, in order; a batch is encoded in a thread while the one before is written."""
    with ThreadPoolExecutor(1, "encoder") as pool:
        waiting: tuple[Batch, Future[Encoded]] | None = None
        for batch in batches:
            ahead = batch, pool.submit(embedder.encode, batch.passages)
            if waiting:
                yield waiting[0], waiting[1].result()
            waiting = ahead
        if waiting:
            yield waiting[0], waiting[1].result()
