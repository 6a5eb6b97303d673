"""Queries of many threads encoded together, and those asked before not at all.

Not for passages: they come in batches already. Whoever finds the encoder free encodes what all have
asked meanwhile, so that no thread of its own waits, a lone query waits for nobody, and a batch grows with
the load: after a batch of several, those who were just answered get a moment to ask again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Encoder, Vectors

Row = NDArray[np.float32]
_BATCH = 32  # queries computed at once
_MOMENT = 0.001  # seconds; a batch takes ten times as long
_REMEMBERED = 4096  # queries; 12 MB of LaBSE's rows


class Gathering:
    """An encoder whose `encode_queries` is for many threads; all else is the encoder's own."""

    def __init__(self, encoder: Encoder, remembered: int = _REMEMBERED) -> None:
        self.encoder = encoder
        self._remembered = remembered
        self._known: OrderedDict[str, Row] = OrderedDict()
        self._asked: dict[str, Future[Row]] = {}
        self._state = threading.Condition()
        self._busy = self._crowded = False

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    @property
    def about(self) -> Mapping[str, str]:
        return getattr(self.encoder, "about", {})

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        waiting = [self._ask(text) for text in texts]
        while self._must_encode(waiting):
            try:
                self._encode_asked()
            finally:
                with self._state:
                    self._busy = False
                    self._state.notify_all()
        rows = np.empty((len(texts), self.dimension), np.float32)
        for place, future in enumerate(waiting):
            rows[place] = future.result()
        return rows

    def _must_encode(self, waiting: Sequence[Future[Row]]) -> bool:
        """Waits until all are answered, or until the encoder is free: then it is this thread's."""
        with self._state:
            while not all(future.done() for future in waiting):
                if not self._busy:
                    self._busy = True
                    return True
                self._state.wait()
            return False

    def _ask(self, text: str) -> Future[Row]:
        with self._state:
            if text in self._known:
                self._known.move_to_end(text)
                answered: Future[Row] = Future()
                answered.set_result(self._known[text])
                return answered
            return self._asked.setdefault(text, Future())

    def _encode_asked(self) -> None:
        """The oldest questions. They stay `asked` until answered, so that the same one joins them."""
        if self._crowded:
            time.sleep(_MOMENT)
        with self._state:
            batch = list(self._asked.items())[:_BATCH]
        self._crowded = len(batch) > 1
        try:
            rows = self.encoder.encode_queries([text for text, _ in batch])
        except BaseException as error:
            with self._state:
                for text, _ in batch:
                    del self._asked[text]
            for _, future in batch:
                future.set_exception(error)
            return
        with self._state:
            for (text, _), row in zip(batch, rows, strict=True):
                del self._asked[text]
                self._known[text] = row.copy()
            while len(self._known) > self._remembered:
                self._known.popitem(last=False)
        for (_, future), row in zip(batch, rows, strict=True):
            future.set_result(row)
