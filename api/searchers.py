"""What the ways in need of a searcher, and how a command opens one.

Not for what it does inside: `search.searcher`. Imported lazily, so that `--help` and mistakes cost nothing. Not for a
server, which opens one after the other: `opener`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from api.settings import Settings
from index.types import Passage
from search.types import Answer, SearchRequest

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
