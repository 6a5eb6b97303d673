"""Where the sentences of a Hindi or English text lie: after a danda, `?`, `!` or a full stop that is one.

A full stop is none after an abbreviation (डॉ., Dr., No. 5) or initials (ए.पी.जे., U.S.), inside 3.5 or
example.com, or before a small Latin letter. Not for paragraphs: those are `index.passages`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.text.acronyms import LETTERS

_CLOSERS = r"[\"'”’»)\]}]*"
# A danda or question mark may stand directly before the next word, as often in Hindi; a full stop may not.
_END = regex.compile(
    rf"(?:[।॥]+|(?<=[\u0900-\u0963\u0970-\u097F] ?)\|+(?=\s|$)){_CLOSERS}"
    rf"|[?!]+[?!.]*{_CLOSERS}(?=\s|$|[\u0904-\u0939])"
    rf"|(?P<stop>\.)\.*{_CLOSERS}(?=\s|$)"
    rf"|…{_CLOSERS}(?=\s|$)"
    r"|(?P<blank>\n[^\S\n]*\n)"
)
_SMALL = regex.compile(r"\s+[\"'“‘(\[]*\p{Ll}")
_DIGIT = regex.compile(r"\s+[\p{N}#]")
_INITIAL_NEXT = regex.compile(r"\s*[\p{L}\p{M}]{1,4}\.")
_LONGEST_WORD = 40
_WORD_BEFORE = regex.compile(r"[\p{L}\p{M}\p{N}.]+$")
_LIST_NUMBER = regex.compile(r"\d{1,3}|[ivxIVX]{1,4}")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALWAYS = _set(
    "dr mr mrs ms prof sr jr st vs rev hon gen col lt capt maj sgt cpl adm gov sen rep pres supt insp messrs "
    "mt ft rs inr approx dept govt univ dist eg ie cf viz al fig figs eq ed eds vol vols pp ch sec arts "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "डॉ डा प्रो श्री श्रीमती सुश्री कु पं मो मु स्व एड इंजी रु रू क्र पृ सं वि ता दि मा कि मी सेमी किमी"
)
_BEFORE_NUMBER = _set("no nos art p para नं संख्या धारा अनु")
# Names of Latin letters as Hindi writes initials. Those that are words too count only beside another initial.
_INITIALS_OR_WORDS = _set("आई पी सी जी ले I")
_INITIALS = (frozenset(LETTERS) | {"ज़ेड"}) - _INITIALS_OR_WORDS


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences, in order: disjoint, no white space at their edges, together all other signs.

    >>> text = "डॉ. ए.पी.जे. अब्दुल कलाम रामेश्वरम के थे। Dr. Rao paid Rs. 3.5 lakh. Why?"
    >>> [text[start:end] for start, end in sentences(text)]
    ['डॉ. ए.पी.जे. अब्दुल कलाम रामेश्वरम के थे।', 'Dr. Rao paid Rs. 3.5 lakh.', 'Why?']
    """
    start = _skip_space(text, 0)
    danda = "।" in text
    for end in _END.finditer(text):
        if end.start() < start:
            continue
        if end["blank"] is None and not _ends(text, start, end, danda):
            continue
        stop = end.end() if end["blank"] is None else end.start()
        stop = _trim(text, start, stop)
        if stop > start:
            yield start, stop
        start = _skip_space(text, end.end())
    if start < len(text):
        yield start, _trim(text, start, len(text))


def _ends(text: str, start: int, end: regex.Match[str], danda: bool) -> bool:
    """Whether a terminator ends the sentence that began at `start`."""
    if end.group()[0] in "।॥|":
        return True
    if _SMALL.match(text, end.end()):
        return False
    return end["stop"] is None or not _is_abbreviation(text, start, end.start(), danda)


def _is_abbreviation(text: str, start: int, stop: int, danda: bool) -> bool:
    """Whether the full stop belongs to the word before it. `danda`: the text ends sentences otherwise."""
    found = _WORD_BEFORE.search(text, max(start, stop - _LONGEST_WORD), stop)
    word = found.group() if found else ""
    bare = word.lower()
    if "." in word.strip("."):
        return all(len(part) <= 4 for part in word.split(".")) and not word[-1].isdigit()
    if bare in _ALWAYS or (bare in _BEFORE_NUMBER and _DIGIT.match(text, stop + 1)):
        return True
    if found and found.start() == start and _LIST_NUMBER.fullmatch(word):
        return True
    if found and word in _INITIALS_OR_WORDS and (not danda or word == "I"):
        return _beside_initial(text, start, found.start(), stop)
    return (
        word in _INITIALS
        or word in _INITIALS_OR_WORDS
        or (len(word) == 1 and word.isascii() and word.isalpha())
    )


def _beside_initial(text: str, start: int, first: int, stop: int) -> bool:
    before = text[max(start, first - 4) : first].rstrip()
    return first == start or before.endswith(".") or _INITIAL_NEXT.match(text, stop + 1) is not None


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
