"""What the server and its workers say to each other: a line of JSON, and behind it an answer's bytes as they are.

Not for how it gets there: see `workers` and `worker`. JSON and no pickle, so that a message is data and nothing else.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from api.answering import Question
from api.searchers import Observe
from index.errors import DubhashiError
from search.types import SearchRequest

_FIELDS = tuple(field.name for field in fields(SearchRequest))
_DEFECT = "internal"


class WorkerFailed(Exception):
    """A defect in a worker; the message is its traceback."""


def question_bytes(question: Question) -> bytes:
    request = question.request
    asked = None if request is None else {name: getattr(request, name) for name in _FIELDS}
    return json.dumps([asked, question.id, question.latin]).encode()


def question_of(data: bytes) -> Question:
    asked, passage_id, latin = json.loads(data)
    return Question(None if asked is None else SearchRequest(**asked), passage_id, latin)


def answer_bytes(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    return json.dumps(head).encode() + b"\n" + body


def error_bytes(error: Exception) -> bytes:
    if isinstance(error, DubhashiError):
        return answer_bytes({"error": error.code, "message": str(error)})
    return answer_bytes({"error": _DEFECT, "message": "".join(traceback.format_exception(error))})


def answer_of(data: bytes, observe: Observe | None = None) -> tuple[Mapping[str, Any], bytes]:
    """Head and body. `observe` is told the stages of the head. Raises what the worker raised."""
    line, _, body = data.partition(b"\n")
    head = json.loads(line)
    if "error" in head:
        raise _KINDS.get(head["error"], WorkerFailed)(head["message"])
    if observe is not None:
        for stage, seconds in head.get("stages", ()):
            observe(stage, seconds)
    return head, body


def _all_kinds(kind: type[DubhashiError]) -> Iterator[type[DubhashiError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _all_kinds(narrower)


_KINDS: dict[str, type[Exception]] = {kind.code: kind for kind in _all_kinds(DubhashiError)}
