"""Which forms share a headword: by the glossary's senses where it has them, by frequency and spelling where not."""

from __future__ import annotations

import pytest

pytest.importorskip("wordfreq", reason="the libraries of training are not installed")

from train.glossary_files import Entry
from train.lemmas import exceptions, headwords, senses, verbal, verbs_among

GLOSSARY = [
    Entry(("evening",), ("शाम",), "a:1"),
    Entry(("even",), ("सम", "यहां तक कि"), "a:2"),
    Entry(("first",), ("पहला", "पहली"), "a:3"),
    Entry(("initiative",), ("पहल",), "a:4"),
    Entry(("care",), ("देखभाल",), "a:5"),
    Entry(("car",), ("कार",), "a:6"),
    Entry(("fort",), ("किला",), "a:7"),
    Entry(("bird",), ("पक्षी",), "a:8"),
    Entry(("side",), ("पक्ष",), "a:9"),
]


def table(*forms: str) -> dict[str, str]:
    return headwords(dict.fromkeys(forms, 4.0), senses(GLOSSARY))


def test_a_form_with_a_meaning_of_its_own_is_its_own_headword() -> None:
    assert table("evening", "even")["evening"] == "evening"


def test_a_form_that_shares_a_sense_with_its_headword_belongs_to_it() -> None:
    assert table("पहली", "पहला")["पहली"] == "पहला"


def test_words_that_only_begin_alike_stay_apart() -> None:
    found = table("पहल", "पहला", "पक्ष", "पक्षी", "पक्षियों", "पक्षों")
    assert [found[word] for word in ("पहल", "पक्षी", "पक्षियों", "पक्षों")] == ["पहल", "पक्षी", "पक्षी", "पक्ष"]


def test_an_oblique_plural_goes_to_the_noun_that_the_glossary_has() -> None:
    assert table("किलों")["किलों"] == "किला"


def test_english_spelling_tells_the_headword_of_a_participle() -> None:
    found = table("caring", "cared", "cars")
    assert [found[word] for word in ("caring", "cared", "cars")] == ["care", "care", "car"]


def test_a_noun_that_ends_like_an_infinitive_is_no_verb() -> None:
    assert verbs_among({"बनना", "बनता", "बनते", "बनने", "सूचना", "सूचनाओं"}) == {"बनना"}


def test_irregular_forms_are_listed() -> None:
    found = table("went", "गया", "children")
    assert [found[word] for word in ("went", "गया", "children")] == ["go", "जाना", "child"]


def test_an_irregular_pair_may_break_over_a_line_of_the_list() -> None:
    found = table("mice", "caught", "lost", "हुईं")
    assert [found[word] for word in ("mice", "caught", "lost", "हुईं")] == ["mouse", "catch", "lose", "होना"]


def test_a_british_double_l_is_a_spelling() -> None:
    found = headwords({"travelled": 4.0, "travelling": 4.0, "travel": 5.0, "filled": 4.0, "fill": 5.0}, {})
    assert [found[word] for word in ("travelled", "travelling", "filled")] == ["travel", "travel", "fill"]


def test_a_past_form_belongs_to_its_verb_whatever_else_is_known_of_it() -> None:
    glossary = [Entry(("provide",), ("प्रदान करना",), "a:1"), Entry(("provided",), ("बशर्ते",), "a:2")]
    forms = {"provided": 5.0, "provide": 5.0, "provid": 2.0}
    assert headwords(forms, senses(glossary), verbal(glossary))["provided"] == "provide"
    seeds = [Entry(("see",), ("देखना",), "a:1"), Entry(("seed",), ("बीज",), "a:2")]
    assert headwords({"seed": 4.0, "see": 6.0}, senses(seeds), verbal(seeds))["seed"] == "seed"


def test_a_shared_sense_wins_over_a_misspelling_that_the_rule_would_give() -> None:
    glossary = [Entry(("handle",), ("संभालना",), "a:1"), Entry(("handling",), ("संभालना", "रखरखाव"), "a:2")]
    assert headwords({"handling": 4.0, "handle": 5.0, "handl": 3.5}, senses(glossary))["handling"] == "handle"


def test_a_participle_means_what_its_hindi_infinitive_does() -> None:
    glossary = [Entry(("reach",), ("पहुंचना",), "a:1"), Entry(("reaching",), ("पहुंचने वाला",), "a:2")]
    verb = dict.fromkeys(("पहुंचना", "पहुंचता", "पहुंचते", "पहुंचने"), 4.0)
    assert headwords({"reaching": 4.0, "reach": 5.0} | verb, senses(glossary))["reaching"] == "reach"


def test_a_plural_in_ves_belongs_to_its_singular_in_f() -> None:
    found = headwords({"scarves": 3.0, "scarf": 4.0, "gloves": 4.0, "glove": 4.0}, {})
    assert [found[word] for word in ("scarves", "gloves")] == ["scarf", "glove"]


def test_only_what_the_rules_get_wrong_is_kept() -> None:
    assert exceptions({"walked": "walk", "evening": "evening"}) == {"evening": "evening"}
