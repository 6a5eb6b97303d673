"""How often one client may ask: a token bucket for each key or address, in bounded memory.

Not for who a client is: see `gate`.

>>> now = [0.0]
>>> rates = Rates(rate=2, burst=3, clock=lambda: now[0])
>>> [rates.wait("a") for _ in range(4)], rates.wait("b")
([0.0, 0.0, 0.0, 0.5], 0.0)
>>> now[0] = 0.5
>>> rates.wait("a")
0.0
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 10_000  # clients remembered; beyond, those not seen for longest begin anew


class Rates:
    """`rate` tokens a second up to `burst`; for one thread. A rate of 0 lets everything through."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, when

    def wait(self, client: str) -> float:
        """Takes a token: 0, or the seconds until there is one."""
        if not self._rate:
            return 0.0
        now = self._clock()
        tokens, when = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - when) * self._rate)
        taken = tokens >= 1
        self._buckets[client] = (tokens - taken, now)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - tokens) / self._rate
