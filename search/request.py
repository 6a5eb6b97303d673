"""Checks a request before any work is done for it.

Not for parsing: `api` turns flags and parameters into a SearchRequest.
"""

from __future__ import annotations

import math
from typing import get_args

from index.errors import QueryError
from search.types import MAX_LIMIT, MAX_OFFSET, MAX_QUERY_CHARS, Mode, SearchRequest, Transliterate


def check(request: SearchRequest) -> None:
    """Raises QueryError that names the field, what it holds and what it may hold."""
    if not request.q.strip():
        raise QueryError("the query is empty: give some words to look for")
    if len(request.q) > MAX_QUERY_CHARS:
        raise QueryError(
            f"the query has {len(request.q)} characters, more than the {MAX_QUERY_CHARS} allowed: shorten it"
        )
    if not 1 <= request.limit <= MAX_LIMIT:
        raise QueryError(f"limit must be from 1 to {MAX_LIMIT}, not {request.limit}")
    if not 0 <= request.offset <= MAX_OFFSET:
        raise QueryError(
            f"offset must be from 0 to {MAX_OFFSET}, not {request.offset}: narrow the search by filters"
        )
    if request.mode not in get_args(Mode):
        raise QueryError(f"mode must be one of {', '.join(get_args(Mode))}, not {request.mode!r}")
    if request.transliterate not in get_args(Transliterate):
        raise QueryError(
            f"transliterate must be one of {', '.join(get_args(Transliterate))}, not {request.transliterate!r}"
        )
    _check_share("semantic_ratio", request.semantic_ratio)
    _check_share("min_score", request.min_score)


def _check_share(name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and 0 <= value <= 1):
        raise QueryError(f"{name} must be from 0 to 1, not {value}")
