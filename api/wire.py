"""An answer as one JSON object: what HTTP sends and `--json` prints, field by field, in a fixed order.

Not for reading requests. The standard library's `json` only, so that the command line starts fast.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from api.latin import latin_text, latin_words
from index.types import Passage
from search.types import Answer, Highlight, Hit, Match, ReadAs

Object = dict[str, Any]


def dumps(value: object, indent: int | None = None) -> str:
    """JSON with its letters as they are; what has no place in UTF-8 or JSON never gets in."""
    return written(value, indent).decode("utf-8")


def written(value: object, indent: int | None = None) -> bytes:
    """The same, encoded."""
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, indent=indent, separators=None if indent else (",", ":")
    )
    return text.encode("utf-8", "replace")


def answer_object(answer: Answer, *, latin: bool = False) -> Object:
    return {
        "query": answer.query,
        "hits": [hit_object(hit, latin=latin) for hit in answer.hits],
        "total": answer.total,
        "took_ms": round(answer.took_ms, 2),
        "index": {
            "generation": answer.index.generation,
            "encoder": public_name(answer.index.encoder),
            "passages": answer.index.passages,
        },
        "read_as": _read_as_object(answer.read_as),
        "mode": answer.mode,
        "warnings": list(answer.warnings),
    }


def hit_object(hit: Hit, *, latin: bool = False) -> Object:
    place = {"rank": hit.rank, "score": round(hit.score, 4)}
    reasons = {
        "why": [_match_object(match, latin=latin) for match in hit.why],
        "highlights": _highlight_objects(hit.highlights),
        "duplicates": list(hit.duplicates),
    }
    return place | _text_object(hit) | reasons | (_latin_object(hit, hit.highlights) if latin else {})


def passage_object(passage: Passage, *, latin: bool = False) -> Object:
    return _text_object(passage) | (_latin_object(passage, ()) if latin else {})


def info_object(info: Mapping[str, object]) -> Object:
    return {key: public_name(value) if isinstance(value, str) else value for key, value in info.items()}


@lru_cache(1 << 12)
def public_name(name: str) -> str:
    """A path of this machine loses its folders: no answer tells where on the server something lies.

    >>> public_name("/srv/models/labse"), public_name("bridge"), public_name("hi/monsoon.txt")
    ('labse', 'bridge', 'hi/monsoon.txt')
    """
    if PurePosixPath(name).is_absolute():
        return PurePosixPath(name).name
    return PureWindowsPath(name).name if PureWindowsPath(name).drive else name


def _text_object(passage: Hit | Passage) -> Object:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "position": passage.position,
        "title": passage.title,
        "heading": passage.heading,
        "text": passage.text,
        "lang": passage.lang,
        "script": passage.script,
        "source": public_name(passage.source),
        "url": passage.url,
        "date": passage.date,
        "metadata": {key: _finite(value) for key, value in passage.metadata.items()},
    }


def _latin_object(passage: Hit | Passage, highlights: tuple[Highlight, ...]) -> Object:
    text, moved = latin_text(passage.text, highlights)
    return {
        "title_latin": latin_text(passage.title)[0],
        "heading_latin": latin_text(passage.heading)[0],
        "text_latin": text,
        "highlights_latin": _highlight_objects(moved),
    }


def _match_object(match: Match, *, latin: bool) -> Object:
    found = {
        "query": match.query,
        "matched": match.matched,
        "kind": match.kind,
        "share": round(match.share, 4),
    }
    return found | ({"matched_latin": latin_words(match.matched)} if latin else {})


def _highlight_objects(highlights: tuple[Highlight, ...]) -> list[Object]:
    return [{"start": light.start, "end": light.end, "kind": light.kind} for light in highlights]


def _read_as_object(read_as: ReadAs) -> Object:
    return {
        "script": read_as.script,
        "language": read_as.language,
        "text": read_as.text,
        "confidence": round(read_as.confidence, 3),
        "tokens": [
            {
                "token": reading.token,
                "language": reading.language,
                "words": list(reading.words),
                "confidence": round(reading.confidence, 3),
            }
            for reading in read_as.tokens
        ],
    }


def _finite(value: str | int | float | bool) -> str | int | float | bool | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value
