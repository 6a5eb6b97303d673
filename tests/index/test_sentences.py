"""Where sentences end, and where a full stop only looks like an end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "डॉ. ए.पी.जे. अब्दुल कलाम राष्ट्रपति बने।",
        "श्री. राम और प्रो. वर्मा आए।",
        "कीमत रु. 1,200 से रु. 3.5 लाख तक है।",
        "दूरी 10 कि.मी. से अधिक है।",
        "मंत्री पी. चिदंबरम ने कहा कि सी. वी. रमन आए थे।",
        "Dr. Rao met Mr. and Mrs. Das at St. Xavier's.",
        "The U.S. and the U.K. agreed.",
        "See No. 5, Fig. 3 and e.g. page 7.",
        "It grew 3.5 per cent to Rs. 1,200 crore.",
        "Read example.com for details.",
        "I met A. P. J. Abdul Kalam there.",
        "approx. five people came.",
        "1. First item of a list.",
        'He asked "Really?" and left.',
        'वह बोला "चलो।"',
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("वह आया। वह गया।", ["वह आया।", "वह गया।"]),
        ("वह आया।वह गया॥ क्या?हाँ!", ["वह आया।", "वह गया॥", "क्या?", "हाँ!"]),
        ("वह आया | वह गया |", ["वह आया |", "वह गया |"]),
        ("उसने चाय पी. वह गया. वह आई. सब ठीक है.", ["उसने चाय पी.", "वह गया.", "वह आई.", "सब ठीक है."]),
        ("It rained. Trains stopped! Why?", ["It rained.", "Trains stopped!", "Why?"]),
        ('He said "Go." She went.', ['He said "Go."', "She went."]),
        ("I said no. He left.", ["I said no.", "He left."]),
        ("It was 2023. Then came 2024.", ["It was 2023.", "Then came 2024."]),
        ("No stop here\n\nbut a blank line", ["No stop here", "but a blank line"]),
        ("Wait... Now go…  Yes", ["Wait...", "Now go…", "Yes"]),
        ("ISRO ने launch किया। Mission सफल रहा.", ["ISRO ने launch किया।", "Mission सफल रहा."]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


PIECES = [
    "।",
    ".",
    "?",
    "!",
    " ",
    "\n",
    "\n\n",
    "डॉ",
    "आई",
    "पी",
    "Dr",
    "U.S",
    "3.5",
    "|",
    '"',
    ")",
    "क",
    "ि",
    "a",
    "…",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_spans_are_in_order_trimmed_and_cover_every_sign(text: str) -> None:
    spans = list(sentences(text))
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("unit", ["a.", "ए. ", "। ", '?"', ".\n", "\n ", "x", "|", "I. K. "])
def test_a_megabyte_of_anything_takes_seconds_at_most(unit: str) -> None:
    began = time.perf_counter()
    for _ in sentences(unit * (300_000 // len(unit))):
        pass
    assert time.perf_counter() - began < 5
