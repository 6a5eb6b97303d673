"""What happens to every request around the application: id, host, body size, HEAD, headers, last resort.

Plain ASGI, so that it also covers what the framework answers for itself. Not for what knows an address.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.gate import Gate
from api.http.metrics import Metrics
from api.http.problems import Refusal
from api.keys import Key
from api.settings import Settings

log = logging.getLogger("dubhashi.http")

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CACHE = b"cache-control"
_EVERY_ANSWER = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_NO_STORE = (_CACHE, b"no-store")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app, self._gate, self._metrics = app, Gate(settings), metrics
        self._deadline = settings.deadline
        self._max_body = settings.max_body_bytes
        self._hosts = {*_LOOPBACK, settings.host.lower(), *settings.allowed_hosts}
        self._log_queries = settings.log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            self._check_host(exchange.headers)
            exchange.key = self._gate.check(scope, exchange.headers)
            body = await self._body(exchange.headers, receive)
            await self._app(exchange.scope, _replay(body, receive), exchange.send)
        except Exception as error:
            answer = problems.of_error(exchange.id, error)
            if isinstance(error, Refusal):
                self._metrics.refused(error.code)
            if answer.status_code >= 500 and not isinstance(error, Refusal):
                log.exception("request %s failed", exchange.id)
            if not exchange.started:
                await answer(exchange.scope, receive, exchange.send)
        finally:
            exchange.log(with_query=self._log_queries)
            self._metrics.request(exchange.address, exchange.status, exchange.seconds)

    async def _body(self, headers: Headers, receive: Receive) -> bytes | None:
        if not _has_body(headers):
            return None
        try:
            async with asyncio.timeout(self._deadline):
                return await _whole_body(headers, receive, self._max_body)
        except TimeoutError:
            raise Refusal("slow_body", f"At most {self._deadline:g} seconds are waited for it.") from None

    def _check_host(self, headers: Headers) -> None:
        host = headers.get("host", "")
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        if "*" not in self._hosts and name.lower() not in self._hosts:
            raise Refusal("wrong_host", "Name it in the setting allowed_hosts if it is meant to be served.")


class _Exchange:
    """One request and its answer: the id, HEAD as a GET without a body, headers that every answer carries."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.headers = Headers(scope=scope)
        given = self.headers.get("x-request-id", "")
        self.id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        self._is_head = scope["method"] == "HEAD"
        self.scope = {**scope, "request_id": self.id, "method": "GET" if self._is_head else scope["method"]}
        self._method, self._send, self._began = scope["method"], send, time.perf_counter()
        self.started, self.status = False, 0
        self.key: Key | None = None

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    @property
    def address(self) -> str:
        """The route's pattern, of which there are few; "other" for what has none."""
        return str(getattr(self.scope.get("route"), "path", "other"))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            headers = [*message["headers"], *_EVERY_ANSWER, (b"x-request-id", self.id.encode())]
            if all(name != _CACHE for name, _ in headers):
                headers.append(_NO_STORE)
            message = {**message, "headers": headers}
        elif self._is_head:
            if message.get("more_body"):
                return
            message = {**message, "body": b""}
        await self._send(message)

    def log(self, *, with_query: bool) -> None:
        """One line a request; what was asked stays out of it unless the operator wants it."""
        path = self.scope["path"]
        if with_query and self.scope["query_string"]:
            path += "?" + self.scope["query_string"].decode("ascii", "replace")
        path, spent = ascii(path)[1:-1], self.seconds * 1000
        fields = {"request": self.id, "method": self._method, "path": path, "status": self.status}
        fields |= {"ms": round(spent, 2), "key": self.key.id if self.key else ""}
        line = (self._method, path, self.status, spent, self.id)
        log.info("%s %s %d %.1fms %s", *line, extra={"fields": fields})


def _has_body(headers: Headers) -> bool:
    return "content-length" in headers or "transfer-encoding" in headers


async def _whole_body(headers: Headers, receive: Receive, limit: int) -> bytes:
    """The body, read to its end before anything looks at it. Raises Refusal."""
    if headers.get("content-length", "0").isdecimal() and int(headers.get("content-length", "0")) > limit:
        raise Refusal("too_large", f"At most {limit} bytes are read.")
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > limit:
            raise Refusal("too_large", f"At most {limit} bytes are read.")
    return body


def _replay(body: bytes | None, receive: Receive) -> Receive:
    """A `receive` that gives the body that was already read, then whatever comes."""
    if body is None:
        return receive
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
