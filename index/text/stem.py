"""Light stems: the inflections of a word share one; derivations (nation, national) do not.

Not a lemma: a stem need not be a word. Hindi by Snowball's stemmer (after Ramanathan and Rao, 2003); English by a
lighter rule than Snowball's, which makes `univers` of university and universe and loses the translation of both.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import regex
import Stemmer

_VOWEL = regex.compile(r"[aeiouy]")
_LOCAL = threading.local()
_KEEP_FINAL_S = ("ss", "us", "is", "ics")
_NOT_PLURAL = frozenset(
    [
        "news",
        "series",
        "species",
        "means",
        "lens",
        "gas",
        "yes",
        "texas",
        "paris",
        "wales",
        "kansas",
        "arkansas",
    ]
)
_DEVANAGARI = regex.compile(r"^[\u0900-\u097F]+$")
_LATIN_WORD = regex.compile(r"^[a-z]+$")


_IRREGULAR_PAIRS = """
used use, using use, uses use, men man, women woman, children child, people person, feet foot, teeth
tooth, mice mouse, geese goose, went go, gone go, was be, were be, been be, did do, done do, had
have, has have, made make, said say, saw see, seen see, took take, taken take, came come, gave give,
given give, got get, found find, thought think, told tell, became become, left leave, felt feel,
brought bring, began begin, begun begin, kept keep, held hold, wrote write, written write, stood
stand, heard hear, meant mean, met meet, ran run, paid pay, sat sit, spoke speak, spoken speak, led
lead, grew grow, grown grow, lost lose, fell fall, fallen fall, sent send, built build, understood
understand, drew draw, drawn draw, broke break, broken break, spent spend, rose rise, risen rise,
drove drive, driven drive, bought buy, wore wear, worn wear, chose choose, chosen choose, ate eat,
eaten eat, knew know, known know, flew fly, flown fly, taught teach, fought fight, caught catch,
sold sell, won win, slept sleep, sang sing, sung sing, swam swim, stole steal, stolen steal, threw
throw, thrown throw, forgot forget, forgotten forget, hid hide, hidden hide, lives life, wives wife,
knives knife, leaves leaf, shelves shelf
"""
_IRREGULAR = {pair.split()[0]: pair.split()[1] for pair in _IRREGULAR_PAIRS.split(",")}


def _english(word: str) -> str:
    word = _IRREGULAR.get(word, word)
    if word in _NOT_PLURAL:
        return word
    if len(word) > 3 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_FINAL_S):
        word = word[:-1]
    word = _past_or_participle(word)
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def _past_or_participle(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 else word  # agreed, but not need
    for ending in ("ied", "ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) > 1 and _VOWEL.search(base):
            return base + "y" if ending == "ied" else _undouble(base)
    return word


def _undouble(base: str) -> str:
    return base[:-1] if len(base) > 2 and base[-1] == base[-2] and base[-1] not in "lsz" else base


def _hindi(word: str) -> str:
    stemmer = getattr(_LOCAL, "hindi", None)
    if stemmer is None:  # a Snowball stemmer must not be shared between threads
        stemmer = _LOCAL.hindi = Stemmer.Stemmer("hindi")
    stem: str = stemmer.stemWord(word)
    return stem


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """The stem of a folded word; words of other scripts and numbers are their own.

    >>> stem("corridors"), stem("ministries") == stem("ministry"), stem("stopped") == stem("stops"), stem("2023s")
    ('corridor', True, True, '2023s')
    >>> stem("गलियारे") == stem("गलियारा") == stem("गलियारों")
    True
    """
    if _LATIN_WORD.match(word):
        return _english(word)
    return _hindi(word) if _DEVANAGARI.match(word) else word
