"""What the ways in need of a searcher, and how they open one.

Not for what it does inside: `search.searcher`. Imported lazily, so that `--help` and mistakes cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from api.settings import Settings
from index.errors import DubhashiError, IndexMismatch
from index.layout import Current, Layout
from index.types import Passage
from search.types import Answer, SearchRequest

if TYPE_CHECKING:
    from index.encoders.base import Encoder, Vectors

Observe = Callable[[str, float], None]  # a stage and its seconds


class Searcher(Protocol):
    """An open index with its encoder. Safe to call from several threads until closed."""

    @property
    def generation(self) -> int: ...

    def search(self, request: SearchRequest) -> Answer: ...

    def passage(self, passage_id: str) -> Passage:
        """Raises NotFound."""

    def similar(self, passage_id: str, request: SearchRequest | None = None) -> Answer:
        """More like this. `request` bounds the hits; its `q` is not looked at. Raises NotFound."""

    def info(self) -> Mapping[str, object]: ...

    def close(self) -> None: ...


def open_searcher(settings: Settings) -> Searcher:
    """Raises IndexError_ or EncoderError."""
    from search.searcher import Searcher as OpenSearcher

    searcher: Searcher = OpenSearcher.open(settings.index, settings.encoder)
    return searcher


class Opener:
    """Opens one generation after the other; the encoder, which may be large, once for all that it made.

    For one thread at a time. `observe` is told how long each encoding took, from any thread.
    """

    def __init__(self, settings: Settings, observe: Observe | None = None) -> None:
        self._settings = settings
        self._encoder: Encoder | None = None
        self._prepared: tuple[Current | None, Searcher] | None = None
        self.observe = observe

    def prepare(self) -> Mapping[str, object]:
        """Opens what the next `open` gives, and says what it is. Raises as `open` does."""
        seen = self.published()
        self._prepared = seen, self.open()
        return self._prepared[1].info()

    def open(self) -> Searcher:
        """The generation in use. Raises IndexError_ or EncoderError."""
        if self._prepared is not None:
            (seen, prepared), self._prepared = self._prepared, None
            if seen == self.published():
                return prepared
            prepared.close()
        return self._fresh()

    def _fresh(self) -> Searcher:
        from search.searcher import Searcher as OpenSearcher

        index = self._settings.index
        if self._encoder is not None:
            with suppress(IndexMismatch):  # made by another encoder
                return OpenSearcher.open_with(index, self._encoder)
        encoder = _Timed(self._named(), self)
        searcher: Searcher = OpenSearcher.open_with(index, encoder)
        self._encoder = encoder
        return searcher

    def published(self) -> Current | None:
        """Which generation is in use now, as cheaply as can be told; None if that cannot be told."""
        try:
            return Layout(self._settings.index).current()
        except DubhashiError:
            return None

    def _named(self) -> Encoder:
        from index.encoders.choose import open_encoder
        from index.manifest import read_manifest

        name = self._settings.encoder
        if name == "auto":
            layout = Layout(self._settings.index)
            name = read_manifest(layout.folder(layout.current().number)).encoder.name
        return open_encoder(name).encoder


class _Timed:
    """An encoder that tells how long it takes."""

    def __init__(self, encoder: Encoder, opener: Opener) -> None:
        self._encoder, self._opener = encoder, opener
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._timed(self._encoder.encode_queries, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._timed(self._encoder.encode_passages, texts)

    def _timed(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        began = perf_counter()
        rows = encode(texts)
        if self._opener.observe is not None:
            self._opener.observe("encode", perf_counter() - began)
        return rows
