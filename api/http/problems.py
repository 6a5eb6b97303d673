"""Every error as problem+json (RFC 9457) with a stable `code`, and never a path of the server.

Not for raising: code raises `index.errors`; this says what each becomes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from index.errors import DubhashiError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all problems of one code. `detail` stands in where a message may name a path."""

    status: int
    title: str
    detail: str = ""


_RESTORE = "The operator can rebuild it or roll it back; the server's log says more."
KINDS: dict[str, Kind] = {
    "bad_json": Kind(400, "The body is not JSON"),
    "unauthorized": Kind(401, "A key is needed"),
    "forbidden": Kind(403, "This key may not do that"),
    "route_not_found": Kind(404, "There is nothing at this address"),
    "not_found": Kind(404, "There is no such passage"),
    "job_not_found": Kind(404, "There is no such job"),
    "method_not_allowed": Kind(405, "This address does not take that method"),
    "slow_body": Kind(408, "The body came too slowly"),
    "index_locked": Kind(409, "Another rebuild is at work", "Wait for it to end, or cancel it."),
    "too_large": Kind(413, "The body is too large"),
    "wrong_media_type": Kind(415, "The body must be application/json"),
    "wrong_host": Kind(421, "This server does not answer for that host"),
    "bad_parameters": Kind(422, "The parameters cannot be used"),
    "bad_query": Kind(422, "The question cannot be asked"),
    "rate_limited": Kind(429, "Too many requests"),
    "internal": Kind(500, "A defect of the server", "The server's log says more under this request's id."),
    "not_ready": Kind(503, "The index is not open yet", "Ask again in a moment."),
    "busy": Kind(503, "Too many searches at once", "Ask again in a moment."),
    "index_not_found": Kind(503, "There is no index to search", _RESTORE),
    "index_mismatch": Kind(503, "The index and the encoder do not fit", _RESTORE),
    "index_damaged": Kind(503, "The index is damaged", _RESTORE),
    "index_error": Kind(503, "The index cannot be used", _RESTORE),
    "encoder_failed": Kind(503, "The encoder failed", _RESTORE),
    "model_not_found": Kind(503, "The encoder's weights are missing", _RESTORE),
    "worker_lost": Kind(503, "The process that searched ended", "Ask again in a moment."),
    "timed_out": Kind(504, "The search took too long", "Ask again, or for less."),
}
_LATER = (429, 503)  # the statuses that say when to ask again
_BY_STATUS = {404: "route_not_found", 405: "method_not_allowed", 413: "too_large", 415: "wrong_media_type"}


class Refusal(Exception):
    """A request that the server's own code refuses, before any search; `code` is one of `KINDS`."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        errors: list[dict[str, str]] | None = None,
        retry_after: int = 1,
    ) -> None:
        super().__init__(code, detail)
        self.code, self.detail, self.errors, self.retry_after = code, detail, errors, retry_after


def problem(
    request_id: str,
    code: str,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    retry_after: int = 1,
) -> Response:
    kind = KINDS[code]
    body: dict[str, Any] = {
        "type": f"/docs#{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail or detail or f"{kind.title}.",
        "code": code,
        "instance": request_id,
    }
    if errors:
        body["errors"] = errors
    headers = {"Retry-After": str(retry_after)} if kind.status in _LATER else {}
    if kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, kind.status, headers, MEDIA_TYPE)


def of_error(request_id: str, error: Exception) -> Response:
    """The answer to any exception; an unknown one is `internal` and tells nothing."""
    if isinstance(error, Refusal):
        return problem(request_id, error.code, error.detail, error.errors, error.retry_after)
    if isinstance(error, DubhashiError) and error.code in KINDS:
        return problem(request_id, error.code, str(error))
    return problem(request_id, "internal")


def of_status(request_id: str, status: int, detail: str) -> Response:
    """The answer to what the web framework itself refuses."""
    return problem(request_id, _BY_STATUS.get(status, "bad_json" if status == 400 else "internal"), detail)


def request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))
