"""Words and numbers of a text with their offsets; a Hindi word is never cut at a vowel sign, virama or nukta.

Not for sentences or subword pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from index.text.acronyms import LETTER

# Letters with all their marks and joiners; numbers keep inner points and commas (3.5, 1,20,000);
# initials keep their points (U.S., जी.डी.पी.).
TOKEN = regex.compile(
    r"(?:\b[A-Za-z]\.){2,}"
    r"|\p{N}+(?:[.,]\p{N}+)+(?![\p{L}\p{M}])"
    r"|[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200C\u200D]*+"
    rf"(?:(?=[.॰]\p{{L}})(?<=(?<![\p{{L}}\p{{M}}])(?:{LETTER}))(?:[.॰](?:{LETTER})(?![\p{{L}}\p{{M}}]))+[.॰]?)?"
)


class Token(NamedTuple):
    """A word as it stands in the text: `text == source[start:end]`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Tokens in order; they never overlap.

    >>> [t.text for t in tokens("किताबें पढ़ीं, Chandrayaan-3 ने 1,200 किमी")]
    ['किताबें', 'पढ़ीं', 'Chandrayaan', '3', 'ने', '1,200', 'किमी']
    """
    for match in TOKEN.finditer(text):
        yield Token(match.group(), match.start(), match.end())


@lru_cache(1 << 12)  # two batches of passages with their titles, of which one is encoded and one written
def words(text: str) -> tuple[str, ...]:
    """The token texts alone: the fast road for building, where both legs ask for the same passages in turn."""
    return tuple(TOKEN.findall(text))
