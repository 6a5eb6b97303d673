"""What every way in checks before it asks, beside what `search.request` checks: characters, choices, dates.

Not for reading flags or HTTP parameters: that is `cli` and `http`, which both end here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import get_args

import regex

from index.errors import NotFound, QueryError
from index.text.script import Script
from search.request import check
from search.types import Mode, SearchRequest, Transliterate

LANGUAGES = ("en", "hi")
SCRIPTS: tuple[str, ...] = get_args(Script)
MODES: tuple[str, ...] = get_args(Mode)
TRANSLITERATIONS: tuple[str, ...] = get_args(Transliterate)
MAX_CONDITIONS = 16
MAX_NAME_CHARS = 500  # of a passage's id, of a metadata field and of its value

# What no source has in its text and what breaks terminals, logs and JSON: NUL and lone surrogates.
_UNUSABLE = regex.compile(r"[\x00\ud800-\udfff]")
_DATE = regex.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", regex.ASCII)


def checked(request: SearchRequest) -> SearchRequest:
    """The same request. Raises QueryError for the first thing wrong with it."""
    _texts(request)
    check(request)
    _choice("lang", request.lang, LANGUAGES)
    _choice("script", request.script, SCRIPTS)
    _conditions(request)
    _dates(request.date_from, request.date_to)
    return request


def checked_id(passage_id: str) -> str:
    """The same id. Raises NotFound for what cannot be one."""
    if not passage_id or len(passage_id) > MAX_NAME_CHARS or _UNUSABLE.search(passage_id):
        raise NotFound("no passage can have that id; an id looks like hi/chandrayaan-3-landing:4")
    return passage_id


def condition(text: str) -> tuple[str, str]:
    """`field:value` or `field=value`, as typed, in two.

    >>> condition("field:diplomacy"), condition("url=https://example.in")
    (('field', 'diplomacy'), ('url', 'https://example.in'))
    """
    match = regex.fullmatch(r"([^:=]+)[:=](.+)", text.strip(), regex.DOTALL)
    if match is None:
        raise QueryError(f"where={text[:80]!r} is not of the form field:value")
    return match[1].strip(), match[2].strip()


def conditions(texts: Iterable[str]) -> dict[str, str]:
    """All of them, each on a field of its own."""
    found: dict[str, str] = {}
    for text in texts:
        field, value = condition(text)
        if field in found:
            raise QueryError(f"where names the field {field[:80]!r} twice: a passage has one value of each")
        found[field] = value
    return found


def _texts(request: SearchRequest) -> None:
    if _UNUSABLE.search(request.q):
        raise QueryError("the query holds NUL or half a character (a lone surrogate): is it UTF-8?")


def _choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise QueryError(f"{name} must be one of {', '.join(choices)}, not {value[:80]!r}")


def _conditions(request: SearchRequest) -> None:
    if len(request.where) > MAX_CONDITIONS:
        raise QueryError(
            f"where has {len(request.where)} conditions; at most {MAX_CONDITIONS} can be asked at once"
        )
    for text in (*request.where, *request.where.values()):
        if not text or len(text) > MAX_NAME_CHARS or _UNUSABLE.search(text):
            raise QueryError(f"where takes fields and values of 1 to {MAX_NAME_CHARS} characters, no NUL")


def _dates(date_from: str | None, date_to: str | None) -> None:
    for name, text in (("date_from", date_from), ("date_to", date_to)):
        if text is not None and not _is_date(text):
            raise QueryError(f"{name} must be a date such as 2023-08-23, 2023-08 or 2023, not {text[:80]!r}")
    if date_from and date_to and date_from > date_to + "~":  # "~" sorts behind any day of that month or year
        raise QueryError(f"date_from {date_from} is after date_to {date_to}")


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    try:
        return match is not None and bool(date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except ValueError:
        return False
