"""The fields that every kind of source may carry, checked: language, date, identifiers, metadata.

A value that is not understood is None; who read it says so to the person. Not for the text itself.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping

import regex

Scalar = str | int | float | bool
MAX_ID_CHARS = 512
KNOWN = frozenset({"id", "title", "url", "date", "lang"})

_LANGUAGE = regex.compile(r"[a-z]{2,3}")
_NAMES = {"hin": "hi", "hindi": "hi", "eng": "en", "english": "en", "und": "", "mul": ""}
_DATE = regex.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?", flags=regex.ASCII)
_CONTROL = regex.compile(r"\p{Cc}")


def language(value: str) -> str | None:
    """The primary subtag in lower case, two letters for Hindi and English; `""` where nothing is said.

    >>> language("hi-IN"), language("ENG"), language("und"), language("Hinglish")
    ('hi', 'en', '', None)
    """
    tag = value.strip().lower()
    tag = _NAMES.get(tag, tag).replace("_", "-").split("-", 1)[0]
    tag = _NAMES.get(tag, tag)
    return tag if not tag or _LANGUAGE.fullmatch(tag) else None


def date(value: str) -> str | None:
    """An ISO 8601 day, month or year; a time of day is dropped.

    >>> date("2023-08-23T18:04:00+05:30"), date("2023-08"), date("23 August 2023"), date("2023-02-30")
    ('2023-08-23', '2023-08', None, None)
    """
    value = value.strip()
    if not value:
        return ""
    match = _DATE.fullmatch(value)
    if not match:
        return None
    parts = [part for part in match.groups() if part]
    try:
        datetime.date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return None
    return "-".join(parts)


def identifier_fault(value: str) -> str | None:
    """Why a string cannot name a document, or None."""
    if not value:
        return "it is empty"
    if len(value) > MAX_ID_CHARS:
        return f"it has {len(value)} characters, more than {MAX_ID_CHARS}"
    return "it has a control character" if _CONTROL.search(value) else None


def text_fault(value: str) -> str | None:
    """Why a string cannot be stored as text, or None."""
    if "\0" in value:
        return "it has a NUL character"
    try:
        value.encode()
    except UnicodeEncodeError as error:
        return f"it has a lone surrogate (\\u{ord(value[error.start]):04x}) at character {error.start}"
    return None


def scalars(fields: Mapping[str, object]) -> dict[str, Scalar]:
    """The fields that metadata can hold; null, lists, objects, NaN and infinities are left out."""
    return {
        name: value
        for name, value in fields.items()
        if isinstance(value, (str, int, bool)) or (isinstance(value, float) and math.isfinite(value))
    }
