"""Who is let in: keys, scopes and rates, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.keys import Keys
from api.settings import Settings
from tests.api.conftest import wait_until_ready
from tests.api.fakes import FakeSearcher

SEARCH, JOB = "/v1/search?q=rover", "/v1/jobs/0123456789abcdef"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(keys=tmp_path / "keys.json", auth="required", index=tmp_path / "none")


@contextmanager
def serving(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, FakeSearcher), base_url="http://localhost") as client:
        wait_until_ready(client)
        yield client


def bearer(settings: Settings, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {Keys(settings.keys).add('test', scopes)[1]}"}


def codes(client: TestClient, headers: dict[str, str]) -> list[int]:
    return [client.get(at, headers=headers).status_code for at in (SEARCH, "/metrics", JOB, "/v1/nothing")]


def test_each_scope_opens_its_addresses_and_no_others(settings: Settings) -> None:
    with serving(settings) as client:
        assert codes(client, {}) == [401, 401, 401, 401]
        assert codes(client, {"Authorization": "Bearer dbh_0_0"}) == [401, 401, 401, 401]
        assert codes(client, bearer(settings, "search")) == [200, 403, 403, 404]
        assert codes(client, bearer(settings, "metrics")) == [403, 200, 403, 403]
        assert codes(client, bearer(settings, "admin")) == [200, 200, 404, 404]


def test_a_key_may_come_in_its_own_header(settings: Settings) -> None:
    key = bearer(settings, "search")["Authorization"].split()[1]
    with serving(settings) as client:
        assert client.get(SEARCH, headers={"X-API-Key": key}).status_code == 200


def test_health_and_page_need_no_key_and_a_refusal_says_how(settings: Settings) -> None:
    with serving(settings) as client:
        assert [client.get(at).status_code for at in ("/livez", "/readyz", "/", "/openapi.json")] == [200] * 4
        refused = client.get(SEARCH)
    assert (refused.json()["code"], refused.headers["www-authenticate"]) == ("unauthorized", "Bearer")


@pytest.mark.parametrize(
    ("host", "auth", "status"),
    [
        ("127.0.0.1", "auto", 200),
        ("::1", "auto", 200),
        ("0.0.0.0", "auto", 401),
        ("10.0.0.1", "auto", 401),
        ("0.0.0.0", "off", 200),
        ("127.0.0.1", "required", 401),
    ],
)
def test_beyond_the_loopback_a_key_is_needed_unless_waived(
    settings: Settings, host: str, auth: str, status: int
) -> None:
    with serving(replace(settings, host=host, auth=auth)) as client:
        assert client.get(SEARCH).status_code == status
        assert client.post("/v1/index/rebuild").status_code == 401  # administration is never waived


def test_a_client_that_asks_too_often_is_told_when_to_come_back(settings: Settings) -> None:
    with serving(replace(settings, auth="off", rate=0.5, burst=3)) as client:
        answers = [client.get(SEARCH) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert (answers[3].json()["code"], answers[3].headers["retry-after"]) == ("rate_limited", "2")
        assert client.get("/livez").status_code == 200
        assert client.get(SEARCH, headers=bearer(settings, "search")).status_code == 200  # its own bucket


def test_wrong_keys_cannot_be_tried_without_end(settings: Settings) -> None:
    with serving(replace(settings, rate=0.5, burst=3)) as client:
        tried = [client.get(SEARCH, headers={"X-API-Key": f"dbh_{n}_x"}).status_code for n in range(5)]
    assert tried == [401, 401, 401, 429, 429]


def test_no_answer_lets_another_origin_read_it(settings: Settings) -> None:
    with serving(replace(settings, auth="off")) as client:
        answer = client.get(SEARCH, headers={"Origin": "https://attacker.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_the_metrics_tell_of_requests_stages_generation_and_encoder(settings: Settings) -> None:
    with serving(replace(settings, auth="off")) as client:
        client.get(SEARCH)
        client.get("/nowhere/7")
        told = client.get("/metrics").text
    assert 'dubhashi_http_request_seconds_count{address="/v1/search",status="200"} 1.0' in told
    assert 'address="other",status="404"' in told and "/nowhere" not in told
    assert 'dubhashi_stage_seconds_count{stage="search"} 1.0' in told
    assert "dubhashi_generation 1.0" in told and "dubhashi_queue 0.0" in told
    assert 'dubhashi_encoder_info{fingerprint="",name="labse"} 1.0' in told
