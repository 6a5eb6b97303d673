"""The addresses under `/v1`, and the two that a supervisor asks.

Not for the page (`pages`) nor for errors (`problems`, `edge`).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import ask, wire
from api.answering import Question
from api.http import models, problems
from api.http.direct import direct, once
from api.http.problems import Refusal
from api.http.serving import Serving

_ANYWHERE = ("unauthorized", "forbidden", "wrong_host", "rate_limited", "internal")
_CLOSED = (
    "not_ready",
    "busy",
    "index_not_found",
    "index_mismatch",
    "index_damaged",
    "encoder_failed",
    "worker_lost",
    "timed_out",
)


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of the problems that an address answers with."""
    by_status: dict[int | str, list[str]] = {}
    for code in (*codes, *_ANYWHERE):
        by_status.setdefault(problems.KINDS[code].status, []).append(code)
    return {
        status: {
            "description": "; ".join(f"{problems.KINDS[code].title} (`{code}`)" for code in same),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, same in by_status.items()
    }


async def json_body(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal("wrong_media_type", "Send the question as application/json.")


async def _serving(request: Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving


router = APIRouter(dependencies=[Depends(once)])
fast = APIRouter(route_class=direct(models.SearchParameters))
InForce = Annotated[Serving, Depends(_serving)]
PassageId = Annotated[str, Path(description="As in a hit's `id`.", examples=["hi/jaishankar-russia-2023:5"])]


def sent(value: object) -> Response:
    return Response(wire.written(value), media_type="application/json")


async def _answer(
    serving: Serving,
    given: models.SearchParameters | models.SearchBody | models.SimilarParameters,
    id: str = "",
) -> Response:
    return await _asked(serving, Question(models.search_request(given, q=id), id, given.latin))


async def _asked(serving: Serving, question: Question) -> Response:
    body = await serving.run(lambda answerer: answerer.answer(question))
    return Response(body, media_type="application/json")


@fast.get(
    "/v1/search",
    summary="Search",
    response_model=models.Answer,
    responses=documented("bad_parameters", "bad_query", *_CLOSED),
)
async def search(serving: InForce, given: Annotated[models.SearchParameters, Query()]) -> Response:
    """Ranked passages of both languages. Parameters that are not listed are refused."""
    return await _answer(serving, given)


@router.post(
    "/v1/search",
    summary="Search, asked in JSON",
    response_model=models.Answer,
    responses=documented(
        "bad_json", "slow_body", "too_large", "wrong_media_type", "bad_parameters", "bad_query", *_CLOSED
    ),
    dependencies=[Depends(json_body)],
)
async def search_by_body(
    serving: InForce, given: models.SearchBody, _: Annotated[models.NoParameters, Query()]
) -> Response:
    """The same as GET, for clients that would rather write JSON."""
    return await _answer(serving, given)


@router.get(
    "/v1/passages/{passage_id:path}/similar",
    summary="More like this",
    response_model=models.Answer,
    responses=documented("not_found", "bad_parameters", "bad_query", *_CLOSED),
)
async def similar(
    serving: InForce, passage_id: PassageId, given: Annotated[models.SimilarParameters, Query()]
) -> Response:
    """Passages of either language near to this one; it is not among them."""
    return await _answer(serving, given, ask.checked_id(passage_id))


@router.get(
    "/v1/passages/{passage_id:path}",
    summary="One passage",
    response_model=models.Passage,
    responses=documented("not_found", "bad_parameters", *_CLOSED),
)
async def passage(
    serving: InForce, passage_id: PassageId, given: Annotated[models.PassageParameters, Query()]
) -> Response:
    return await _asked(serving, Question(None, ask.checked_id(passage_id), given.latin))


@router.get(
    "/v1/index",
    summary="Which index answers",
    response_model=models.Index,
    responses=documented("bad_parameters", *_CLOSED),
)
async def index(serving: InForce, _: Annotated[models.NoParameters, Query()]) -> Response:
    return sent(wire.info_object(await serving.run(lambda answerer: answerer.info())))


@router.get("/livez", summary="Is the process alive?", response_model=models.State, responses=documented())
async def livez() -> Response:
    return sent({"status": "ok"})


@router.get(
    "/readyz",
    summary="Is the index open and warm?",
    response_model=models.State,
    responses=documented("not_ready", "index_not_found", "index_mismatch", "index_damaged", "encoder_failed"),
)
async def readyz(serving: InForce) -> Response:
    if not serving.ready:
        raise serving.failure or Refusal("not_ready")
    return sent({"status": "ok"})
