from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import regex

pytest.importorskip("wordfreq", reason="the libraries of training are not installed")

from train.coverage import GLOSSARY, counts, coverage, frequent_forms
from train.glossary_files import Entry, entries
from train.lexicon import glossary_rows

ENGLISH = regex.compile(r"[a-z0-9ñ][a-z0-9ñ '.&/()-]*")
HINDI = regex.compile(r"[\p{Devanagari}0-9][\p{Devanagari}0-9\u200c\u200d ./-]*")
BROKEN_HINDI = regex.compile(
    r"(?:^|[ -])[\u0900-\u0903\u093a-\u094d]|\u094d{2}|[\u093e-\u094c]{2}|[\u0905-\u0914][\u093e-\u094c]"
)


@pytest.fixture(scope="module")
def found() -> list[Entry]:
    return list(entries(GLOSSARY))


def test_english_heads_are_lower_case_latin(found: list[Entry]) -> None:
    assert [e for e in found if not all(ENGLISH.fullmatch(head) for head in e.english)] == []


def test_hindi_senses_are_devanagari(found: list[Entry]) -> None:
    assert [e for e in found if not all(HINDI.fullmatch(sense) for sense in e.hindi)] == []


def test_hindi_senses_are_well_formed(found: list[Entry]) -> None:
    assert [(e.place, sense) for e in found for sense in e.hindi if BROKEN_HINDI.search(sense)] == []


def test_spacing_is_plain(found: list[Entry]) -> None:
    for entry in found:
        for part in (*entry.english, *entry.hindi):
            assert part == " ".join(part.split()), entry.place


def test_each_head_stands_once(found: list[Entry]) -> None:
    times = Counter(head for entry in found for head in entry.english)
    assert [head for head, n in times.items() if n > 1] == []


def test_no_sense_stands_twice_in_an_entry(found: list[Entry]) -> None:
    assert [entry for entry in found if len(set(entry.hindi)) < len(entry.hindi)] == []


def test_size(found: list[Entry]) -> None:
    sizes = counts(found)
    assert sizes.lines >= 33_000
    assert sizes.multiword_or_names >= 5_000
    assert sizes.multiword >= 5_000


def test_a_conjunct_verb_has_its_noun_too(found: list[Entry]) -> None:
    senses = {head: entry.hindi for entry in found for head in entry.english}
    assert {"घोषणा करना", "घोषणा"} <= set(senses["announce"])
    assert {"आविष्कार करना", "आविष्कार"} <= set(senses["invent"])


def test_inflected_words_lead_with_the_usual_sense_of_their_base(found: list[Entry]) -> None:
    first = {head: entry.hindi[0] for entry in found for head in entry.english}
    wanted = {"sales": "बिक्री", "rights": "अधिकार", "voting": "मतदान", "killing": "हत्या", "games": "खेल"}
    assert {head: first[head] for head in wanted} == wanted


def test_digits_have_word_and_digit_forms(found: list[Entry]) -> None:
    senses = {head: entry.hindi for entry in found for head in entry.english}
    assert {"जी20", "जी-20", "जी ट्वेंटी"} <= set(senses["g20"])
    assert "चंद्रयान-3" in senses["chandrayaan-3"]
    assert "अनुच्छेद 370" in senses["article 370"]


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("good\tअच्छा\nno tab here\n", encoding="utf8")
    with pytest.raises(ValueError, match=r"bad\.tsv:2"):
        list(entries(tmp_path))
    (tmp_path / "bad.tsv").write_text("good\tअच्छा | \n", encoding="utf8")
    with pytest.raises(ValueError, match=r"bad\.tsv:1: an empty form or sense"):
        list(entries(tmp_path))


class _Knows:
    """Stands in for a lexicon that has rows for these terms only."""

    def __init__(self, *terms: str) -> None:
        self._terms = terms

    def knows(self, term: str) -> bool:
        return term in self._terms


def test_coverage_counts_stems_and_lists_misses_by_frequency() -> None:
    to_hindi, _ = glossary_rows([Entry(("minister",), ("मंत्री",), "x:1")])
    row = coverage("en", ["ministers", "zebra", "minister", "quagga"], _Knows("minister", "quagga"), to_hindi)
    assert row.in_lexicon == 0.75
    assert row.in_glossary == 0.5
    assert row.misses == ("zebra",)


def test_the_most_frequent_english_words_are_covered(found: list[Entry]) -> None:
    to_hindi, to_english = glossary_rows(found)
    english = coverage("en", list(frequent_forms("en", 20_000)), _Knows(), to_hindi)
    hindi = coverage("hi", list(frequent_forms("hi", 25_000)), _Knows(), to_english)
    assert english.in_glossary >= 0.95
    assert hindi.in_glossary >= 0.95
