"""One form for the spellings of one word: case, diacritics, nukta, visarga, number separators.

Not for inflection (`stem`) nor for sound (`sound`).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from index.text.normalise import normalise

# Acronyms that collide with function words keep their capitals, so that WHO, US and IT stay findable.
_ACRONYM_CLASHES = frozenset(
    [
        "AM",
        "AN",
        "AND",
        "ARE",
        "AS",
        "AT",
        "BE",
        "BY",
        "CAN",
        "DO",
        "FOR",
        "HE",
        "HIS",
        "IF",
        "IN",
        "IS",
        "IT",
        "ME",
        "MY",
        "NO",
        "NOT",
        "OF",
        "ON",
        "OR",
        "SO",
        "THE",
        "TO",
        "UP",
        "US",
        "WAS",
        "WE",
        "WHO",
    ]
)
_LATIN_MARKS = regex.compile(r"[\u0300-\u036F]+")
_DROPPED = {ord("\u093c"): None, ord("ः"): None, ord("'"): None, ord("’"): None, ord("॰"): None}
# गये/गए, लिये/लिए, नयी/नई: the glide before these endings is optional in writing.
_GLIDE = regex.compile(r"(?<=.)य(?=[ेी]ं?$)")
_GLIDE_TO = {"े": "ए", "ी": "ई"}


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """The comparison form of one token.

    >>> fold("हिन्दी"), fold("ज़्यादा"), fold("गयी"), fold("Café"), fold("1,20,000"), fold("U.S."), fold("जी.डी.पी.")
    ('हिंदी', 'ज्यादा', 'गई', 'cafe', '120000', 'US', 'जीडीपी')
    """
    if word.isascii():
        if word[0].isdigit():
            return word.replace(",", "").lower()
        word = word.replace(".", "")
        return word if word in _ACRONYM_CLASHES else word.lower()
    word = normalise(unicodedata.normalize("NFKC", word)).translate(_DROPPED)
    if word.isascii():  # it was full-width, or had only invisible marks beside Latin letters
        return fold(word) if word else ""
    word = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", word.lower())))
    word = normalise(word.translate(_DROPPED))
    if "." in word and not word[0].isdigit():
        word = word.replace(".", "")
    return _unglide(word)


def _unglide(word: str) -> str:
    match = _GLIDE.search(word)
    if not match:
        return word
    vowel = word[match.end()]
    return word[: match.start()] + _GLIDE_TO[vowel] + word[match.end() + 1 :]
