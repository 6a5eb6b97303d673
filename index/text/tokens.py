"""Words and numbers of a text with their offsets; a Hindi word is never cut at a vowel sign, virama or nukta.

Not for sentences or subword pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

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
_REMEMBERED = 1 << 16  # words, and stretches between white space
_LONG = 100  # letters: a longer stretch is no word that comes again, and not worth the memory
Value = TypeVar("Value")


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


def words(text: str) -> list[str]:
    """The token texts alone."""
    found: list[str] = TOKEN.findall(text)
    return found


def for_words(each: Callable[[str], tuple[Value, ...]]) -> Callable[[str], list[Value]]:
    """The fast road for building: from a text to what `each` gives for its tokens in a row, remembering a good part.

    No token has white space in it or looks beyond it, so that texts are taken apart there, and what stands between is
    what is remembered: most of it comes again.

    >>> for_words(lambda word: (word.lower(), len(word)))("Chandrayaan-3 ने")
    ['chandrayaan', 11, '3', 1, 'ने', 2]
    """
    remembered = lru_cache(_REMEMBERED)(each)

    def of_word(word: str) -> tuple[Value, ...]:
        return remembered(word) if len(word) <= _LONG else each(word)

    @lru_cache(_REMEMBERED)
    def of_chunk(chunk: str) -> tuple[Value, ...]:
        return tuple(chain.from_iterable(map(remembered, TOKEN.findall(chunk))))

    def of_any(chunk: str) -> tuple[Value, ...]:
        if len(chunk) <= _LONG:
            return of_chunk(chunk)
        return tuple(chain.from_iterable(map(of_word, TOKEN.findall(chunk))))

    def of_text(text: str) -> list[Value]:
        chunks = text.split()
        all_short = max(map(len, chunks), default=0) <= _LONG
        return list(chain.from_iterable(map(of_chunk if all_short else of_any, chunks)))

    return of_text
