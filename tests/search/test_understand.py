"""How queries are read: scripts, languages, romanised Hindi, units."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.generation import open_generation
from index.lexicon import bundled_lexicon
from index.store.postings import Postings
from search.romanised import loose_spellings
from search.understand import Understanding, Understood


@pytest.fixture(scope="module")
def understanding(seed_index: Path) -> Understanding:
    return Understanding(bundled_lexicon(), Postings(open_generation(seed_index).postings))


def readings(understood: Understood) -> list[str]:
    return [reading.words[0] if reading.words else reading.token for reading in understood.read_as.tokens]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mukhyamantri", "मुख्यमंत्री"), ("mukhymantri", "मुख्यमंत्री"), ("pradhanmantri", "प्रधानमंत्री"), ("paani", "पानी"),
        ("pani", "पानी"), ("zyada", "ज्यादा"), ("jyada", "ज्यादा"), ("chunaav", "चुनाव"), ("chunav", "चुनाव"),
        ("sarkar", "सरकार"), ("sarkaar", "सरकार"), ("yojana", "योजना"), ("kisaan", "किसान"), ("kisan", "किसान"),
        ("rashtrapati", "राष्ट्रपति"), ("vyapar", "व्यापार"), ("vyaapaar", "व्यापार"), ("shiksha", "शिक्षा"),
        ("sansad", "संसद"),
        ("nadi", "नदी"), ("samjhauta", "समझौता"), ("barish", "बारिश"), ("baarish", "बारिश"), ("kanoon", "कानून"),
    ],
)  # fmt: skip
def test_a_casual_spelling_is_read_as_its_word(understanding: Understanding, typed: str, meant: str) -> None:
    assert readings(understanding.read(typed, "only"))[0] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kon", "कौन"), ("koun", "कौन"), ("kaun", "कौन"), ("nahi", "नहीं"), ("nahin", "नहीं"), ("hui", "हुई"),
        ("liye", "लिए"), ("liai", "लिए"), ("karne", "करने"), ("karane", "करने"), ("rup", "रूप"), ("roop", "रूप"),
        ("kese", "कैसे"), ("kaise", "कैसे"), ("dvara", "द्वारा"), ("davara", "द्वारा"), ("gaya", "गया"), ("gay", "गया"),
        ("say", "से"), ("isaka", "इसका"), ("gaye", "गए"), ("gae", "गए"),
    ],
)  # fmt: skip
def test_a_function_word_is_known_by_its_loosest_spelling(
    understanding: Understanding, typed: str, meant: str
) -> None:
    token = understanding.read(f"chunaav {typed} sarkar", "only").tokens[1]
    assert (token.senses[-1 if token.senses[0].lang == "en" else 0].lang, token.stop) == ("hi", True)
    assert readings(understanding.read(typed, "only"))[0] == meant


@pytest.mark.parametrize(
    "typed", ["jati", "kam", "jan", "desh", "log", "kal", "baat", "mat", "kanoon", "din"]
)
def test_a_content_word_is_not_taken_for_a_function_word_that_is_spelled_nearly_so(
    understanding: Understanding, typed: str
) -> None:
    assert not understanding.read(f"chunaav {typed} sarkar", "only").tokens[1].stop


@given(st.from_regex(r"([bdgklmprst][aiu]){1,4}[bdgklmprst]?", fullmatch=True))
def test_length_of_vowels_never_changes_a_loose_spelling(latin: str) -> None:
    longer = latin.replace("a", "aa").replace("u", "oo").replace("i", "ee")
    assert loose_spellings(longer) & loose_spellings(latin)


@pytest.mark.parametrize(
    "query",
    [
        "mukt vyapar samjhauta", "chandrayaan chand par kab utra", "pradhanmantri ne kya kaha",
        "chunaav ayog kya karta hai",         "kisan andolan ki mang", "desh ka sabse lamba pul",
    ],
)  # fmt: skip
def test_romanised_hindi_is_told_from_english(understanding: Understanding, query: str) -> None:
    assert understanding.read(query).read_as.language == "hi-Latn"


@pytest.mark.parametrize(
    "query",
    [
        "Chennai-Vladivostok corridor", "What is the repo rate?", "free trade agreement", "who won the world cup",
        "the national education policy", "supreme court verdict on privacy",
    ],
)  # fmt: skip
def test_english_is_not_taken_for_hindi(understanding: Understanding, query: str) -> None:
    read_as = understanding.read(query).read_as
    assert (read_as.language, read_as.text) == ("en", query)


def test_the_encoder_is_given_devanagari(understanding: Understanding) -> None:
    assert understanding.read("mukt vyapar samjhauta").dense_text == "मुक्त व्यापार समझौता"


def test_a_mixed_sentence_keeps_its_english_words(understanding: Understanding) -> None:
    read = understanding.read("UPI se payment kaise karte hain")
    assert [(r.token, r.language) for r in read.read_as.tokens[:2]] == [("UPI", "en"), ("se", "hi-Latn")]


def test_among_hindi_words_a_common_english_one_stays_english(understanding: Understanding) -> None:
    understood = understanding.read("navy ke sailors ne kis leader ke samjhane par hathiyar daale")
    languages = {reading.token: reading.language for reading in understood.read_as.tokens}
    assert (languages["sailors"], languages["leader"]) == ("en", "en")
    assert (languages["samjhane"], languages["hathiyar"]) == ("hi-Latn", "hi-Latn")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("the main gate of parliament", "main"),
        ("what is the key interest rate of the central bank", "key"),
    ],
)
def test_an_english_word_does_not_also_stand_for_a_hindi_function_word(
    understanding: Understanding, query: str, word: str
) -> None:
    token = next(token for token in understanding.read(query).tokens if token.text == word)
    assert [(sense.folded, sense.lang) for sense in token.senses] == [(word, "en")]


def test_off_reads_no_latin_token_as_hindi(understanding: Understanding) -> None:
    assert {r.language for r in understanding.read("mukt vyapar", "off").read_as.tokens} == {"en"}


def test_only_reads_every_latin_word_as_hindi(understanding: Understanding) -> None:
    assert {r.language for r in understanding.read("paani free", "only").read_as.tokens} == {"hi-Latn"}


def test_function_words_do_not_carry_the_question(understanding: Understanding) -> None:
    assert [t.text for t in understanding.read("what is the repo rate").content] == ["repo", "rate"]
    assert [t.text for t in understanding.read("रेपो दर क्या है").content] == ["रेपो", "दर"]


def test_a_query_of_function_words_alone_keeps_them(understanding: Understanding) -> None:
    assert [t.text for t in understanding.read("who is it").content] == ["who", "is", "it"]


def test_a_word_said_twice_counts_once(understanding: Understanding) -> None:
    assert [t.text for t in understanding.read("tiger tiger reserve").content] == ["tiger", "reserve"]


def test_a_multiword_term_is_one_unit(understanding: Understanding) -> None:
    first = understanding.read("national anthem").tokens[0]
    assert [unit for unit, _ in first.units] == ["national anthem"]


def test_confidence_is_a_share(understanding: Understanding) -> None:
    for query in ("paani", "corridor", "भारत", "2023", "log"):
        assert 0 <= understanding.read(query).read_as.confidence <= 1
