"""Who may ask for what, and how often: a request's key, the scope of its address, its client's rate.

Decided before the body is read and before the framework sees the request. Not for what a key is: `api.keys`.
"""

from __future__ import annotations

import math

from starlette.datastructures import Headers
from starlette.types import Scope

from api.http.problems import Refusal
from api.http.rates import Rates
from api.keys import Key, Keys
from api.settings import Settings, is_loopback

ADMIN = ("/v1/index/rebuild", "/v1/jobs")
_HEALTH = ("/livez", "/readyz")


class Gate:
    """Holds the keys and the rates of one application."""

    def __init__(self, settings: Settings) -> None:
        self._keys = Keys(settings.keys)
        self._rates = Rates(settings.rate, settings.burst)
        self.required = settings.auth == "required" or (settings.auth == "auto" and not settings.is_local)

    def check(self, scope: Scope, headers: Headers) -> Key | None:
        """The request's key, if it has one. Raises Refusal: unauthorized, forbidden, rate_limited."""
        if scope["path"] in _HEALTH:
            return None
        given = _given(headers)
        key = self._keys.find(given) if given else None
        self._check_rate(scope, key, tried=bool(given))
        needed = scope_of(scope["path"])
        if needed and (self.required or needed == "admin"):
            if key is None:
                raise Refusal("unauthorized", "Send a key: `Authorization: Bearer …`.")
            if not key.may(needed):
                raise Refusal("forbidden", f"This key is not for {needed}.")
        return key

    def _check_rate(self, scope: Scope, key: Key | None, *, tried: bool) -> None:
        """A client with a key is that key; one without is its address, of which the loopback is free.

        A wrong key is counted wherever it comes from.
        """
        address = scope["client"][0] if scope.get("client") else ""
        if key is None and not tried and is_loopback(address):
            return
        seconds = self._rates.wait(f"key {key.id}" if key else address)
        if seconds:
            raise Refusal("rate_limited", "Ask less often.", retry_after=math.ceil(seconds))


def scope_of(path: str) -> str:
    """The scope that an address asks for; "" for what everybody may see.

    >>> scope_of("/v1/search"), scope_of("/v1/jobs/7"), scope_of("/metrics"), scope_of("/")
    ('search', 'admin', 'metrics', '')
    """
    if any(path == admin or path.startswith(f"{admin}/") for admin in ADMIN):
        return "admin"
    if path.startswith("/v1/"):
        return "search"
    return "metrics" if path == "/metrics" else ""


def _given(headers: Headers) -> str:
    kind, _, text = headers.get("authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else headers.get("x-api-key", "")
