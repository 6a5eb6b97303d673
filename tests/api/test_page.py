import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

PAGE = Path("api/page")
FILES = sorted(path.name for path in PAGE.iterdir())


def test_the_page_is_a_few_files_written_by_hand() -> None:
    assert FILES == ["app.css", "app.js", "docs.html", "docs.js", "icon.svg", "index.html"]


@pytest.mark.parametrize("name", FILES)
def test_nothing_comes_from_outside(name: str) -> None:
    text = (PAGE / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    text = text.replace("http://127.0.0.1:8000", "")
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", text)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".html")])
def test_nothing_is_inline_so_that_the_policy_can_be_strict(name: str) -> None:
    text = (PAGE / name).read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_text_never_becomes_html(name: str) -> None:
    text = (PAGE / name).read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text
    )


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/?q=rover&lang=hi", "text/html; charset=utf-8"),
        ("/docs", "text/html; charset=utf-8"),
        ("/assets/app.css", "text/css; charset=utf-8"),
        ("/assets/app.js", "text/javascript; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml"),
    ],
)
def test_each_file_has_its_type_and_is_not_sent_twice(client: TestClient, address: str, kind: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    again = client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_file_that_a_page_names_is_there(client: TestClient) -> None:
    for page in ("/", "/docs"):
        for name in re.findall(r'(?:href|src)="(/assets/[^"]+)"', client.get(page).text):
            assert client.get(name).status_code == 200


def test_the_policy_allows_this_server_alone(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy and "http" not in policy
