"""How documents are cut: by hand on small ones, by property on any."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import MAX_WORDS, TARGET_WORDS, passages_of, pieces
from index.types import Document, Passage, Section


def document(*sections: Section, **fields: str) -> Document:
    return Document(id="d", title="Title", sections=sections, source="d.txt", **fields)


def of_text(text: str) -> list[Passage]:
    return list(passages_of(document(Section("", text))))


def sentence(words: int, mark: str = ".") -> str:
    return " ".join(["Word"] * words) + mark


def test_a_passage_knows_its_document_heading_and_place() -> None:
    text = "पहला अनुच्छेद।\n\nSecond paragraph."
    first, second = passages_of(document(Section("शीर्षक", text, 100), url="http://x", date="2023"))
    assert (first.id, first.position, first.heading, first.start) == ("d:1", 1, "शीर्षक", 100)
    assert (second.id, second.text, second.start) == ("d:2", "Second paragraph.", 100 + text.index("Second"))
    assert (first.title, first.url, first.date, first.source) == ("Title", "http://x", "2023", "d.txt")
    assert [(p.lang, p.script) for p in (first, second)] == [("hi", "deva"), ("en", "latn")]


def test_the_language_of_the_source_wins_over_the_letters() -> None:
    (found,) = passages_of(document(Section("", "आहे"), lang="mr"))
    assert (found.lang, found.script) == ("mr", "deva")


def test_short_paragraphs_stay_and_rules_go() -> None:
    assert [p.text for p in of_text("Yes.\n\n* * *\n\n---\n\n5")] == ["Yes.", "5"]


def test_a_wrapped_paragraph_is_one_and_long_lines_are_one_each() -> None:
    wrapped = "A paragraph that is\nwrapped over lines."
    long = "word " * 40
    assert [p.text for p in of_text(wrapped)] == [wrapped]
    assert [p.text for p in of_text(f"{long}\n{long}\nshort\nlines\n{long}")] == [
        long.strip(), long.strip(), "short\nlines", long.strip()
    ]  # fmt: skip


def test_two_hundred_words_are_kept_and_one_more_is_cut_in_halves() -> None:
    assert len(pieces(sentence(MAX_WORDS))) == 1
    text = " ".join(sentence(word_count) for word_count in (50, 50, 50, 51))
    assert [len(text[start:end].split()) for start, end in pieces(text)] == [100, 101]


def test_pieces_are_even_and_end_with_sentences() -> None:
    text = " ".join(sentence(10, "।") for _ in range(36))  # 360 words: three times the target
    found = [text[start:end] for start, end in pieces(text)]
    assert [len(piece.split()) for piece in found] == [TARGET_WORDS] * 3
    assert all(piece.endswith("।") for piece in found)


def test_a_monster_sentence_is_cut_at_clauses_then_between_words() -> None:
    clauses = ", ".join(" ".join(["word"] * 30) for _ in range(10))
    assert all(clauses[:end].endswith((",", "word")) for _, end in pieces(clauses))
    assert [len(clauses[start:end].split()) for start, end in pieces(clauses)] == [150, 150]
    plain = " ".join(["word"] * 1000)
    assert [len(plain[start:end].split()) for start, end in pieces(plain)] == [125] * 8


def test_a_megabyte_without_a_space_is_cut_but_no_vowel_sign_is_torn_off() -> None:
    text = "कि" * 250_000
    spans = pieces(text)
    assert spans[0][0] == 0 and spans[-1][1] == len(text)
    assert all(end - start <= MAX_WORDS * 16 and text[start] == "क" for start, end in spans)


def test_seeds_like_hindi_abbreviations_do_not_end_a_piece() -> None:
    text = " ".join(["डॉ. ए.पी.जे. अब्दुल कलाम ने रु. 3.5 लाख दिए।"] * 40)  # 8 words each
    assert all(text[start:end].endswith("दिए।") for start, end in pieces(text))


WORDS = st.sampled_from(
    ["क", "हिंदी", "word", "डॉ.", "x" * 50, "ends.", "है।", "a,", "—", "\n", "\n\n", "\t", "़", "\u200d"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=700).map(" ".join) | st.text(max_size=300), st.integers(0, 9))
def test_passages_are_exact_slices_in_order_within_the_limits_and_lose_no_letter(
    text: str, start: int
) -> None:
    found = list(passages_of(document(Section("h", text, start))))
    at = 0
    for position, passage in enumerate(found, 1):
        first = passage.start - start
        assert text[first : first + len(passage.text)] == passage.text == passage.text.strip() != ""
        assert first >= at
        assert not any(sign.isalnum() for sign in text[at:first])
        assert len(passage.text.split()) <= MAX_WORDS and len(passage.text) <= MAX_WORDS * 16
        assert passage.position == position
        at = first + len(passage.text)
    assert not any(sign.isalnum() for sign in text[at:])


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "a " * 500_000, "a, " * 300_000, "a. " * 300_000, "\n" * 1_000_000]
)
def test_a_megabyte_is_cut_within_seconds(text: str) -> None:
    assert all(len(passage.text) <= MAX_WORDS * 16 for passage in of_text(text))
