"""Whatever is asked, and whatever lies in the sources: an answer or a refusal, never a defect.

FUZZ_EXAMPLES sets how many of each; the long run is `make soak`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.http.app import create_app
from api.http.models import SearchParameters
from api.settings import Settings
from index.build import rebuild
from index.encoders.bridge import BridgeEncoder
from index.errors import DubhashiError
from search.searcher import Searcher
from tests.api.conftest import wait_until_ready

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
ODD = st.sampled_from(
    ["", "\0", "\ud800", "\u202e", "\ufeff", "़", "््", "﷽", "nan", "1e999", "-1", "a" * 3000, "٣"]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.text(st.characters(categories=["Mn", "Mc", "Lo", "Cf", "Cs"])), ODD
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from([*SearchParameters.model_fields, "nothing"])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("fuzz")
    for name in ("hi/jaishankar-russia-2023.txt", "en/mangalyaan-mars-orbiter.txt"):
        shutil.copy(Path("seeds") / name, folder)
    rebuild([folder], folder / "index", BridgeEncoder())
    with TestClient(
        create_app(Settings(index=folder / "index", rate=0)), base_url="http://localhost"
    ) as client:
        wait_until_ready(client)
        yield client


def quoted(text: str) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in text.encode("utf-8", "surrogatepass"))


@fuzz
@given(st.lists(st.tuples(NAMES, TEXTS), max_size=5), TEXTS)
def test_any_parameters_are_answered_or_refused(
    client: TestClient, pairs: list[tuple[str, str]], passage: str
) -> None:
    query = b"&".join(name.encode() + b"=" + quoted(value) for name, value in pairs).decode()
    for address in ("/v1/search", f"/v1/passages/{quoted(passage).decode()}/similar"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in (200, 404, 422), answer.text
        answer.json()


@fuzz
@given(TEXTS, st.dictionaries(NAMES, JSON, max_size=5) | JSON)
def test_any_body_is_answered_or_refused(client: TestClient, q: str, body: object) -> None:
    if isinstance(body, dict):
        body = {"q": q} | body
    answer = client.post(
        "/v1/search", content=json.dumps(body).encode(), headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 400, 413, 422), answer.text


@fuzz
@given(
    st.binary(max_size=200),
    st.sampled_from(["application/json", "text/plain", "application/json; charset=x", ""]),
)
def test_any_bytes_are_refused(client: TestClient, body: bytes, kind: str) -> None:
    answer = client.post("/v1/search", content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 415, 422), answer.text


def zipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    return file.getvalue()


LONG_NUMBER = b"1" * 5_000  # Python turns no more than 4,300 digits into a number
ODD_BODIES = [
    b"[" * 60_000, b'{"q": "a", "where": ' + b'{"a":' * 9_000, b'{"q": "a", "limit": ' + LONG_NUMBER + b"}",
    b'{"q": "a", "where": {"a": ' + LONG_NUMBER + b"}}", b'{"q": "\\ud800"}', b'{"q": "\\u0000"}', b'{"q": "\xff"}',
    b'{"q": "a", "q": ["b"]}', b'{"q": "a", "semantic_ratio": NaN}', b'{"q": "a", "limit": 1e999}',
    b'{"q": "a", "where": [' + b"1," * 9_000 + b"1]}", b'{"q": "' + b"a" * 60_000 + b'"}', b'"q"', b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0}\0", zipped(),
]  # fmt: skip


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:24]))
def test_odd_bodies_are_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/search", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413, 422), answer.text
    assert answer.json()["code"]


SOURCES = [
    b"\xff\xfe\x00", b"PK\x03\x04" + b"\0" * 99, zipped(), b"[" * 100_000, b'{"text": ' * 20_000, b"a" * 1_000_000,
    "क".encode() * 300_000, b'{"id": "\\ud800", "text": "\\udc00"}\n', b'{"text": 1e999}\n', b"---\n---\n" * 99,
    bytes(range(256)) * 20, b"# " * 5_000, b'{"id": "a", "text": "x", "metadata": {"a": {"b": []}}}\n',
    b"\r\r\n\x0b\x0c",
    b'{"text": "' + b"word " * 200_000 + b'"}\n', b'{"text": "' + "\u0939\u0948 ".encode() * 100_000 + b'"}\n',
    b'{"text": "x", "metadata": ' + b'{"a": ' * 20_000 + b"1" + b"}" * 20_001 + b"\n",
    b'{"id": ' + LONG_NUMBER + b', "text": "x"}\n', b'{"text": "a\\u0000b\\u001b[31m"}\n', b"\0" * 5_000,
    bytes(range(32)) * 99, "\u202e\u2066\ufffe\U0010ffff\u200d".encode() * 200, b"a\xed\xa0\x80b",
    zipped() * 50, b'{"text": "x", "date": "9999-99-99", "url": "\\u0000", "lang": "\\ud800"}\n', b"#" * 100_000,
    b">" * 50_000, b"- " * 50_000, b"[" * 50_000 + b"](" * 9_000, b"```\n" * 9_000, b"|" * 50_000 + b"\n---|\n",
    b"\xef\xbb\xbf", ("ि" * 999).encode(), b"GIF89a", b"%PDF-1.7\n%\xe2\xe3", b"\x1f\x8b\x08\0",
]  # fmt: skip


def test_any_bytes_in_the_sources_are_indexed_or_left_out(tmp_path: Path) -> None:
    chance, encoder = random.Random(5), BridgeEncoder()
    contents = SOURCES + [chance.randbytes(chance.randrange(3000)) for _ in range(EXAMPLES // 5)]
    for number, content in enumerate(contents):
        for suffix in ("txt", "md", "jsonl"):
            (tmp_path / "all").mkdir(exist_ok=True)
            (tmp_path / "all" / f"{number}-{suffix}.{suffix}").write_bytes(content)
    (tmp_path / "all/good.md").write_text("A paragraph that can be read.")
    report = rebuild([tmp_path / "all"], tmp_path / "index", encoder)
    assert report.problems and report.passages
    searcher = Searcher.open_with(tmp_path / "index", encoder)
    assert searcher.passage("good:1").text == "A paragraph that can be read."
    searcher.close()
    with pytest.raises(DubhashiError):
        rebuild([tmp_path / "all"], tmp_path / "other", encoder, strict=True)
