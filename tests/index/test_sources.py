"""What readers find in files: titles, headers, headings, text, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.sources import Corpus, Problem, read
from index.sources.markdown import parse as parse_markdown
from index.sources.plain import parse as parse_plain
from index.types import Document

ARTICLE = """Aadhaar: twelve digits
date: 2023-09-26
lang: en-IN
field: technology

The first card
In 2010 a woman in Tembhli received the first number.

A second paragraph under the same heading.

गोपनीयता का सवाल
अदालत ने २०१७ में फ़ैसला दिया।
"""


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def gently(source: Path) -> tuple[list[Document], list[Problem]]:
    problems: list[Problem] = []
    return list(read(source, problems.append)), problems


def only(source: Path) -> Document:
    (found,) = read(source)
    return found


# --- plain text


def test_an_article_has_title_header_and_sections_at_their_offsets(tmp_path: Path) -> None:
    found = only(written(tmp_path, "a.txt", ARTICLE))
    assert (found.id, found.title, found.source) == ("a", "Aadhaar: twelve digits", "a.txt")
    assert (found.date, found.lang, found.metadata) == ("2023-09-26", "en", {"field": "technology"})
    assert [section.heading for section in found.sections] == ["The first card", "गोपनीयता का सवाल"]
    assert found.sections[0].text.endswith("\n\nA second paragraph under the same heading.")
    for section in found.sections:
        assert ARTICLE[section.start : section.start + len(section.text)] == section.text


@pytest.mark.parametrize(
    ("text", "title", "headings"),
    [
        ("Just one paragraph of text.", "", [""]),
        ("A title\n\nThen text.", "A title", [""]),
        ("A first sentence.\n\nThen text.", "", [""]),
        ("Heading\nIts text.\n\nOther\nMore text.", "", ["Heading", "Other"]),
        ("title: Named\nid: x\n\nText.", "Named", [""]),
        ("Title\nAuthor: someone\n\nText.", "", ["Title"]),
        ("Title\nauthor: someone\n\nText.", "Title", [""]),
        ("Title\n\n- one\n- two", "Title", [""]),
        ("Title\n\nWhat is GST?\nA tax on goods and services.", "Title", ["What is GST?"]),
        ("Title\n\nTalks with the U.S.\nThey began in May.", "Title", ["Talks with the U.S."]),
    ],
)
def test_title_and_headings_may_be_missing(text: str, title: str, headings: list[str]) -> None:
    fields, sections = parse_plain(text)
    assert fields.get("title", "") == title
    assert [section.heading for section in sections] == headings


def test_the_first_line_of_a_wrapped_paragraph_is_no_heading() -> None:
    wrapped = (
        "The Chenab bridge carries the railway line from Udhampur to Baramulla over\n"
        "the river at a height of 359 metres, which makes it the highest railway arch\n"
        "bridge of the world."
    )
    _, (section,) = parse_plain(f"Title\n\n{wrapped}")
    assert (section.heading, section.text) == ("", wrapped)


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated(tmp_path: Path) -> None:
    windows = "\ufeff" + ARTICLE.replace("\n", "\r\n")
    plain = only(written(tmp_path, "a.txt", ARTICLE)).sections
    assert only(written(tmp_path, "b.txt", windows)).sections == plain
    assert only(written(tmp_path, "c.txt", windows.encode("utf-16-le"))).sections == plain
    assert only(written(tmp_path, "d.txt", ARTICLE.encode("utf-16"))).sections == plain


# --- Markdown

PAGE = """---
title: "चंद्रयान"
date: 2023-08
tags: space
---
# चंद्रयान

Intro with a [link](https://isro.gov.in/a_(b)), **bold** and `code_span`. <!-- hidden -->

## Landing ##
> The *lander* touched down.
- first point
- [x] second

```python
print("not prose")
```

Orbit
-----
| a | b |
|---|:-:|
| 1 | 2 |
![alt text](img.png)

[ref]: https://example.com
"""


def test_a_markdown_page_leaves_its_words(tmp_path: Path) -> None:
    found = only(written(tmp_path, "sub/page.md", PAGE))
    assert (found.id, found.title, found.date, found.metadata) == (
        "page",
        "चंद्रयान",
        "2023-08",
        {"tags": "space"},
    )
    assert [(section.heading, section.text) for section in found.sections] == [
        ("", "Intro with a link, bold and code_span."),
        ("Landing", "The lander touched down.\nfirst point\nsecond"),
        ("Orbit", "a, b\n1, 2\nalt text"),
    ]
    whole = "\n\n".join(section.text for section in found.sections)
    assert all(whole[s.start : s.start + len(s.text)] == s.text for s in found.sections)


def test_the_first_heading_of_level_one_is_the_title() -> None:
    fields, sections = parse_markdown("## Before\ntext\n# The title\nmore\n# Another\nlast")
    assert fields == {"title": "The title"}
    assert [(s.heading, s.text) for s in sections] == [("Before", "text"), ("", "more"), ("Another", "last")]


@pytest.mark.parametrize(
    "text", ["snake_case_word", "2 * 3 * 4", r"\*not bold\*", "a_b_ c", "*", "[x]", "`", "#tag"]
)
def test_what_is_no_mark_stays(text: str) -> None:
    _, (section,) = parse_markdown(text)
    assert section.text == text.replace("\\", "")


@pytest.mark.parametrize("unit", ["*a ", "[", "`a``", "_", "<!--", "# ", " ", "|-", "- ", "![a](", "~~~~x "])
def test_a_long_line_of_marks_is_read_within_seconds(unit: str) -> None:
    parse_markdown(unit * (200_000 // len(unit)) + "x")


# --- JSON Lines


def test_a_record_has_its_fields_and_the_rest_is_metadata(tmp_path: Path) -> None:
    record = {
        "id": 7, "title": " A  title ", "text": "Text.", "url": "http://x", "date": 2023, "lang": "hin",
        "metadata": {"desk": "economy", "n": 2.5}, "live": True, "tags": ["a"], "none": None,
    }  # fmt: skip
    found = only(written(tmp_path, "a.jsonl", json.dumps(record) + "\n\n"))
    assert (found.id, found.title, found.url, found.date, found.lang) == (
        "7",
        "A title",
        "http://x",
        "2023",
        "hi",
    )
    assert found.metadata == {"desk": "economy", "n": 2.5, "live": True}


def test_a_folder_in_beir_form_gives_its_corpus_alone(tmp_path: Path) -> None:
    written(
        tmp_path, "corpus.jsonl", '{"_id": "p1", "title": "", "text": "पाठ", "metadata": {"lang": "hi"}}\n'
    )
    written(tmp_path, "queries.jsonl", '{"_id": "q1", "text": "query"}\n')
    written(tmp_path, "qrels/notes.txt", "query-id corpus-id score")
    found = only(tmp_path)
    assert (found.id, found.lang, found.metadata) == ("p1", "hi", {})


def test_records_without_an_id_are_called_after_their_line(tmp_path: Path) -> None:
    written(tmp_path, "in/b.jsonl", '{"text": "one"}\n\n{"text": "two"}')
    assert [found.id for found in read(tmp_path)] == ["in/b:1", "in/b:3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"body": "x"}', "no field 'text' with text in it (it has: body)"),
        (b'{"text": 5}', "no field 'text'"),
        (b'{"text": " "}', "no text in it"),
        (b'{"text": "\\ud800"}', "lone surrogate (\\ud800) at character 0"),
        (b'{"text": "x", "note": "a\\udfff"}', "its note cannot be used"),
        (b'{"text": "a\\u0000b"}', "NUL"),
        (b'{"text": "x", "id": ["a"]}', "its id is a list"),
        (b'{"text": "x", "id": "a\\nb"}', "control character"),
        (b'{"text": "x", "id": ""}', "it is empty"),
        (b'{"text": "x", "title": {}}', "its title is an object"),
        (b'{"text": "x", "metadata": [1]}', "metadata is not an object"),
        (b'{"text": "x", "n": NaN}', "NaN is not a JSON value"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "value has 5000 digits; skipped"),
        (b'{"text": "x"', "not JSON: Expecting ',' delimiter (character 13); skipped"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": "\xff"}', "byte 10 (0xff) is not UTF-8"),
        (b"PK\x03\x04\x14\x00\x08\x00", "not JSON"),
    ],
)
def test_a_bad_record_costs_itself_alone(tmp_path: Path, line: bytes, reason: str) -> None:
    path = written(
        tmp_path, "a.jsonl", b'{"id": "a", "text": "x"}\n' + line + b'\n{"id": "b", "text": "y"}\n'
    )
    documents, (problem,) = gently(path)
    assert [found.id for found in documents] == ["a", "b"]
    assert (problem.file, problem.line) == (str(path), 2)
    assert reason in problem.reason and "skipped" in problem.reason
    with pytest.raises(SourceError, match=r"a\.jsonl:2: "):
        list(read(path))


def test_a_date_or_language_not_understood_costs_only_itself(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", '{"id": "a", "text": "x", "date": "23 August", "lang": "hinglish"}')
    (found,), problems = gently(path)
    assert (found.date, found.lang) == ("", "")
    assert [problem.reason for problem in problems] == [
        "date '23 August' is not ISO 8601 (2023-08-23, 2023-08 or 2023); kept without it",
        "lang 'hinglish' is not a code such as hi or en; kept without it",
    ]


def test_a_line_of_a_megabyte_is_read_and_one_of_33_is_not(tmp_path: Path) -> None:
    huge = b'{"id": "huge", "text": "' + b"x" * (33 << 20) + b'"}\n'
    path = written(
        tmp_path, "a.jsonl", b'{"id": "a", "text": "' + b"x" * 1_000_000 + b'"}\n' + huge + b'{"text": "z"}'
    )
    documents, (problem,) = gently(path)
    assert [(found.id, len(found.sections[0].text)) for found in documents] == [("a", 1_000_000), ("a:3", 1)]
    assert problem == Problem(str(path), 2, "longer than 32 MiB; skipped")


# --- folders, names and what cannot be read


def test_a_folder_is_read_in_the_order_of_its_names_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/.hidden.txt", ".git/x.txt", "c.pdf", "a.jsonl"):
        written(tmp_path, name, '{"text": "x"}' if name.endswith("jsonl") else "Text.")
    assert [found.id for found in read(tmp_path)] == ["a:1", "a/z", "b"]
    assert [found.source for found in read(tmp_path)] == ["a.jsonl", "a/z.md", "b.txt"]


def test_links_to_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    written(tmp_path, "elsewhere/news/a.txt", "One paragraph.")
    written(tmp_path, "source/b.txt", "Another.")
    (tmp_path / "source" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "source" / "itself").symlink_to(tmp_path / "source")
    (tmp_path / "elsewhere" / "news" / "up").symlink_to("..")
    assert [found.id for found in gently(tmp_path / "source")[0]] == ["b", "linked/news/a"]


def test_ids_of_several_sources_stay_apart(tmp_path: Path) -> None:
    for folder in ("one/news", "two/news"):
        written(tmp_path, f"{folder}/a.txt", "Text.")
    single = written(tmp_path, "three.txt", "Text.")
    corpus = Corpus([tmp_path / "one/news", tmp_path / "two/news", single])
    assert [found.id for found in corpus.documents()] == ["news/a", "news-2/a", "three"]
    assert corpus.bytes == corpus.bytes_read == 15


def test_two_documents_of_one_id_are_refused_by_both_names(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "Text.")
    written(tmp_path, "b.jsonl", '{"text": "x"}\n{"id": "a", "text": "x"}')
    with pytest.raises(SourceError, match=r"id 'a': .*a\.txt and .*b\.jsonl:2; give one another id"):
        gently(tmp_path)


def test_a_text_that_is_not_utf8_is_named_with_line_and_byte(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", b"Title\n\nIt cost 5 \x80.")
    documents, (problem,) = gently(path)
    assert documents == []
    assert str(problem) == (
        f"{path}:3: byte 17 (0x80) is not UTF-8; skipped: "
        "save it as UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8"
    )
    with pytest.raises(SourceError, match="byte 17"):
        list(read(path))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "no text in it"),
        ("a.txt", b"Title\ndate: 2023-01-01\n", "no text in it"),
        ("a.md", b"# Title\n\n```\ncode\n```\n", "no text in it"),
        ("a.txt", b"ab\nc\x00d", "NUL"),
        ("a.txt", b"PK\x03\x04\xff\xfe\x00", "not UTF-8"),
        ("a.txt", b"\xff\xfea", "not UTF-16"),
    ],
)
def test_a_file_without_usable_text_is_a_problem(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    documents, (problem,) = gently(written(tmp_path, name, content))
    assert documents == [] and reason in problem.reason


def test_missing_and_foreign_sources_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"there is no file or folder .*nowhere"):
        list(read(tmp_path / "nowhere"))
    with pytest.raises(SourceError, match=r"only \.txt"):
        list(read(written(tmp_path, "a.pdf", b"%PDF")))
    with pytest.raises(SourceError, match="no source given"):
        Corpus([])


def test_a_file_that_vanishes_is_a_problem(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "Text.")
    gone = written(tmp_path, "b.txt", "Text.")
    corpus = Corpus([tmp_path])
    gone.unlink()
    problems: list[Problem] = []
    assert [found.id for found in corpus.documents(problems.append)] == ["a"]
    assert problems == [Problem(str(gone), 0, "gone, or no plain file any more; skipped")]


# --- anything


@settings(max_examples=60, deadline=None)
@example(b"\x1c", "a.jsonl")  # blank to a text, not to bytes
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["a.txt", "a.md", "a.jsonl"]),
)
def test_any_bytes_give_documents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    documents, problems = gently(written(tmp_path_factory.mktemp("any"), name, content))
    assert documents or problems or not content.decode("utf-8", "replace").strip()
    for text in (section.text for found in documents for section in found.sections):
        assert text.encode() and "\0" not in text


@given(st.text(alphabet="aक:. \n\t#-", max_size=120))
def test_sections_of_any_text_are_slices_of_it(text: str) -> None:
    _, sections = parse_plain(text)
    at = 0
    for section in sections:
        assert section.start >= at
        assert text[section.start : section.start + len(section.text)] == section.text
        at = section.start + len(section.text)
