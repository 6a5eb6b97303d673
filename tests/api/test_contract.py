"""Requests made up from the OpenAPI document: each is answered as it says, and none with a defect."""

from __future__ import annotations

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import Receive, Scope, Send

from api.answering import Local
from api.http.app import create_app
from api.http.serving import Serving
from api.settings import Settings
from tests.api.fakes import FakeSearcher

HOST = "127.0.0.1"
made: Counter[str] = Counter()  # requests by operation
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "40"))  # an operation; more for a long run


class Opened:
    """An application whose searcher is in force and stays so: each call would else start it anew."""

    def __init__(self) -> None:
        self.app = create_app(Settings(rate=0), FakeSearcher)  # a quick machine asks too often
        serving: Serving = self.app.state.serving
        serving.open(lambda: Local(FakeSearcher()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})


schema = schemathesis.openapi.from_asgi("/openapi.json", Opened(), headers={"host": HOST})


@pytest.mark.filterwarnings("ignore")
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_a_documented_one(case: schemathesis.Case) -> None:
    case.headers["host"] = HOST
    made[case.operation.label] += 1
    # What JSON Schema cannot say (date_from after date_to, a query of spaces alone) is refused, rightly.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


def test_so_many_requests_were_made() -> None:
    """Five of the ten operations have parameters or a body to vary."""
    if len(made) < 10:
        pytest.skip("not all of them were asked")
    assert sum(made.values()) >= 5 * EXAMPLES
