"""Which script and which of the two languages a text is in, by counting letters.

Not a general language detector: those take Hindi for Marathi and romanised Hindi for Quechua.
"""

from __future__ import annotations

from typing import Literal

from index.text.letters import letter_counts

Script = Literal["deva", "latn", "mixed", "none"]

# Below this share of the letters the other script is a quotation, not a mixture.
_MIXED_SHARE = 0.2


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
    return "hi" if deva * 2 >= latn else "en"
