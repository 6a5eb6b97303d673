"""What a function says of words, remembered; it is asked of all new ones at once, where a call costs as much as a word.

Not for functions of one word: see `functools.lru_cache`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, TypeVar

Said = TypeVar("Said")
_MOST = 1 << 16


class Remembered(Generic[Said]):
    """`ask` answers a list of distinct words in its order; safe from several threads, which may ask twice."""

    def __init__(self, ask: Callable[[list[str]], Iterable[Said]]) -> None:
        self._ask = ask
        self._known: dict[str, Said] = {}

    def __call__(self, words: Collection[str]) -> Mapping[str, Said]:
        known = self._known
        found = {word: known[word] for word in words if word in known}
        new = [word for word in dict.fromkeys(words) if word not in found]
        fresh = dict(zip(new, self._ask(new), strict=True)) if new else {}
        if len(self._known) + len(fresh) > _MOST:
            self._known = {}
        self._known.update(fresh)
        return found | fresh
