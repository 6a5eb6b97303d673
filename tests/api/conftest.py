"""An application over a searcher of four passages."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.settings import Settings
from tests.api.fakes import FakeSearcher


@pytest.fixture
def searcher() -> FakeSearcher:
    return FakeSearcher()


@pytest.fixture
def client(searcher: FakeSearcher) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), lambda: searcher), base_url="http://127.0.0.1:8000") as client:
        wait_until_ready(client)
        searcher.asked.clear()  # the question that warmed it
        yield client


def wait_until_ready(client: TestClient) -> None:
    until = time.monotonic() + 10
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < until, client.get("/readyz").text
        time.sleep(0.005)
