"""What is practised beside the lines: definitions, and English put into Hindi word by word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.train.words import lexicon_of
from train.batches import Taught
from train.corpus import Words
from train.lessons import Definitions, IntoHindi, Lessons
from train.ragged import Ragged
from train.wordnet import Meaning, read_wordnet

LEXICON = lexicon_of({"rain": [("बारिश", 0.6), ("वर्षा", 0.2)], "sun": [("दिन का राजा", 0.9)]})


@pytest.fixture
def known() -> Words:
    words = Words()
    words.number("rain sun the")
    return words


def _words(rows: Ragged, known: Words) -> list[list[str]]:
    return [[known.list[n] for n in rows.take(np.array([row])).flat] for row in range(len(rows))]


def test_words_are_put_into_hindi_by_their_probability(known: Words) -> None:
    hindi = IntoHindi.by(LEXICON, known, 1)
    put = _words(hindi(Ragged.of([known.number("rain")] * 4000)), known)
    assert set(map(len, put)) == {1}
    assert put.count(["बारिश"]) / 4000 == pytest.approx(0.75, abs=0.03)
    assert put.count(["वर्षा"]) / 4000 == pytest.approx(0.25, abs=0.03)


def test_what_has_no_translation_of_one_word_is_mostly_left_out(known: Words) -> None:
    hindi = IntoHindi.by(LEXICON, known, 1)
    put = _words(hindi(Ragged.of([known.number("the sun")] * 2000)), known)
    left = sum(map(len, put)) / 4000
    assert left == pytest.approx(0.3, abs=0.03)
    assert {word for row in put for word in row} == {"the", "sun"}


def test_lessons_leave_out_what_cannot_be_learnt(known: Words) -> None:
    rows = Ragged.of([known.number("rain"), [], known.number("sun")])
    vectors = np.array([[1, 0], [1, 0], [0, 0]], np.float32)  # of the last one the teacher sees nothing
    lessons = Lessons.of(rows, vectors, 1)
    batch = lessons.batch(50)
    assert _words(batch.rows, known) == [["rain"]] * 50
    assert batch.vectors.tolist() == [[1, 0]] * 50
    put = Lessons(Taught(Ragged.of([known.number("the")]), vectors[:1]), np.random.default_rng(1)).batch(
        100,
        IntoHindi.by(LEXICON, known, 1),
    )
    assert 0 < len(put.rows) == len(put.vectors) < 60
    assert (put.rows.lengths == 1).all()


def test_a_definition_belongs_to_its_words_and_now_and_then_to_those_above(known: Words) -> None:
    meanings = [Meaning(("rain", "shower"), "the water that falls", ("weather",)), Meaning(("!",), "no word")]
    definitions = Definitions.of(meanings, known, 1)
    hindi = IntoHindi.by(LEXICON, known, 1)
    batch = definitions.batch(1000, hindi)
    assert set(batch.group.tolist()) == {0}
    sides = [_words(side, known) for side in (batch.left, batch.right)]
    assert all(row for side in sides for row in side)
    above = sum("weather" in row for row in sides[1])
    assert 350 < above < 500  # half, less those put into Hindi
    assert 250 < sum("बारिश" in row or "वर्षा" in row for row in sides[1]) < 450


def test_wordnets_files_are_read(tmp_path: Path) -> None:
    licence = "  1 This software and database is being provided to you\n"
    rows = {
        "noun": '00000001 15 n 02 rain 0 rainfall 0 001 @ 00000009 n 0000 | water falling in drops; "it rains"\n'
        "00000009 15 n 01 bad_weather 0 000 | weather that is bad\n",
        "verb": "",
        "adj": "00000004 00 a 01 wet(p) 0 000 | full of water\n"
        "00000005 00 s 01 damp 0 001 & 00000004 a 0000 | a bit wet\n",
        "adv": "",
    }
    for name, lines in rows.items():
        (tmp_path / f"data.{name}").write_text(licence + lines, "utf-8")
    assert read_wordnet(tmp_path) == [
        Meaning(("rain", "rainfall"), "water falling in drops", ("bad weather",)),
        Meaning(("bad weather",), "weather that is bad"),
        Meaning(("wet",), "full of water"),
        Meaning(("damp",), "a bit wet", ("wet",)),
    ]


def test_a_folder_without_wordnet_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"data\.noun"):
        read_wordnet(tmp_path)
