"""How much of a query's information stands close together in a passage: a second look at the best candidates.

Words of one question that meet within a dozen words are about one thing. Not for finding candidates: it reads texts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.store.postings import Postings
from index.text.fold import fold
from index.text.tokens import words
from search.expand import Concept

WINDOW = 12  # words
_TELLING = 0.3  # weight below which a stand-in is too weak to count


class Nearness:
    """Measures nearness over one corpus."""

    def __init__(self, postings: Postings) -> None:
        self._word_id = lru_cache(1 << 16)(lambda token: postings.word_id(fold(token)))

    def shares(self, texts: Iterable[str], concepts: Sequence[Concept], idf: Sequence[float]) -> list[float]:
        """For each text the greatest share of the concepts' idf found within WINDOW words, 0 to 1."""
        total = sum(idf)
        standing: dict[int, list[int]] = {}
        for number, concept in enumerate(concepts):
            for word_id, (weight, _) in concept.words.items():
                if weight >= _TELLING:
                    standing.setdefault(word_id, []).append(number)
        return [densest(self._places(text, standing), idf) / total if total else 0.0 for text in texts]

    def _places(self, text: str, standing: dict[int, list[int]]) -> list[tuple[int, int]]:
        """Position and concept of each word that stands for one, in order."""
        found = []
        for position, token in enumerate(words(text)):
            word_id = self._word_id(token)
            if word_id in standing:
                found += [(position, number) for number in standing[word_id]]
        return found


def densest(places: Sequence[tuple[int, int]], value: Sequence[float], window: int = WINDOW) -> float:
    """The greatest sum of the values of distinct concepts within `window` words.

    >>> densest([(0, 0), (5, 1), (40, 2), (41, 0)], [1.0, 2.0, 4.0])
    5.0
    """
    inside: deque[tuple[int, int]] = deque()
    counts = [0] * len(value)
    here = best = 0.0
    for position, number in places:
        inside.append((position, number))
        counts[number] += 1
        if counts[number] == 1:
            here += value[number]
        while position - inside[0][0] > window:
            _, left = inside.popleft()
            counts[left] -= 1
            if not counts[left]:
                here -= value[left]
        best = max(best, here)
    return best
