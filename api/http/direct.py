"""A route whose query parameters go to their model at once, for the address that is asked most.

FastAPI looks at every field's type at every request, which takes half as long as all else that it does. What it
documents, what is refused and how that is said stay the same. Not for routes with a path's parts or a body.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from api.http.problems import Refusal

MANY = ("where",)  # parameters that may stand more than once

Model = TypeVar("Model", bound=BaseModel)


async def once(request: Request) -> None:
    """Refuses a parameter that is given twice: of two limits, neither can be meant."""
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) == len(names):
        return
    for name in set(names) - set(MANY):
        if names.count(name) > 1:
            errors = [{"at": f"query.{name}", "message": "Given more than once"}]
            raise Refusal("bad_parameters", f"{name[:80]} is given more than once.", errors)


def parameters(request: Request, model: type[Model]) -> Model:
    """Raises RequestValidationError, as FastAPI would."""
    query = request.query_params
    given = {name: query.getlist(name) if name in MANY else value for name, value in query.items()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        ) from None


def direct(model: type[BaseModel]) -> type[APIRoute]:
    """Routes whose endpoint takes what is in force and its parameters, as this model."""

    class Direct(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint

            async def handle(request: Request) -> Response:
                await once(request)
                return await endpoint(request.app.state.serving, parameters(request, model))

            return handle

    return Direct
