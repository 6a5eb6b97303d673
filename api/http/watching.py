"""Follows the index: when another generation is in use, whoever built it, it is opened, warmed and put in force.

Not for how one takes the place of the other: see `serving`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from api.answering import Answerer
from api.http.metrics import Metrics
from api.http.serving import Serving
from index.errors import DubhashiError

log = logging.getLogger("dubhashi.http")

_LONGEST_PAUSE = 60.0  # seconds between two tries to open what cannot be opened


class Watcher:
    """`published` tells which generation is in use by something that compares equal as long as it is the same."""

    def __init__(
        self,
        serving: Serving,
        factory: Callable[[], Answerer],
        published: Callable[[], object],
        every: float,
        metrics: Metrics,
    ) -> None:
        self._serving, self._factory, self._published = serving, factory, published
        self._every, self._metrics = every, metrics
        self._tried: object = None
        self._pause = every

    async def run(self) -> None:
        """Opens what there is, then follows it until cancelled; without `every` it does not follow."""
        clock = asyncio.get_running_loop().time
        opened = await asyncio.to_thread(self._open)
        again = clock() + self._pause
        while self._every:
            await asyncio.sleep(self._every)
            changed = await asyncio.to_thread(self._published) != self._tried
            if changed or (not opened and clock() >= again):
                opened = await asyncio.to_thread(self._open)
                self._pause = self._every if opened or changed else min(self._pause * 2, _LONGEST_PAUSE)
                again = clock() + self._pause

    def _open(self) -> bool:
        self._tried = self._published()  # before it is opened: what is published meanwhile is opened next
        try:
            info = self._serving.open(self._factory)
        except DubhashiError as error:
            self._metrics.failed()
            log.error("the index cannot be opened: %s", error)
            return False
        except Exception:
            self._metrics.failed()
            log.exception("the index cannot be opened")
            return False
        self._metrics.opened(info)
        log.info("generation %s is in force: %s passages", info.get("generation"), info.get("passages"))
        return True
