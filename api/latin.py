"""Hindi in Latin letters, as it is commonly typed, for readers who know the language but not the script.

Not for matching (`index.text.sound`), and no way back: vowel length is given up where people give it up (भारत
bharat, काम kaam).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import regex

from index.text.normalise import normalise
from index.text.sound import casual
from search.types import Highlight

_PIECE = regex.compile(r"[\u0900-\u0963\u0970-\u097F\u200C\u200D]+|[०-९]+|[।॥]")
_SENTENCE = regex.compile(r"(?:^|[.?!]\s+|\n\s*)[\"'“‘(]*[a-z]")
# Words that everybody types one way, whatever the rules say.
_USUAL = {
    "में": "mein", "मैं": "main", "यह": "yeh", "वह": "woh", "ये": "ye", "वे": "ve", "न": "na", "व": "va",
    "ज़्यादा": "zyada", "कह": "keh", "रह": "reh",
}  # fmt: skip
# In this order: silent final a, hiatus, then long vowels, which stay double at the start of a word and in a
# word of one syllable that ends in a consonant: aane, kaam, teen.
_FINAL_A = regex.compile(r"(?<=[^aeiou])([kgjtdpbsf]h?|chh?)a$|(?<=[nmrl])([mv])a$|(?<=ks)(h)a$")
_HIATUS = tuple(
    (regex.compile(old), new)
    for old, new in (
        (r"eee", "ei"), (r"^(.?a?)aee", r"\1ayi"), (r"aee", "ai"), (r"ae(?=n?$)", "aye"), (r"ie", "iye"),
    )
)  # fmt: skip
_ONE_SYLLABLE = regex.compile(r"[^aeiou]*[aeiou]+[^aeiou]+")
_LONG = regex.compile(r"(?<!^)aa|^aa(?=r[^aeiou])|ee|oo")
_LONG_BEFORE_R = regex.compile(r"aa(?=r[^aeiou])")


def latin_text(text: str, highlights: Sequence[Highlight] = ()) -> tuple[str, tuple[Highlight, ...]]:
    """The text in Latin letters, and the highlights moved with it: part of a word lights up the whole word.

    >>> latin_text("चेन्नई से 2 नए मार्ग।", [Highlight(15, 20, "translation")])
    ('Chennai se 2 naye marg.', (Highlight(start=18, end=22, kind='translation'),))
    """
    pieces = [(match.start(), match.end(), match.group()) for match in _PIECE.finditer(text)]
    spellings = _spell_all(piece for _, _, piece in pieces)
    out: list[str] = []
    starts, ends = list(range(len(text) + 1)), list(range(len(text) + 1))  # old offset -> new offset
    read = written = 0
    for start, end, piece in pieces:
        _shift(starts, ends, read, start, written)
        out += (text[read:start], spellings[piece])
        written += start - read
        starts[start:end] = [written] * (end - start)
        written += len(spellings[piece])
        ends[start + 1 : end + 1] = [written] * (end - start)
        read = end
    _shift(starts, ends, read, len(text), written)
    out.append(text[read:])
    moved = tuple(Highlight(starts[h.start], ends[h.end], h.kind) for h in highlights)
    return _capitals("".join(out)), moved


def latin_words(text: str) -> str:
    """Words that are no sentence in Latin letters.

    >>> latin_words("मुक्त व्यापार")
    'mukt vyapar'
    """
    return _PIECE.sub(lambda match: _spell(match.group()), text)


def _shift(starts: list[int], ends: list[int], read: int, stop: int, written: int) -> None:
    for old in range(read, stop + 1):
        starts[old] = written + old - read
        if old > read:
            ends[old] = starts[old]


def _spell_all(pieces: Iterable[str]) -> dict[str, str]:
    return {piece: _spell(piece) for piece in set(pieces)}


@lru_cache(maxsize=1 << 15)
def _spell(piece: str) -> str:
    word = normalise(piece)
    if word in ("।", "॥"):
        return "."
    return _USUAL.get(word) or _usual_vowels(casual([word])[0])


def _usual_vowels(word: str) -> str:
    """
    >>> [_usual_vowels(word) for word in ("bhaarat", "kaam", "naee", "chennaee", "mukta", "karnaa")]
    ['bharat', 'kaam', 'nayi', 'chennai', 'mukt', 'karna']
    """
    word = _FINAL_A.sub(lambda m: "".join(group or "" for group in m.groups()), word)
    for pattern, new in _HIATUS:
        word = pattern.sub(new, word)
    if _ONE_SYLLABLE.fullmatch(word):
        return _LONG_BEFORE_R.sub("a", word)
    return _LONG.sub(lambda m: {"aa": "a", "ee": "i", "oo": "u"}[m.group()], word)


def _capitals(text: str) -> str:
    return _SENTENCE.sub(lambda m: m.group()[:-1] + m.group()[-1].upper(), text)
