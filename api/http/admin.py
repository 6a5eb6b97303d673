"""The addresses of the operator: rebuild, jobs, metrics.

Not for who may ask: see `gate`.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import wire
from api.http import metrics, models, problems
from api.http.direct import once
from api.http.problems import Refusal
from api.http.routes import documented, json_body, sent
from api.jobs import Job, Jobs
from index.errors import NotFound

router = APIRouter(dependencies=[Depends(once)])
JobId = Annotated[str, Path(description="As in the answer to the rebuild.", pattern="^[0-9a-f]{16}$")]
Nothing = Annotated[models.NoParameters, Query()]


async def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


async def _json_if_any(request: Request) -> None:
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        await json_body(request)


InForce = Annotated[Jobs, Depends(_jobs)]


@router.post(
    "/v1/index/rebuild",
    status_code=202,
    summary="Rebuild the index",
    response_model=models.Job,
    responses=documented(
        "bad_json", "slow_body", "index_locked", "too_large", "wrong_media_type", "bad_parameters"
    ),
    dependencies=[Depends(_json_if_any)],
)
async def rebuild(jobs: InForce, _: Nothing, given: models.RebuildBody | None = None) -> Response:
    """A job that reads the index's own sources anew. Searches go on; the new generation is put in force when whole."""
    given = given or models.RebuildBody()
    job = await asyncio.to_thread(jobs.start, force=given.force, strict=given.strict)
    answer = Response(wire.written(_object(job)), 202, media_type="application/json")
    answer.headers["Location"] = f"/v1/jobs/{job.id}"
    return answer


@router.get(
    "/v1/jobs/{job_id}",
    summary="How far a rebuild is",
    response_model=models.Job,
    responses=documented("job_not_found", "bad_parameters"),
)
async def job(jobs: InForce, job_id: JobId, _: Nothing) -> Response:
    return sent(_object(_found(jobs, job_id)))


@router.delete(
    "/v1/jobs/{job_id}",
    summary="Cancel a rebuild",
    response_model=models.Job,
    responses=documented("job_not_found", "bad_parameters"),
)
async def cancel(jobs: InForce, job_id: JobId, _: Nothing) -> Response:
    """Asks a running rebuild to end: the index stays as it is. One that has ended stays as it ended."""
    _found(jobs, job_id)
    return sent(_object(jobs.cancel(job_id)))


@router.get("/metrics", include_in_schema=False)
async def numbers(request: Request) -> Response:
    made: metrics.Metrics = request.app.state.metrics
    return Response(made.text(), media_type=metrics.MEDIA_TYPE)


def _found(jobs: Jobs, job_id: str) -> Job:
    try:
        return jobs.get(job_id)
    except NotFound as error:
        raise Refusal("job_not_found", str(error)) from None


def _object(job: Job) -> dict[str, object]:
    """Of what went wrong, the code alone: the message, in the log, may name a path."""
    kind = problems.KINDS.get(job.error, problems.KINDS["internal"])
    error = {"code": job.error, "title": kind.title} if job.error else None
    return asdict(job) | {"error": error}
