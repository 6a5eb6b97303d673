"""Which script and which of the two languages a text is in, by counting letters.

Not a general language detector: those take Hindi for Marathi and romanised Hindi for Quechua.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import regex

Script = Literal["deva", "latn", "mixed", "none"]

# Runs, not single letters: there are a tenth as many. Vowel signs count with the letters that bear them.
_DEVANAGARI = regex.compile(r"[\u0900-\u0963\u0971-\u097F]+")
_LATIN = regex.compile(r"\p{Latin}+")
# Below this share of the letters the other script is a quotation, not a mixture.
_MIXED_SHARE = 0.2


@lru_cache(1 << 11)
def letter_counts(text: str) -> tuple[int, int]:
    """Number of Devanagari signs and of Latin letters."""
    return sum(map(len, _DEVANAGARI.findall(text))), sum(map(len, _LATIN.findall(text)))


def script_of(text: str) -> Script:
    """`mixed` where the rarer script has at least a fifth of the letters.

    >>> script_of("भारत"), script_of("India"), script_of("UPI से payment आसान"), script_of("2023")
    ('deva', 'latn', 'mixed', 'none')
    """
    deva, latn = letter_counts(text)
    if not deva + latn:
        return "none"
    if min(deva, latn) >= _MIXED_SHARE * (deva + latn):
        return "mixed"
    return "deva" if deva > latn else "latn"


def language_of(text: str) -> str:
    """`hi` or `en` by the script that a reader must know; `und` where there is no letter of either.

    A Devanagari word outweighs a Latin one: Hindi prose with English words in Latin letters is Hindi.
    """
    deva, latn = letter_counts(text)
    if not deva + latn:
        return "und"
    return "hi" if deva * 1.25 >= latn else "en"
