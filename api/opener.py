"""Opens one generation of the index after the other for a server, to be searched in its own process or by workers.

Not for when: see `http.watching`. Heavy imports are inside, so that a server of workers stays small.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from api.answering import Answerer, Local
from api.rebuilding import encoder_of
from api.searchers import Observe
from api.settings import Settings
from index.errors import DubhashiError, IndexMismatch
from index.layout import Current, Layout

if TYPE_CHECKING:
    from index.encoders.base import Encoder, Vectors
    from search.searcher import Searcher

_MOST_BY_ITSELF = 8  # workers: more than so many, the one process that speaks HTTP does not keep busy


class Opener:
    """For one thread at a time. The encoder, which may be large, is opened once for all generations that it made.

    `observe` is told how long each stage took, from any thread.
    """

    def __init__(self, settings: Settings, observe: Observe | None = None) -> None:
        self._settings = settings
        self._layout = Layout(settings.index)
        self._encoder: Encoder | None = None
        self._prepared: tuple[Current | None, Answerer] | None = None
        self.observe = observe

    def prepare(self) -> Mapping[str, object]:
        """Opens what the next `open` gives, and says what it is. Raises as `open` does."""
        seen = self.published()
        self._prepared = seen, self.open()
        return self._prepared[1].info()

    def open(self, generation: int | None = None) -> Answerer:
        """The generation in use, compared with its checksums; or one that was, by its number.

        Raises IndexError_, EncoderError, WorkerLost.
        """
        if self._prepared is not None:
            (seen, prepared), self._prepared = self._prepared, None
            if seen == self.published():
                return prepared
            prepared.close()
        name = encoder_of(self._settings.index, self._settings.encoder, generation)
        count = self._settings.processes or processes_for(name)
        return self._by_workers(count, name) if count > 1 else Local(self._here(name, generation), self._tell)

    def published(self) -> Current | None:
        """Which generation is in use now, as cheaply as can be told; None if that cannot be told."""
        try:
            return self._layout.current()
        except DubhashiError:
            return None

    def _by_workers(self, count: int, encoder: str) -> Answerer:
        from api.workerprocess import WorkerProcess
        from api.workers import Workers

        start = partial(WorkerProcess, self._settings.index, encoder)
        return Workers(start, count, self._settings.deadline, self._tell)

    def _here(self, encoder: str, generation: int | None) -> Searcher:
        from index.encoders.choose import open_encoder
        from search.searcher import Searcher

        if self._encoder is not None:
            with suppress(IndexMismatch):  # made by another encoder
                return Searcher.open_with(self._settings.index, self._encoder, generation)
        opened = _Timed(open_encoder(encoder).encoder, self._tell)
        searcher = Searcher.open_with(self._settings.index, opened, generation)
        self._encoder = opened
        return searcher

    def _tell(self, stage: str, seconds: float) -> None:
        if self.observe is not None:
            self.observe(stage, seconds)


def processes_for(encoder: str) -> int:
    """One a core where the encoder is a table that all map; 1 where each would hold weights of its own.

    Large encoders let other threads run while they compute, and gather the questions of all.
    """
    table = encoder == "bridge" or (Path(encoder).expanduser() / "bridge.json").is_file()
    return min(os.cpu_count() or 1, _MOST_BY_ITSELF) if table else 1


class _Timed:
    """An encoder that tells how long it takes."""

    def __init__(self, encoder: Encoder, tell: Observe) -> None:
        self._encoder, self._tell = encoder, tell
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._timed(self._encoder.encode_queries, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._timed(self._encoder.encode_passages, texts)

    def _timed(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        began = perf_counter()
        rows = encode(texts)
        self._tell("encode", perf_counter() - began)
        return rows
