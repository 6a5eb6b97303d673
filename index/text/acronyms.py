"""Acronyms in both scripts: NTL is एनटीएल, the names of its letters in a row.

Not for what they stand for: see the lexicon.
"""

from __future__ import annotations

from itertools import islice, product

import regex

from index.text.fold import fold

# What each letter is called in Hindi, folded; the usual spelling first.
_NAMES = {
    "a": ("ए",), "b": ("बी",), "c": ("सी",), "d": ("डी",), "e": ("ई",), "f": ("एफ",), "g": ("जी",), "h": ("एच",),
    "i": ("आई",), "j": ("जे",), "k": ("के",), "l": ("एल",), "m": ("एम",), "n": ("एन",), "o": ("ओ",), "p": ("पी",),
    "q": ("क्यू",), "r": ("आर",), "s": ("एस",), "t": ("टी",), "u": ("यू",), "v": ("वी",),
    "w": ("डब्ल्यू", "डब्लू"), "x": ("एक्स",), "y": ("वाई",), "z": ("जेड",),
}  # fmt: skip
LETTERS = {name: letter for letter, names in _NAMES.items() for name in names}
LETTER = "|".join(sorted(LETTERS, key=len, reverse=True))  # a pattern: the longer name first
_SPOKEN = regex.compile(rf"({LETTER}){{2,}}(\d*)")
_WRITTEN = regex.compile(r"([a-z]{2,6})(\d*)")
_MOST = 4
_BY_CHANCE = 2


def is_spoken(folded: str) -> bool:
    """Whether a Devanagari word is surely the names of letters: two may be one by chance (सीटी, whistle).

    >>> is_spoken("एनटीएल"), is_spoken("सीटी")
    (True, False)
    """
    match = _SPOKEN.fullmatch(folded)
    return match is not None and len(match.captures(1)) > _BY_CHANCE


def in_the_other_script(folded: str) -> tuple[str, ...]:
    """How a folded word is written in the other script if it is an acronym; a Latin word always might be.

    >>> [in_the_other_script(word) for word in ("एनटीएल", "mbh99", "यूएस", "US", "us", "पानी")]
    [('ntl',), ('एमबीएच99',), ('US',), ('यूएस',), (), ()]
    """
    if match := _SPOKEN.fullmatch(folded):
        letters = "".join(LETTERS[name] for name in match.captures(1))
        return (fold(letters.upper()) + match[2],)
    match = _WRITTEN.fullmatch(folded.lower())
    # An acronym that looks like a function word keeps its capitals: US is one, us is none.
    if match and fold(folded.upper()) == folded:
        spoken = product(*(_NAMES[letter] for letter in match[1]))
        return tuple("".join(names) + match[2] for names in islice(spoken, _MOST))
    return ()
