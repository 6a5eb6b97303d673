"""A question in, the answer's JSON out: what the server needs of an index, whoever searches it.

Not for HTTP. `Local` searches in this process; `api.workers` has others search.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from api import wire
from api.searchers import Observe, Searcher
from search.types import SearchRequest

WARMING = (
    SearchRequest(q="भारत India bharat", limit=1),
    SearchRequest(q="मुक्त व्यापार समझौता", limit=10, collapse=True),
    SearchRequest(q="mukt vyapar samjhauta", limit=10, offset=10),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A search; with an `id` the passages like that one; with an `id` alone the passage itself."""

    request: SearchRequest | None
    id: str = ""
    latin: bool = False


class Answerer(Protocol):
    """An open index that answers in JSON. Safe to call from several threads until closed."""

    @property
    def generation(self) -> int: ...

    @property
    def processes(self) -> int:
        """How many beside this one search."""

    @property
    def ready(self) -> bool:
        """Whether a question would find somebody to answer it."""

    def answer(self, question: Question) -> bytes:
        """Raises QueryError, NotFound."""

    def give_up(self) -> None:
        """Nobody waits for what is still asked: end it, as far as it can be ended."""

    def info(self) -> Mapping[str, object]: ...

    def warm(self) -> None:
        """Asks what makes the first real question fast."""

    def close(self) -> None: ...


class Local:
    """Answers by a searcher in this process. `observe` is told how long `search` and `write` took."""

    def __init__(self, searcher: Searcher, observe: Observe | None = None) -> None:
        self.searcher = searcher
        self._observe = observe or (lambda stage, seconds: None)

    @property
    def generation(self) -> int:
        return self.searcher.generation

    @property
    def processes(self) -> int:
        return 0

    @property
    def ready(self) -> bool:
        return True

    def answer(self, question: Question) -> bytes:
        if question.request is None:
            passage = self.searcher.passage(question.id)
            return wire.written(wire.passage_object(passage, latin=question.latin))
        began = perf_counter()
        if question.id:
            answer = self.searcher.similar(question.id, question.request)
        else:
            answer = self.searcher.search(question.request)
        found = perf_counter()
        text = wire.written(wire.answer_object(answer, latin=question.latin))
        self._observe("search", found - began)
        self._observe("write", perf_counter() - found)
        return text

    def info(self) -> Mapping[str, object]:
        return self.searcher.info()

    def warm(self) -> None:
        for request in WARMING:
            self.searcher.search(request)

    def give_up(self) -> None:
        """A thread cannot be ended."""

    def close(self) -> None:
        self.searcher.close()
        del self.searcher
        # Its caches and methods hold each other, and with them the files: removed ones would keep their room on disk.
        gc.collect()
