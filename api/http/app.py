"""Puts the application together: `create_app(settings)`.

Not for starting a server: `dubhashi serve`, or any ASGI server with `api.http.app:create_app` as its factory.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.answering import Local
from api.http import admin, models, problems
from api.http.edge import Edge
from api.http.gate import scope_of
from api.http.metrics import Metrics
from api.http.pages import page_router
from api.http.routes import fast, router
from api.http.serving import Serving
from api.http.watching import Watcher
from api.jobs import Jobs
from api.opener import Opener
from api.searchers import Searcher
from api.settings import Settings, load

_DESCRIPTION = (
    "Search Hindi and English paragraphs together: ask in English, in Hindi, or in Hindi typed with Latin "
    "letters. Every error is `application/problem+json` with a stable `code`."
)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def create_app(
    settings: Settings | None = None,
    searchers: Opener | Callable[[], Searcher] | None = None,
) -> FastAPI:
    """An application that opens its searcher as it starts; `/readyz` says when it has.

    It follows the index if `searchers` is an Opener, as it is where none is given.
    """
    settings = settings or load()
    metrics = Metrics()
    at_once = max(settings.threads or os.cpu_count() or 1, settings.processes)
    serving = Serving(at_once, settings.queue, settings.deadline, metrics.stage)
    metrics.watch("workers", "Processes that search; 0 where this one does", lambda: serving.processes)
    metrics.watch("queue", "Searches that wait or run", lambda: serving.accepted)
    searchers = Opener(settings) if searchers is None else searchers
    if isinstance(searchers, Opener):
        searchers.observe = metrics.stage
        watcher = Watcher(serving, searchers.open, searchers.published, settings.watch, metrics)
    else:
        opened = searchers
        watcher = Watcher(serving, lambda: Local(opened(), metrics.stage), lambda: None, 0, metrics)
    jobs = Jobs(settings)
    app = FastAPI(
        title="Dubhashi",
        version=version("dubhashi"),
        description=_DESCRIPTION,
        lifespan=_lifespan(serving, watcher, jobs),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.serving, app.state.jobs, app.state.metrics = serving, jobs, metrics
    app.include_router(fast)  # the first that is looked at
    app.include_router(router)
    app.include_router(admin.router)
    app.include_router(page_router())
    app.add_exception_handler(HTTPException, _refused_by_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_middleware(Edge, settings=settings, metrics=metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _lifespan(serving: Serving, watcher: Watcher, jobs: Jobs) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watcher.run())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.to_thread(jobs.close)
        await asyncio.to_thread(serving.close)

    return lifespan


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    allowed = _allowed(request) if error.status_code == 405 else ""
    detail = f"It takes {allowed}." if allowed else str(error.detail)
    answer = problems.of_status(problems.request_id(request), error.status_code, detail)
    answer.headers.update({"Allow": allowed} if allowed else error.headers or {})
    return answer


def _allowed(request: Request) -> str:
    """The methods of all routes at this address; the framework names those of the first."""
    routes = request.app.router.routes
    found = [
        m for m in _METHODS if any(r.matches({**request.scope, "method": m})[0] is Match.FULL for r in routes)
    ]
    return ", ".join([*found, "HEAD"] if "GET" in found else found)


async def _invalid(request: Request, error: Exception) -> Response:
    """What pydantic found, place by place; never the value, which may be anything."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problems.problem(problems.request_id(request), "bad_json")
    errors = [{"at": ".".join(map(str, one["loc"]))[:200], "message": str(one["msg"])} for one in found[:20]]
    detail = "; ".join(f"{one['at']}: {one['message']}" for one in errors[:3])
    return problems.problem(problems.request_id(request), "bad_parameters", detail, errors)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The framework's description, with our problems in the place of its own validation errors."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        shapes = schema["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            shapes.pop(name, None)
        problem = models.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes |= problem.pop("$defs", {}) | {"Problem": problem}
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path, operations in schema["paths"].items():
            needed = scope_of(path)
            for operation in operations.values() if needed else ():
                optional: list[dict[str, list[str]]] = [] if needed == "admin" else [{}]
                operation["security"] = [*optional, {"key": []}]
        app.openapi_schema = schema
    return app.openapi_schema
