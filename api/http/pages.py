"""The page, the page of the API's documentation, and their files, read once.

Not for JSON: see `routes`.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from api.http.problems import Refusal

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


class _File:
    """A file of the page with its type and its tag."""

    def __init__(self, name: str, content: bytes) -> None:
        self.content = content
        self.media_type = _TYPES[name.rpartition(".")[2]]
        self.tag = f'"{blake2b(content, digest_size=8).hexdigest()}"'

    def answer(self, request: Request) -> Response:
        headers = {"ETag": self.tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers, media_type=self.media_type)


def page_router() -> APIRouter:
    """Routes to every file under `api/page`: the HTML files have their own addresses, the rest are assets."""
    found = {
        entry.name: _File(entry.name, entry.read_bytes())
        for entry in files("api").joinpath("page").iterdir()
        if entry.name.rpartition(".")[2] in _TYPES
    }
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page(request: Request) -> Response:
        return found["index.html"].answer(request)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return found["docs.html"].answer(request)

    @router.get("/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        if name not in found or name.endswith(".html"):
            raise Refusal("route_not_found")
        return found[name].answer(request)

    return router
