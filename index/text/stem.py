"""Stems: what the inflections of a word share; derivations (nation, national) do not.

A known form goes by the table of headwords (`lemmas`): only it can tell that `evening` is no form of *even*, that साथी
(companion) is none of साथ (with), and that किलों belongs to किला. A form that the table does not know goes by rule.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from index.text.lemmas import bundled_lemmas

_VOWEL = regex.compile(r"[aeiouy]")
_SHORT = regex.compile(r"^[^aeiouy]*[aeiouy][^aeiouywx]$")  # one short vowel, one consonant: car, not, hop
_KEEPS_S = ("ss", "us", "is", "ics")
_DEVANAGARI = regex.compile(r"^[\u0900-\u097F]+$")
_LATIN_WORD = regex.compile(r"^[a-z]+$")
# Endings that only inflect, with what stands there in the headword; the longer first.
_HINDI_ENDINGS = (
    ("ियों", "ी"), ("ियां", "ी"), ("ाओं", "ा"), ("ाएं", "ा"), ("ुओं", "ु"), ("ुएं", "ु"), ("ों", ""), ("ें", ""),
)  # fmt: skip
_SHORTEST = 2  # letters that must be left of a Hindi word
# After these a silent e was dropped before -ed and -ing: sav(e), siz(e), chang(e), manag(e), not short vowels alone.
_WANTS_E = regex.compile(r"(?:[aeiou](?:v|z|c|s|g|t)|[^aeiou]l|u|v|z|[^aeious]c|dg|ng|rg|rs|ns)$")
_KEEPS_NO_E = regex.compile(r"(?:[aeiou]{2}(?:t|s|l)|ll|[^aeiou]{2}l|it|et|ot|ing|ang|ong|ung)$")


def english_rule(word: str) -> str:
    """A headword of an unknown Latin form, by its spelling.

    >>> [english_rule(w) for w in ("tokenizes", "tokenized", "kubelets", "proxies", "glibc", "debugging")]
    ['tokenize', 'tokenize', 'kubelet', 'proxy', 'glibc', 'debug']
    """
    for ending, mended in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if len(word) > len(ending) + 1 and word.endswith(ending):
            return word[: -len(ending)] + mended
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEPS_S):
        return word[:-1]
    for ending in ("ied", "ing", "ed"):
        base = word[: -len(ending)]
        if len(base) > 2 and word.endswith(ending) and _VOWEL.search(base):
            return base + "y" if ending == "ied" else unsuffixed(base)
    return word


def unsuffixed(base: str) -> str:
    """What stood before -ed or -ing: with its silent e, or without a doubled consonant.

    >>> [unsuffixed(base) for base in ("car", "stopp", "walk", "agre", "fill", "manag", "visit")]
    ['care', 'stop', 'walk', 'agree', 'fill', 'manage', 'visit']
    """
    if base[-1] == base[-2] and base[-1] not in "lszaeiou":
        return base[:-1]
    if base.endswith("e") or _SHORT.match(base):
        return base + "e"
    return base + "e" if _WANTS_E.search(base) and not _KEEPS_NO_E.search(base) else base


def hindi_rule(word: str) -> str:
    """A headword of an unknown Devanagari form: only its plural and oblique endings are sure.

    >>> [hindi_rule(w) for w in ("डॉक्टरों", "कमेटियों", "अकादमियां", "मोदी", "सभाओं")]
    ['डॉक्टर', 'कमेटी', 'अकादमी', 'मोदी', 'सभा']
    """
    for ending, mended in _HINDI_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)] + mended
    return word


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """The stem of a folded word; words of other scripts and numbers are their own.

    >>> stem("corridors"), stem("ministries") == stem("ministry"), stem("stopped") == stem("stops"), stem("2023s")
    ('corridor', True, True, '2023s')
    >>> stem("गलियारे") == stem("गलियारा") == stem("गलियारों")
    True
    """
    known = bundled_lemmas().get(word)
    if known is not None:
        return known
    if _LATIN_WORD.match(word):
        return english_rule(word)
    return hindi_rule(word) if _DEVANAGARI.match(word) else word
