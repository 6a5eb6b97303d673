"""Normalisation brings spellings together and never loses the way back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalise import normalise, normalise_mapped

MIXED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x900, max_codepoint=0x97F),
        st.sampled_from("aé|\u200d\u200c\u00ad न्‍दक़ँ॥"),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("हिन्दी", "हिंदी"),
        ("सम्बन्ध", "संबंध"),
        ("चाँद", "चांद"),
        ("\u0958लम", "क\u093cलम"),  # precomposed and decomposed nukta
        ("\u0929", "न\u093c"),  # NFC alone would compose this one and not the others
        ("क्\u200dष", "क्ष"),
        ("२०२३", "2023"),
        ("गया॥", "गया।"),
        ("गया |", "गया ।"),
        ("e\u0301", "é"),
    ],
)
def test_two_spellings_of_one_text_become_one(written: str, other: str) -> None:
    assert normalise(written) == normalise(other)


def test_a_pipe_after_latin_letters_stays() -> None:
    assert normalise("a | é") == "a | é"


def test_a_nasal_of_another_row_stays() -> None:
    assert normalise("जन्म") == "जन्म"


@given(MIXED)
def test_it_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(MIXED)
def test_with_and_without_the_map_the_text_is_the_same(text: str) -> None:
    assert normalise_mapped(text).text == normalise(text)


@given(MIXED)
def test_canonically_equal_texts_have_one_form(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(unicodedata.normalize("NFC", text))


@given(MIXED, st.data())
def test_spans_go_back_in_order_and_inside_the_original(text: str, data: st.DataObject) -> None:
    mapped = normalise_mapped(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(mapped.text)), min_size=3, max_size=3)))
    first = mapped.original_span(cuts[0], cuts[1])
    second = mapped.original_span(cuts[1], cuts[2])
    assert 0 <= first[0] <= first[1] <= len(text)
    assert first[0] <= second[0] or cuts[0] == cuts[1]


def test_a_span_goes_back_to_what_was_written() -> None:
    text = "क्\u200dषमा हिन्दी"
    mapped = normalise_mapped(text)
    start = mapped.text.index("हिंदी")
    assert text[slice(*mapped.original_span(start, start + len("हिंदी")))] == "हिन्दी"
