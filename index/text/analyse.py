"""A text as the index sees it: folded words, their stems, and the units (multiword terms) among them.

The one road for passages and queries: how a passage was analysed is part of the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text.fold import fold
from index.text.stem import stem
from index.text.tokens import tokens

# Raise it when folding, stemming, sound keys, tokens or the postings' files change: older indexes are then refused.
ANALYSER_VERSION = "3"


class Word(NamedTuple):
    """A word of a text: its folded form, its stem, and where it stands in the original."""

    folded: str
    stem: str
    start: int
    end: int


def analyse(text: str) -> list[Word]:
    """The words of a text in order; tokens that fold to nothing (lone marks) are left out.

    >>> [(w.folded, w.stem) for w in analyse("नदियों पर Bridges")]
    [('नदियों', 'नदी'), ('पर', 'पर'), ('bridges', 'bridge')]
    """
    found = []
    for token in tokens(text):
        folded = fold(token.text)
        if folded:
            found.append(Word(folded, stem(folded), token.start, token.end))
    return found


def stems_of(text: str) -> tuple[str, ...]:
    return tuple(word.stem for word in analyse(text))


class Units:
    """Multiword terms, known by the sequence of their stems."""

    def __init__(self, units: Sequence[tuple[str, ...]]) -> None:
        self.by_pair: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        for unit in sorted(set(units), key=len, reverse=True):
            self.by_pair.setdefault((unit[0], unit[1]), []).append(unit)

    def find(self, stems: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Spans (first, last + 1) of units in a sequence of stems: the longest first at each place."""
        for i in range(len(stems) - 1):
            for unit in self.by_pair.get((stems[i], stems[i + 1]), ()):
                if tuple(stems[i : i + len(unit)]) == unit:
                    yield i, i + len(unit)
