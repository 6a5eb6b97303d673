import json

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.http.edge import SECURITY_HEADERS
from api.settings import Settings
from index.errors import IndexDamaged, IndexNotFound, QueryError
from tests.api.conftest import wait_until_ready
from tests.api.fakes import ROUTE, FakeSearcher

JSON = {"content-type": "application/json"}


def test_get_finds_the_hindi_passage_by_an_english_word(client: TestClient) -> None:
    answer = client.get("/v1/search", params={"q": "corridor"}).json()
    assert [hit["id"] for hit in answer["hits"]] == ["hi/russia:5"]
    assert answer["hits"][0]["text"] == ROUTE
    assert answer["index"] == {"generation": 1, "encoder": "bridge", "passages": 4}


def test_get_and_post_are_one_question(client: TestClient, searcher: FakeSearcher) -> None:
    query = "q=rover&limit=3&offset=1&lang=en&where=field:space&where=a:b%3Ac"
    query += "&mode=sparse&min_score=0.2&collapse=true"
    body = {"q": "rover", "limit": 3, "offset": 1, "lang": "en", "where": {"field": "space", "a": "b:c"}}
    body |= {"mode": "sparse", "min_score": 0.2, "collapse": True}
    assert client.get(f"/v1/search?{query}").json()["total"] == 1
    assert client.post("/v1/search", json=body).json()["total"] == 1
    assert searcher.asked[0] == searcher.asked[1]
    assert dict(searcher.asked[0].where) == {"field": "space", "a": "b:c"}


def test_a_passage_by_its_id_with_slashes(client: TestClient) -> None:
    for address in ("/v1/passages/hi/russia:5", "/v1/passages/hi%2Frussia%3A5"):
        assert client.get(address).json()["heading"] == "परिवहन गलियारा"


def test_more_like_this_leaves_the_passage_out(client: TestClient) -> None:
    answer = client.get("/v1/passages/hi/russia:5/similar?limit=5").json()
    assert [hit["id"] for hit in answer["hits"]] == ["hi/upi:1"]


def test_the_index_says_what_it_is_without_a_path(client: TestClient) -> None:
    info = client.get("/v1/index").json()
    assert (info["generation"], info["encoder"], info["languages"]) == (1, "labse", {"hi": 2, "en": 2})


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/v1/search", 422, "bad_parameters"),
        ("GET", "/v1/search?q=", 422, "bad_parameters"),
        ("GET", "/v1/search?q=%20", 422, "bad_query"),
        ("GET", "/v1/search?q=%00", 422, "bad_query"),
        ("GET", "/v1/search?q=a&limt=3", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&lang=", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&limit=0", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&limit=1&limit=2", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&min_score=nan", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&semantic_ratio=inf", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&offset=99999999999999999999", 422, "bad_parameters"),
        ("GET", "/v1/search?q=a&where=field", 422, "bad_query"),
        ("GET", "/v1/search?q=a&date_from=2023-13", 422, "bad_query"),
        ("GET", "/v1/search?q=" + "a" * 2001, 422, "bad_parameters"),
        ("POST", "/v1/search?q=a", 415, "wrong_media_type"),
        ("GET", "/v1/passages/nobody:1", 404, "not_found"),
        ("GET", "/v1/passages/nobody:1/similar", 404, "not_found"),
        ("GET", "/v1/passages/%00", 404, "not_found"),
        ("GET", "/v1/passages/hi/russia:5?lang=hi", 422, "bad_parameters"),
        ("GET", "/v1/index?verbose=1", 422, "bad_parameters"),
        ("GET", "/v2/search?q=a", 404, "route_not_found"),
        ("GET", "/v1/search/?q=a", 404, "route_not_found"),
        ("GET", "/assets/../settings.py", 404, "route_not_found"),
        ("GET", "/assets/index.html", 404, "route_not_found"),
        ("DELETE", "/v1/search?q=a", 405, "method_not_allowed"),
        ("OPTIONS", "/livez", 405, "method_not_allowed"),
    ],
)
def test_a_bad_request_is_a_problem_with_its_code(
    client: TestClient, method: str, address: str, status: int, code: str
) -> None:
    answer = client.request(method, address)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["instance"] == answer.headers["x-request-id"]
    assert list(problem)[:6] == ["type", "title", "status", "detail", "code", "instance"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"q":', 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b"[" * 20_000, 400, "bad_json"),
        (b"", 422, "bad_parameters"),
        (b"[]", 422, "bad_parameters"),
        (b'{"q": 3}', 422, "bad_parameters"),
        (b'{"q": "a", "limit": "5"}', 422, "bad_parameters"),
        (b'{"q": "a", "semantic_ratio": false}', 422, "bad_parameters"),
        (b'{"q": "a", "minscore": 1}', 422, "bad_parameters"),
        (b'{"q": "a", "min_score": NaN}', 422, "bad_parameters"),
        (b'{"q": "\\ud800"}', 422, "bad_parameters"),
        (b'{"q": "a", "where": {"\\ud800": "x"}}', 422, "bad_query"),
        (b'{"q": "a", "where": {"x": "\\u0000"}}', 422, "bad_query"),
        (b'{"q": "\\u0000"}', 422, "bad_query"),
        (b'{"q": "' + b"a" * 70_000 + b'"}', 413, "too_large"),
    ],
)
def test_a_bad_body_is_a_problem_with_its_code(
    client: TestClient, body: bytes, status: int, code: str
) -> None:
    answer = client.post("/v1/search", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_without_a_length_is_bounded_too(client: TestClient) -> None:
    answer = client.post("/v1/search", content=(b"x" * 10_000 for _ in range(7)), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_method_that_is_not_taken_names_those_that_are(client: TestClient) -> None:
    assert client.put("/v1/search").headers["allow"] == "GET, POST, HEAD"


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    got, head = client.get("/v1/search?q=rover"), client.head("/v1/search?q=rover")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] != "0"


def test_a_request_keeps_a_harmless_id_and_loses_another(client: TestClient) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
    assert client.get("/livez", headers={"X-Request-ID": "a b<c>"}).headers["x-request-id"] != "a b<c>"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"])
def test_the_loopback_is_served_under_all_its_names(client: TestClient, host: str) -> None:
    assert client.get("/livez", headers={"host": host}).status_code == 200


def test_another_host_is_refused_unless_allowed(client: TestClient) -> None:
    answer = client.get("/livez", headers={"host": "attacker.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")
    open_to = create_app(Settings(allowed_hosts=("search.example.in",)), FakeSearcher)
    with TestClient(open_to, base_url="http://search.example.in") as allowed:
        assert allowed.get("/livez").status_code == 200


@pytest.mark.parametrize("address", ["/", "/docs", "/livez", "/nowhere", "/v1/search?q=rover"])
def test_every_answer_carries_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_an_unexpected_error_tells_nothing_but_its_id(
    searcher: FakeSearcher, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(Settings(), lambda: searcher), base_url="http://localhost") as client:
        wait_until_ready(client)
        searcher.failure = RuntimeError("cannot read /srv/secret/passages.db")
        answer = client.get("/v1/search?q=a")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text and answer.json()["instance"] in caplog.text


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (QueryError("the query is odd"), 422, "bad_query"),
        (IndexDamaged("/srv/secret/passages.db is truncated"), 503, "index_damaged"),
    ],
)
def test_an_error_of_the_searcher_keeps_its_code_and_no_path(
    client: TestClient, searcher: FakeSearcher, failure: Exception, status: int, code: str
) -> None:
    searcher.failure = failure
    answer = client.get("/v1/search?q=a")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret" not in answer.text


def test_an_index_that_cannot_be_opened_leaves_the_server_alive_but_not_ready() -> None:
    def fails() -> FakeSearcher:
        raise IndexNotFound("there is no index in /srv/secret")

    with TestClient(create_app(Settings(), fails), base_url="http://localhost") as client:
        for _ in range(2000):
            answer = client.get("/readyz")
            if answer.json()["code"] != "not_ready":
                break
        assert (answer.status_code, answer.json()["code"]) == (503, "index_not_found")
        assert client.get("/v1/search?q=a").json()["code"] == "index_not_found"
        assert client.get("/v1/search?q=a").headers["retry-after"] == "1"
        assert client.get("/livez").status_code == 200
        assert "secret" not in answer.text


def test_the_log_has_no_query_unless_asked(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "dubhashi.http")
    client.get("/v1/search?q=private")
    assert "/v1/search 200" in caplog.text and "private" not in caplog.text


def test_openapi_describes_every_address_and_the_problems_it_gives(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    passage = "/v1/passages/{passage_id}"
    assert set(told["paths"]) == {
        "/v1/search",
        passage,
        f"{passage}/similar",
        "/v1/index",
        "/v1/index/rebuild",
        "/v1/jobs/{job_id}",
        "/livez",
        "/readyz",
    }
    post = told["paths"]["/v1/search"]["post"]["responses"]
    assert set(post) == {
        *["200", "400", "401", "403", "408", "413", "415", "421", "422", "429", "500", "503", "504"]
    }
    assert "application/problem+json" in post["422"]["content"]
    assert "HTTPValidationError" not in json.dumps(told)
    assert told["paths"]["/v1/search"]["get"]["parameters"][0]["name"] == "q"
