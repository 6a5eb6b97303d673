"""Evaluation on judged folders small enough to work out by hand."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from index.encoders.choose import open_encoder
from index.errors import IndexError_, SettingsError, SourceError
from search.evaluate.folders import read_folder
from search.evaluate.measures import Measured, measure
from search.evaluate.report import page
from search.evaluate.runs import evaluate, ranked
from search.evaluate.tune import tune
from search.searcher import Searcher
from search.tuning import FILE, save_ratio, saved_ratio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "judged"
    (root / "qrels").mkdir(parents=True)
    corpus = [
        ("a", "The river Ganga flows past Varanasi."),
        ("b", "संसद ने विधेयक पारित किया।"),
        ("c", "Gold prices rose today."),
    ]
    lines = [json.dumps({"_id": i, "text": text}, ensure_ascii=False) for i, text in corpus]
    (root / "corpus.jsonl").write_text("\n".join(lines), encoding="utf8")
    queries = [
        ("q1", "गंगा नदी"),
        ("q2", "parliament passed the bill"),
        ("q3", "<script>alert(1)</script> gold"),
    ]
    lines = [json.dumps({"_id": i, "text": text}, ensure_ascii=False) for i, text in queries]
    (root / "queries.jsonl").write_text("\n".join(lines), encoding="utf8")
    (root / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t1\n")
    return root


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("queries.jsonl", '{"_id": "q1", "text": ""}', r"queries.jsonl:1: its text is no question of 1 to 2,000"),
        ("queries.jsonl", '{"_id": "q1", "text": null}', r"queries.jsonl:1: its text"),
        ("queries.jsonl", '\n{"_id": "q1", "text": "' + "x" * 2001 + '"}', r"queries.jsonl:2: its text"),
        ("queries.jsonl", '{"_id": 1, "text": "a"}\n{"_id": "1", "text": "b"}', r"jsonl:2: another query has the _id"),
        ("qrels/test.tsv", "q1\ta\t1\n\nq2\tb", r"test.tsv:3: three columns"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_judged_folder_is_told_with_its_line(
    folder: Path, name: str, text: str, message: str
) -> None:
    (folder / name).write_text(text, encoding="utf8")
    with pytest.raises(SourceError, match=message):
        read_folder(folder)


def test_judged_folders_are_read_as_sources_are(folder: Path) -> None:
    """With a byte order mark, blank lines, ends of lines as on Windows, and U+2028 in a text."""
    text = '\ufeff{"_id": "q1", "text": "one\u2028two"}\r\n\r\n{"_id": "q2", "text": "three"}\r\n'
    (folder / "queries.jsonl").write_bytes(text.encode())
    (folder / "qrels/test.tsv").write_bytes(
        "\ufeffquery-id\tcorpus-id\tscore\r\n\r\nq1\ta\t1\r\nq2\tb\t2\r\n".encode()
    )
    found = read_folder(folder)
    assert [query.text for query in found.queries] == ["one\u2028two", "three"]
    assert found.qrels == {"q1": {"a": 1}, "q2": {"b": 2}}


def test_queries_of_another_corpus_are_refused(folder: Path) -> None:
    (folder / "qrels/test.tsv").write_text("q1\tx\t1\nq2\ta:9\t1\n")
    with pytest.raises(
        SourceError, match="judged: the index holds none of the 2 documents and passages that are"
    ):
        list(evaluate([read_folder(folder)], open_encoder("bridge").encoder))


def test_measures_by_hand() -> None:
    qrels = {"q": {"a": 1, "b": 1}, "p": {"c": 1}}
    run = {"q": {"x": 3.0, "a": 2.0, "b": 1.0}, "p": {}}
    found = {name: m.values for name, m in measure(qrels, run, ["q", "p"]).items()}
    ideal = 1 + 1 / log2(3)
    assert found["nDCG@10"] == pytest.approx([(1 / log2(3) + 1 / log2(4)) / ideal, 0])
    assert found["MRR@10"] == pytest.approx([1 / 2, 0])
    assert found["MAP"] == pytest.approx([(1 / 2 + 2 / 3) / 2, 0])
    assert found["R@1"] == pytest.approx([0, 0])
    assert found["R@10"] == pytest.approx([1, 0])
    assert found["accuracy@1"] == pytest.approx([0, 0])


def test_the_interval_of_equal_values_is_that_value() -> None:
    assert Measured([0.5] * 10).interval() == (0.5, 0.5)


def test_a_folder_is_evaluated_through_the_real_build(folder: Path) -> None:
    (result,) = evaluate([read_folder(folder)], open_encoder("bridge").encoder)
    summary = result.summary()
    assert {name: summary[name] for name in ("nDCG@10", "R@1", "accuracy@1", "queries")} == {
        "nDCG@10": 1.0, "R@1": 1.0, "accuracy@1": 1.0, "queries": 3,
    }  # fmt: skip
    assert list(result.slices) == ["hi → en", "latin → hi", "latin → en"]


def test_folders_of_one_corpus_share_a_build(folder: Path) -> None:
    notices: list[str] = []
    judged = read_folder(folder)
    list(evaluate([judged, judged], open_encoder("bridge").encoder, notify=notices.append))
    assert sum(notice.startswith("indexing") for notice in notices) == 1


def test_the_report_escapes_and_stands_alone(folder: Path) -> None:
    html = page(list(evaluate([read_folder(folder)], open_encoder("bridge").encoder, "dense")), "A <report>")
    assert "<script" not in html
    assert "A &lt;report&gt;" in html
    assert "http" not in html


def test_a_passage_counts_where_passages_are_judged(folder: Path) -> None:
    (result,) = evaluate([read_folder(folder)], open_encoder("bridge").encoder)
    hit = result.answers[0][0]
    assert list(ranked([hit], {hit.id})) == [hit.id]
    assert list(ranked([hit], {"something else"})) == [hit.document_id]


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(SourceError, match=Path(missing).name):
        read_folder(folder)


def test_a_malformed_line_is_named(folder: Path) -> None:
    with (folder / "qrels" / "test.tsv").open("a") as file:
        file.write("q1 without tabs\n")
    with pytest.raises(SourceError, match=r"test\.tsv:5"):
        read_folder(folder)


def test_tuning_is_kept_beside_the_index(seed_index: Path, tmp_path: Path) -> None:
    save_ratio(tmp_path, 0.35, before=0.5, after=0.6)
    assert saved_ratio(tmp_path) == 0.35
    assert saved_ratio(seed_index) is None
    (tmp_path / FILE).write_text('{"semantic_ratio": 7}')
    with pytest.raises(SettingsError, match="0 to 1"):
        saved_ratio(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\0", b"[" * 100_000])
def test_a_damaged_tuning_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SettingsError, match=r"cannot read .*tuning\.json: .*delete it"):
        saved_ratio(tmp_path)


def test_where_no_tuning_can_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexError_, match=r"cannot write the index in .*: No such file"):
        save_ratio(tmp_path / "none", 0.35)


def test_tuning_never_chooses_what_is_worse(folder: Path, tmp_path: Path) -> None:
    from index.build import rebuild

    rebuild([folder / "corpus.jsonl"], tmp_path / "index", open_encoder("bridge").encoder)
    searcher = Searcher.open(tmp_path / "index", "bridge")
    tuned = tune(searcher, [read_folder(folder)])
    assert 0 <= tuned.semantic_ratio <= 1
    assert tuned.queries == 3
    searcher.close()
