"""A rebuild that keeps what has not changed gives what a rebuild from nothing gives, file for file."""

from __future__ import annotations

import errno
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import BuildReport, rebuild
from index.building import reading
from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from index.errors import SourceError
from index.generation import open_generation
from index.layout import Layout
from index.manifest import read_manifest
from index.recipe import bundled_recipe
from index.sources import SourceFile, jsonl
from index.sources.problems import Note
from index.store import passage_writer, tally
from tests.index.stand_ins import HashingEncoder

PARAGRAPHS = (
    "चेन्नई से व्लादिवोस्तोक तक समुद्री मार्ग खुला।",
    "The Chenab bridge carries the first train.",
    "Free trade agreement talks go on; मुक्त व्यापार समझौता।",
    "नदियों पर बने पुल और रेल मार्ग।",
    "2023 2024 1,20,000",
    "🙂 ok",
    "Supreme Court of India ruled on the sugar cane price.",
    "সংবাদ",
)
Record = dict[str, Any]
Files = dict[str, list[Record] | str]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return BridgeEncoder()


def write(folder: Path, files: Files) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        lines = (
            [content]
            if isinstance(content, str)
            else [json.dumps(r, ensure_ascii=False) + "\n" for r in content]
        )
        (folder / name).write_text("".join(lines), encoding="utf-8")


def build(folder: Path, index: Path, encoder: Encoder, **options: Any) -> BuildReport:
    return rebuild([folder], index, encoder, recipe=bundled_recipe(), allow_empty=True, **options)


def rows(path: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT * FROM passages ORDER BY ordinal").fetchall()
        return [*found, *connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()]
    finally:
        connection.close()


def same(kept: Path, fresh: Path) -> None:
    """Byte for byte; of the database, whose pages may lie elsewhere, the rows."""
    one, other = (Layout(index).folder(Layout(index).current().number) for index in (kept, fresh))
    names = [sorted(path.relative_to(folder) for path in folder.rglob("*")) for folder in (one, other)]
    assert names[0] == names[1]
    for name in names[0]:
        if name.name == "passages.db":
            assert rows(one / name) == rows(other / name)
        elif name.name != "manifest.json" and (one / name).is_file():
            assert (one / name).read_bytes() == (other / name).read_bytes(), name
    counted = [read_manifest(folder) for folder in (one, other)]
    assert len({(m.documents, m.passages, tuple(m.languages.items())) for m in counted}) == 1


def after(encoder: Encoder, was: Files, now: Files) -> BuildReport:
    """The report of a rebuild of `now` over `was`, when it is as one from nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "news", was)
        build(folder / "news", folder / "index", encoder)
        write(folder / "news", now)
        report = build(folder / "news", folder / "index", encoder)
        fresh = build(folder / "news", folder / "fresh", encoder)
        assert report.problems == fresh.problems
        if not report.unchanged:
            same(folder / "index", folder / "fresh")
        return report


def record(number: int, texts: list[str], **fields: Any) -> Record:
    return {"id": f"d{number}", "title": f"Title {number % 3}", "text": "\n\n".join(texts), **fields}


def corpus() -> list[Record]:
    return [record(i, [PARAGRAPHS[(i + j) % 8] + f" {i}" for j in range(4)], field="rail") for i in range(6)]


def changed(change: Callable[[list[Record]], object]) -> list[Record]:
    records = corpus()
    change(records)
    return records


# change, number of 24 passages encoded
CHANGES: dict[str, tuple[Callable[[list[Record]], object], int]] = {
    "a text": (lambda r: r[2].update(text="One new paragraph.\n\n" + r[2]["text"]), 1),
    "a document is put in": (lambda r: r.insert(1, record(9, ["New words entirely."])), 1),
    "a document goes": (lambda r: r.pop(3), 0),
    "two change places": (lambda r: r.reverse(), 0),
    "an id": (lambda r: r[0].update(id="other"), 0),
    "a title": (lambda r: r[4].update(title="Quite another title"), 0),
    "a language": (lambda r: r[1].update(lang="mr"), 0),
    "a date and metadata": (lambda r: r[1].update(date="2023-08", field="road", new=True), 0),
    "ids go, so that lines name": (lambda r: [row.pop("id") for row in r], 0),
    "a problem comes": (lambda r: r[2].update(date="yesterday"), 0),
    "all words of one go": (lambda r: r.__setitem__(slice(1, 6), []), 0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_after_a_change_the_index_is_as_from_nothing(encoder: Encoder, name: str) -> None:
    change, encoded = CHANGES[name]
    report = after(encoder, {"a.jsonl": corpus(), "b.txt": "Title\n\nसमुद्र और जहाज़।\n"}, {
        "a.jsonl": changed(change), "b.txt": "Title\n\nसमुद्र और जहाज़।\n"
    })  # fmt: skip
    assert (report.encoded, report.encoded + report.kept) == (encoded, report.passages)


def test_lines_without_ids_are_known_by_their_place(encoder: Encoder) -> None:
    lines = [{"text": text} for text in PARAGRAPHS]
    report = after(encoder, {"a.jsonl": lines}, {"a.jsonl": [{"text": "first now"}, *lines]})
    assert (report.encoded, report.kept) == (1, 8)


def test_texts_that_repeat_are_counted_wherever_they_stand(encoder: Encoder) -> None:
    records = [record(i, [PARAGRAPHS[0], PARAGRAPHS[1]]) for i in (0, 3, 6)]
    now = [
        {**records[0], "text": records[0]["text"] + "\n\n" + records[0]["text"]},
        record(9, [PARAGRAPHS[0]]),
        *records[1:],
    ]
    report = after(encoder, {"a.jsonl": records}, {"a.jsonl": now})
    assert (report.encoded, report.kept) == (0, 9)


def test_a_file_renamed_or_split_keeps_its_vectors(encoder: Encoder) -> None:
    records = corpus()
    report = after(encoder, {"a.jsonl": records}, {"x.jsonl": records[3:], "y.jsonl": records[:3]})
    assert (report.encoded, report.kept) == (0, 24)


def test_problems_are_told_again_where_their_lines_are_kept(encoder: Encoder) -> None:
    records = [*corpus(), {"id": "bad"}, record(7, ["kept"], date="someday")]
    bad = '{"id": "x"\n'
    for now in (
        {"a.jsonl": records, "b.jsonl": bad, "c.txt": "A new text.\n"},
        {"a.jsonl": records[1:], "b.jsonl": bad},
    ):
        assert len(after(encoder, {"a.jsonl": records, "b.jsonl": bad}, now).problems) == 3


def test_a_file_that_cannot_be_read_to_its_end_gives_what_was_read_and_is_read_again(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "news", {"a.jsonl": corpus()})
    build(tmp_path / "news", tmp_path / "index", encoder)
    write(tmp_path / "news", {"a.jsonl": [*corpus(), record(9, ["New words."])]})
    whole = jsonl._lines

    def broken(file: SourceFile, note: Note) -> Iterator[tuple[int, bytes | str, int]]:
        yield from islice(whole(file, note), 4)
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as patch:
        patch.setattr(jsonl, "_lines", broken)
        report = build(tmp_path / "news", tmp_path / "index", encoder)
        assert (report.documents, len(report.problems)) == (4, 1)
        with pytest.raises(SourceError, match="Stale file handle"):
            build(tmp_path / "news", tmp_path / "index", encoder, strict=True, force=True)
    report = build(tmp_path / "news", tmp_path / "index", encoder)
    assert (report.documents, report.problems, report.unchanged) == (7, (), False)


def test_of_two_faults_the_first_is_told(encoder: Encoder, tmp_path: Path) -> None:
    write(tmp_path / "news", {"a.jsonl": corpus()})
    build(tmp_path / "news", tmp_path / "index", encoder)
    lines = (tmp_path / "news/a.jsonl").read_text("utf-8").splitlines()
    write(tmp_path / "news", {"a.jsonl": "\n".join([*lines, lines[2], lines[0], "no JSON"])})
    with pytest.raises(SourceError, match="two documents have the id 'd2'"):
        build(tmp_path / "news", tmp_path / "index", encoder, strict=True)


def test_nothing_is_kept_of_a_damaged_generation(encoder: Encoder, tmp_path: Path) -> None:
    source = tmp_path / "news"
    write(source, {"a.jsonl": corpus()})
    build(source, tmp_path / "index", encoder)
    damaged = tmp_path / "index/generations/1/postings/tokens.npy"
    data = damaged.read_bytes()
    damaged.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    write(source, {"a.jsonl": corpus()[1:]})
    report = build(source, tmp_path / "index", encoder)
    assert (report.kept, report.encoded) == (0, 20)
    assert "tokens.npy was altered" in report.notices[0]
    build(source, tmp_path / "fresh", encoder)
    same(tmp_path / "index", tmp_path / "fresh")


def test_from_an_empty_index_and_to_one(encoder: Encoder) -> None:
    assert after(encoder, {}, {"a.jsonl": corpus()}).kept == 0
    assert after(encoder, {"a.jsonl": corpus()}, {"b.txt": "...\n"}).passages == 0


def test_rows_kept_for_a_graph_are_those_of_a_graph_from_nothing(encoder: Encoder, tmp_path: Path) -> None:
    write(tmp_path / "news", {"a.jsonl": corpus()})
    build(tmp_path / "news", tmp_path / "index", encoder)
    report = build(tmp_path / "news", tmp_path / "index", encoder, vectors="graph")
    assert (report.kept, report.vectors) == (24, "graph")
    build(tmp_path / "news", tmp_path / "fresh", encoder, vectors="graph")
    rows = []
    for index in (tmp_path / "index", tmp_path / "fresh"):
        with open_generation(index) as generation:
            rows.append(generation.vectors.rows(np.arange(24)))
    assert np.array_equal(*rows)
    write(tmp_path / "news", {"a.jsonl": corpus()[1:]})
    assert (
        build(tmp_path / "news", tmp_path / "index", encoder, vectors="graph").kept == 0
    )  # 8 bits are not exact


def test_stretches_that_are_copied_aside_and_in_blocks_are_the_same(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As large corpora are written: many rows copied in a thread, batches sent ahead, words in several blocks."""
    monkeypatch.setattr(passage_writer, "_MANY", 2)
    monkeypatch.setattr(passage_writer, "_AHEAD", 1)
    monkeypatch.setattr(reading, "_KEPT", 0)
    monkeypatch.setattr(tally, "_BLOCK", 8)
    for records in (corpus(), corpus()[1:], [*corpus()[3:], *corpus()[:2]], corpus()):
        write(tmp_path / "news", {"a.jsonl": records})
        build(tmp_path / "news", tmp_path / "index", encoder)
        build(tmp_path / "news", tmp_path / "fresh", encoder, force=True)
        same(tmp_path / "index", tmp_path / "fresh")


def test_vectors_that_are_kept_stay_in_the_cache(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    for number in range(4):
        write(tmp_path / "news", {"a.jsonl": [*corpus(), record(7, [f"round {number}"])]})
        build(tmp_path / "news", tmp_path / "index", encoder)
    forced = build(tmp_path / "news", tmp_path / "index", encoder, force=True)
    assert (forced.encoded, forced.cached) == (0, 25)


def test_forced_nothing_is_kept(encoder: Encoder, tmp_path: Path) -> None:
    write(tmp_path / "news", {"a.jsonl": corpus()})
    build(tmp_path / "news", tmp_path / "index", encoder)
    assert build(tmp_path / "news", tmp_path / "index", encoder, force=True).kept == 0


def edits(chance: random.Random, records: list[Record]) -> Iterator[Record]:
    """Records changed, left out, put in and moved."""
    for row in records:
        kind = chance.random()
        if kind < 0.1:
            continue
        if kind < 0.2:
            yield record(chance.randrange(1000, 10**6), chance.choices(PARAGRAPHS, k=3))
        texts = row["text"].split("\n\n")
        if kind > 0.7:
            texts.insert(
                chance.randrange(len(texts) + 1), f"{chance.choice(PARAGRAPHS)} w{chance.randrange(99)}"
            )
        if kind > 0.8:
            texts.pop(chance.randrange(len(texts)))
        fields = {"title": f"Title {chance.randrange(9)}"} if kind > 0.9 else {}
        yield {**row, **fields, "text": "\n\n".join(texts)}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_after_any_edits_the_index_is_as_from_nothing(encoder: Encoder, seed: int) -> None:
    chance = random.Random(seed)
    records = [record(i, chance.choices(PARAGRAPHS, k=chance.randrange(5))) for i in range(30)]
    for row in records:
        row.update(
            chance.choice(
                [{}, {"field": "rail"}, {"lang": "mr", "year": 2020 + chance.randrange(3)}, {"date": "?"}]
            )
        )
    now = list(edits(chance, records))
    chance.random() < 0.3 and chance.shuffle(now)
    place = chance.randrange(len(now) + 1)
    after(
        encoder,
        {"a.jsonl": records[:20], "b.jsonl": records[20:]},
        {"a.jsonl": now[:place], "b.jsonl": now[place:]},
    )
