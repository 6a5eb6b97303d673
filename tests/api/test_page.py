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


def luminance(colour: str) -> float:
    """Of `#rrggbb`, by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "raised")),
        *(("ink", kind) for kind in ("word", "sound", "translation", "meaning")),
        *((f"{kind}-ink", "paper") for kind in ("word", "sound", "translation", "meaning")),
    ],
)
def test_every_text_stands_out_from_its_ground(mode: str, text: str, ground: str) -> None:
    style = (PAGE / "app.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light if mode == "light" else dark))
    assert contrast(colours[text], colours[ground]) >= 4.5
