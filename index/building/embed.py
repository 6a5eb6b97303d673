"""Passages to rows, by an encoder behind a cache and behind what the generation before knows.

Not for choosing an encoder: see `encoders.choose`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from index.building.batch import Batch
from index.cache import VectorCache
from index.encoders.base import Encoder
from index.encoders.beside import Beside
from index.errors import EncoderError
from index.store.before import Before
from index.store.contents import digests_of
from index.store.writer import Encoded
from index.types import Passage

Vectors = NDArray[np.float32]

_AT_ONCE = 128  # texts that a slow encoder gets; what it made of them is kept before it gets the next


class Embedder:
    """Counts what it encoded, what the cache gave and what the generation before did.

    `steps` hears of each stretch of a batch that a slow encoder has behind it, as a share of the batch.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache | None, before: Before | None = None) -> None:
        self._encoder = encoder
        self._cache = cache
        self._before = before
        self.encoded = self.cached = self.known = 0
        self.seconds = 0.0
        self.steps: SimpleQueue[float | None] = SimpleQueue()
        self._stopped = False
        self.here = bool(getattr(encoder, "cheap", False))

    def stop(self) -> None:
        """Called from another thread: nothing more is encoded."""
        self._stopped = True
        if isinstance(self._encoder, Beside):
            self._encoder.stop()

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
        missing.sort(key=lambda place: len(texts[place]), reverse=True)  # texts of like length fill up little
        rows = np.empty((len(texts), self._encoder.dimension), np.float32)
        for place, row in found.items():
            rows[place] = row
        for start in range(0, len(missing), _AT_ONCE):
            if self._stopped:
                raise CancelledError
            places = missing[start : start + _AT_ONCE]
            part = [texts[place] for place in places]
            rows[places] = fresh = self._encode(part)
            cache.put(part, fresh)
            self.steps.put((start + len(places)) / len(missing))
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


Step = Callable[[Batch, float], None]


def pipelined(
    batches: Iterable[Batch], embedder: Embedder, step: Step = lambda batch, share: None
) -> Iterator[tuple[Batch, Encoded]]:
    """Batches with their rows, in order; a batch is encoded in a thread while the one before is written.

    `step` hears, in the caller's thread, how much of the batch that is waited for is encoded. An encoder that is all
    Python and here gets no thread: both would only wait for each other.
    """
    if embedder.here:
        for batch in batches:
            yield batch, embedder.encode(batch.passages)
        return
    with ThreadPoolExecutor(1, "encoder") as pool:
        try:
            waiting: tuple[Batch, Future[Encoded]] | None = None
            for batch in batches:
                ahead = batch, pool.submit(embedder.encode, batch.passages)
                if waiting:
                    yield waiting[0], _result(waiting, embedder, step)
                waiting = ahead
            if waiting:
                yield waiting[0], _result(waiting, embedder, step)
        except BaseException:  # who ends a rebuild does not wait for what is not needed any more
            embedder.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _result(waiting: tuple[Batch, Future[Encoded]], embedder: Embedder, step: Step) -> Encoded:
    batch, future = waiting
    future.add_done_callback(lambda _: embedder.steps.put(None))  # behind all steps of this batch
    while (share := embedder.steps.get()) is not None:
        step(batch, share)
    return future.result()
