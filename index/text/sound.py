"""One key for one spoken word in either script, and the Latin spelling people casually give a Hindi word.

चेन्नई and chennai share the key `cn`, लावरोव and lavrov `lvrv`. Keys are short, so many words share one: they propose,
and the agreement of the vowelled forms (`skeleton`) disposes. Not for translation: sound says nothing of meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import regex

from index.text.english import heard

_DEVANAGARI = regex.compile(r"[\u0900-\u097F]")
# What ISO 15919 writes with marks, in the letters people type. The order matters: longer first.
_ISO_TO_CASUAL = (
    ("jñ", "gy"), ("r̥̄", "ri"), ("r̥", "ri"), ("l̥", "li"), ("kṣ", "ksh"), ("ś", "sh"), ("ṣ", "sh"),
    ("ch", "chh"), ("c", "ch"), ("chhh", "chh"), ("ṛh", "dh"), ("ṛ", "d"), ("ṭ", "t"), ("ḍ", "d"),
    ("ṇ", "n"), ("ñ", "n"), ("ṅ", "n"), ("ḷ", "l"), ("ẏ", "y"), ("ḵ", "k"), ("ġ", "g"), ("ḥ", "h"),
    ("ô", "o"), ("ê", "e"), ("ē", "e"), ("ō", "o"),
)  # fmt: skip
_VOWEL = "aāiīuūeēoōêô"
_FINAL_SCHWA = regex.compile(rf"(?<=[{_VOWEL}]h?[^{_VOWEL}\s]h?̥?)a$")
_INNER_SCHWA = regex.compile(rf"(?<=[{_VOWEL}](?:ṁ|m̐)?[^{_VOWEL}h\s]h?)a(?=[^{_VOWEL}hṁ\s]h?[{_VOWEL}])")
_NASAL = regex.compile(r"(?:ṁ|m̐)(?=[pbm])")
_TWICE = regex.compile(r"(.)\1+")
_FINAL_NASAL = regex.compile(r"(?:ṁ|m̐|~)$")
_NASALS = regex.compile(r"ṁ|m̐|~")


def is_devanagari(word: str) -> bool:
    return _DEVANAGARI.search(word) is not None


def to_iso(words: list[str]) -> list[str]:
    """ISO 15919 of folded Devanagari words, in one call of the library."""
    from indic_transliteration import sanscript  # reads its tables at once: a quarter of a second

    joined = "\n".join(words).replace("ऑ", "ओ").replace("ॉ", "ो").replace("ऍ", "ए").replace("ॅ", "े")
    latin: str = sanscript.transliterate(joined, sanscript.DEVANAGARI, sanscript.ISO)
    return latin.split("\n")


def _casual_from_iso(iso: str) -> str:
    iso = _FINAL_SCHWA.sub("", iso)
    iso = _FINAL_NASAL.sub("n", _NASAL.sub("m", iso))
    iso = _NASALS.sub("n", iso)
    # Right to left, so that of two neighbouring schwas the later one goes: करना karnā, समझना samajhnā.
    while silent := list(_INNER_SCHWA.finditer(iso, overlapped=True)):
        iso = iso[: silent[-1].start()] + iso[silent[-1].end() :]
    for old, new in _ISO_TO_CASUAL:
        iso = iso.replace(old, new)
    return iso.replace("ā", "aa").replace("ī", "ee").replace("ū", "oo")


def casual(words: list[str]) -> list[str]:
    """How Hindi words are typed with Latin letters, schwas dropped where they are silent.

    >>> casual(["करना", "मुख्यमंत्री", "चेन्नई", "जयशंकर", "लड़का"])
    ['karnaa', 'mukhyamantree', 'chennaee', 'jayshankar', 'ladkaa']
    """
    return [_casual_from_iso(iso) for iso in to_iso(words)] if words else []


# In order: letters for letters, or a pattern's; plain letters are exchanged many times faster. A word is a line.
_SKELETON: tuple[tuple[str | regex.Pattern[str], str], ...] = (
    (regex.compile(r"[^a-z\n]"), ""),
    (_TWICE, r"\1\1"),
    ("aa", "a"), ("ee", "i"), ("ii", "i"), (regex.compile(r"(?m)ey$"), "i"), ("oo", "u"), ("uu", "u"), ("ou", "u"),
    (_TWICE, r"\1"),
    ("tion", "shan"), ("sion", "shan"), ("tian", "shan"),
    (regex.compile(r"ckh?|cc(?=[^hei\n])"), "k"), ("chh", "C"), ("ch", "C"),
    (regex.compile(r"c(?=[eiy])"), "s"), ("c", "k"), ("q", "k"), ("x", "ks"), ("ph", "f"), ("sh", "s"), ("z", "j"),
    (regex.compile(r"(?<=[aeo])w(?![aeiouy])"), "u"), ("w", "v"),
    (regex.compile(r"(?m)^[gj]n(?=[aeiou])"), "gy"),
    ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("jh", "j"),
    ("mp", "np"), ("mb", "nb"),
    (regex.compile(r"h(?=[^aeiouy]|$)"), ""),
    (_TWICE, r"\1"),
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def skeleton(latin: str) -> str:
    """A Latin spelling without what casual writers vary: length, aspiration, sibilants, doubled letters; vowels stay.

    >>> skeleton("zyaadaa") == skeleton("jyada"), skeleton("paani") == skeleton("pani")
    (True, True)
    """
    return skeletons([latin])[0]


def skeletons(latin: Sequence[str]) -> list[str]:
    """The same of many, none with a line end in it: of a whole vocabulary, several times faster than one by one."""
    lines = "\n".join(latin)
    for old, new in _SKELETON:
        if not isinstance(old, str):
            lines = old.sub(new, lines)
        elif old in lines:
            lines = lines.replace(old, new)
    return lines.split("\n") if latin else []


# The first letter, as "a" where it is a vowel, and the consonants behind it: see `keys_of`.
_KEY = (
    (regex.compile(r"(?<=.)[aeiouyh]"), ""),
    (regex.compile(r"(?m)^[aeiou]"), "a"),
    (_TWICE, r"\1"),
)


def keys_of(skeletons: Sequence[str]) -> list[str]:
    """The consonants: first vowels are heard in many ways (anarchy एनार्की), an inner h hardly (Delhi देहली)."""
    lines = "\n".join(skeletons)
    for old, new in _KEY:
        lines = old.sub(new, lines)
    return lines.lower().split("\n") if skeletons else []


_LONGEST = 80  # letters and signs: what is longer is no word that anyone says
_RETROFLEX = regex.compile(r"(?<=[\u0904-\u0939\u093e-\u094c])[डढ](?!्)")


def soundings(words: list[str]) -> list[list[str]]:
    """How each folded word of either script may sound, vowels and all, the likeliest first; none for what is absurdly
    long or has a line end.

    >>> soundings(["knight", "नाइट", "गढवाल", "archives"])
    [['nait'], ['nait'], ['gadval', 'garval'], ['arCives', 'arCivj', 'arCiv', 'arkives', 'arkivj', 'arkiv', \
'arsives', 'arsivj', 'arsiv']]
    """
    words = [word if len(word) <= _LONGEST and "\n" not in word else "" for word in words]
    hindi: dict[int, list[str]] = {}
    for i, word in enumerate(words):
        if is_devanagari(word):
            plain = _without_final_nasal(word)
            hindi[i] = list(dict.fromkeys([plain, _RETROFLEX.sub("र", plain)]))
    latin = iter(casual([form for forms in hindi.values() for form in forms]))
    spelled = [[next(latin) for _ in hindi[i]] if i in hindi else list(heard(w)) for i, w in enumerate(words)]
    found = iter(skeletons([form for forms in spelled for form in forms]))
    return [list(dict.fromkeys(filter(None, islice(found, len(forms))))) for forms in spelled]


def sound_keys(words: list[str]) -> list[tuple[str, ...]]:
    """The keys of each folded word, ascending; none for numbers and other scripts.

    >>> sound_keys(["चेन्नई", "chennai", "व्लादिवोस्तोक", "vladivostok", "लावरोव", "lavrov", "2023"])
    [('cn',), ('cn', 'kn', 'sn'), ('vldvstk',), ('vldvstk',), ('lvrv',), ('lvrv',), ()]
    """
    found = soundings(words)
    keys = iter(keys_of([sounding for own in found for sounding in own]))
    return [tuple(sorted(set(islice(keys, len(own))))) for own in found]


def _without_final_nasal(word: str) -> str:
    """नहीं is typed nahin as often as nahi: the nasal of a last vowel is no part of the key."""
    return word[:-1] if len(word) > 2 and word[-1] == "ं" else word


def query_keys(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The keys by which each word is sought; a Latin spelling's final n may only mark a nasal vowel.

    >>> query_keys(["nahin", "नहीं"])
    [('n',), ('n',)]
    """
    forms = [[word, word[:-1]] if word.endswith("n") and len(word) > 3 else [word] for word in words]
    keys = iter(sound_keys([form for own in forms for form in own]))
    return [tuple(sorted({key for found in islice(keys, len(own)) for key in found})) for own in forms]


_KEY_LETTERS = "bcdfghjklmnprstvy"


def near_keys(key: str) -> set[str]:
    """The keys at one insertion, deletion or exchange of a consonant: a name is heard differently in each language.

    >>> "hygnts" in near_keys("hygnt"), "hgnt" in near_keys("hygnt"), "hygnt" in near_keys("hygnt")
    (True, True, False)
    """
    cuts = [(key[:i], key[i:]) for i in range(1, len(key) + 1)]
    found = {head + letter + tail for head, tail in cuts for letter in _KEY_LETTERS}
    found |= {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _KEY_LETTERS}
    return found - {key}
