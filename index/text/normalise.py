"""One spelling for one text: Unicode form, nukta, nasals, joiners, digits and danda, with a way back.

Not for matching words: `fold` goes further (case, diacritics) and works a word at a time.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import regex

# Joiners, zero-width space, direction marks, soft hyphen, byte order mark: they carry no letters.
_INVISIBLE = regex.compile(r"[\u00AD\u200B-\u200F\u2060\uFEFF]+")
_CLUSTER = regex.compile(r"\X")
# A nasal before a stop of its own row is written as anusvara: हिन्दी = हिंदी, सम्बन्ध = संबंध.
_RULES = regex.compile(
    r"(?P<nasal>ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])|ँ)"
    r"|(?P<nukta>[\u0929\u0931\u0934\u0958-\u095F])"
    r"|(?P<digit>[०-९])"
    r"|(?P<danda>॥|(?<=[\u0900-\u0963\u0966-\u097F] ?)\|)"
)
_NUKTA = "\u093c"
_ZERO = ord("०")


def _rule(match: regex.Match[str]) -> str:
    found = match.group()
    kind = match.lastgroup
    if kind == "nasal":
        return "ं"
    if kind == "nukta":
        return unicodedata.normalize("NFD", found)
    if kind == "digit":
        return chr(ord(found) - _ZERO + ord("0"))
    return "।"


@dataclass(frozen=True, slots=True)
class _Edits:
    """What one pass changed: parallel lists, a row a replaced span, in order."""

    new_starts: list[int]
    new_ends: list[int]
    old_starts: list[int]
    old_ends: list[int]

    def back(self, position: int, *, end: bool) -> int:
        """The place before the pass of a place after it; inside a replaced span, the span's own edge.

        A start at a deleted span lies behind it and an end lies before it, so that spans never grow over
        what was deleted outside them.
        """
        row = (
            bisect_right(self.new_starts, position - 1) - 1
            if end
            else bisect_right(self.new_starts, position) - 1
        )
        if row < 0:
            return position
        if position < self.new_ends[row] or (end and position == self.new_ends[row]):
            return self.old_ends[row] if end else self.old_starts[row]
        return self.old_ends[row] + position - self.new_ends[row]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text that remembers where each part came from."""

    text: str
    _passes: tuple[_Edits, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original text of `text[start:end]`; never crossing, never outside."""
        for edits in reversed(self._passes):
            start, end = edits.back(start, end=False), edits.back(end, end=True)
        return start, max(start, end)


def _rewrite(
    pattern: regex.Pattern[str], change: Callable[[regex.Match[str]], str], text: str
) -> tuple[str, _Edits]:
    edits = _Edits([], [], [], [])
    out: list[str] = []
    read = written = 0
    for match in pattern.finditer(text):
        new = change(match)
        start, end = match.span()
        if new == text[start:end]:
            continue
        out.append(text[read:start])
        written += start - read
        edits.new_starts.append(written)
        out.append(new)
        written += len(new)
        edits.new_ends.append(written)
        edits.old_starts.append(start)
        edits.old_ends.append(end)
        read = end
    out.append(text[read:])
    return "".join(out), edits


def _compose(match: regex.Match[str]) -> str:
    return unicodedata.normalize("NFC", match.group())


def normalise(text: str) -> str:
    """The normalised text alone; the same string as `normalise_mapped(text).text`.

    >>> normalise("हिन्दी") == normalise("हिंदी") == "हिंदी"
    True
    >>> normalise("चाँद २०२३॥")
    'चांद 2023।'
    """
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFC", text):
        text = _CLUSTER.sub(_compose, text)
    return _RULES.sub(_rule, text)


def normalise_mapped(text: str) -> Normalised:
    """The normalised text with a map back to offsets (in code points) of the original."""
    if text.isascii():
        return Normalised(text, ())
    visible, deleted = _rewrite(_INVISIBLE, lambda _: "", text)
    passes = [deleted]
    if not unicodedata.is_normalized("NFC", visible):
        visible, composed = _rewrite(_CLUSTER, _compose, visible)
        passes.append(composed)
    visible, ruled = _rewrite(_RULES, _rule, visible)
    return Normalised(visible, (*passes, ruled))
