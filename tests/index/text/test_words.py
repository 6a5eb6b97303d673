"""Tokens, folding, stems and sounds of words in both scripts."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from index.text.acronyms import in_the_other_script
from index.text.analyse import Units, analyse
from index.text.fold import fold
from index.text.script import language_of, script_of
from index.text.sound import casual, near_keys, query_keys, sound_keys
from index.text.stem import stem
from index.text.tokens import for_words, tokens, words

ANY = st.text(
    st.one_of(
        st.characters(min_codepoint=0x900, max_codepoint=0x97F),
        st.characters(),
        st.sampled_from("ab.,'3\u200d "),
    )
)


@given(ANY)
def test_tokens_are_what_stands_at_their_offsets_and_never_overlap(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        assert text[token.start : token.end] == token.text != ""
        end = token.end


@given(ANY)
def test_no_letter_and_no_digit_is_left_out(text: str) -> None:
    covered = {i for token in tokens(text) for i in range(token.start, token.end)}
    left = [c for i, c in enumerate(text) if i not in covered]
    assert not [c for c in left if regex.match(r"[\p{L}\p{N}]", c)]


@given(ANY)
def test_no_word_is_cut_before_a_mark(text: str) -> None:
    for token in tokens(text):
        following = text[token.end : token.end + 1]
        assert not regex.match(r"\p{M}", following) or regex.fullmatch(
            r"[\p{N}.,]+|([A-Za-z]\.)+", token.text
        )


@given(ANY)
def test_folding_is_idempotent(text: str) -> None:
    for word in analyse(text):
        assert fold(word.folded) == word.folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ज़्यादा", "ज्यादा"), ("दुःख", "दुख"), ("गये", "गए"), ("नयी", "नई"), ("चाहिये", "चाहिए"), ("Café", "cafe"),
        ("１２", "12"), ("1,20,000", "120000"), ("U.N.", "UN".lower()), ("हिन्दी", "हिंदी"), ("INDIA", "india"),
    ],
)  # fmt: skip
def test_spellings_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("acronym", ["WHO", "US", "IT"])
def test_an_acronym_is_not_the_function_word_it_looks_like(acronym: str) -> None:
    assert fold(acronym) != fold(acronym.lower())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("corridors", "corridor", True), ("ministries", "ministry", True), ("agreed", "agree", True),
        ("stopped", "stop", True), ("using", "use", True), ("children", "child", True), ("national", "nation", False),
        ("university", "universe", False), ("news", "new", False), ("गलियारों", "गलियारा", True),
        ("evening", "even", False), ("cars", "care", False),
        ("largest", "large", True), ("organisation", "organization", True),
        ("साथी", "साथ", False), ("पक्षी", "पक्ष", False),
        ("कंपनी", "कंपन", False), ("किलों", "किला", True), ("बनाया", "बनाना", True), ("गया", "जाना", True),
        ("चर्च", "चर्चा", False), ("नदियाँ", "नदी", True), ("मंत्रियों", "मंत्री", True), ("सरकारें", "सरकार", True),
    ],
)  # fmt: skip
def test_inflections_share_a_stem_and_other_words_do_not(one: str, other: str, same: bool) -> None:
    assert (stem(fold(one)) == stem(fold(other))) is same


@pytest.mark.parametrize(
    ("latin", "hindi"),
    [
        ("chennai", "चेन्नई"), ("vladivostok", "व्लादिवोस्तोक"), ("lavrov", "लावरोव"), ("jaishankar", "जयशंकर"),
        ("paani", "पानी"), ("pani", "पानी"), ("zyada", "ज़्यादा"), ("jyada", "ज़्यादा"), ("chunaav", "चुनाव"),
        ("chunav", "चुनाव"), ("mukhyamantri", "मुख्यमंत्री"), ("mukhymantri", "मुख्यमंत्री"), ("nahin", "नहीं"),
        ("nahi", "नहीं"), ("technology", "टेक्नोलॉजी"), ("gyan", "ज्ञान"), ("shiksha", "शिक्षा"),
    ],
)  # fmt: skip
def test_a_casual_spelling_shares_the_sound_key_of_its_word(latin: str, hindi: str) -> None:
    assert sound_keys([fold(hindi)])[0][0] in query_keys([latin])[0]


@pytest.mark.parametrize(
    ("english", "hindi"),
    [
        ("knight", "नाइट"), ("psychology", "साइकोलॉजी"), ("ctenophora", "टेनोफोरा"), ("wright", "राइट"),
        ("tchaikovsky", "चाइकोव्स्की"), ("europe", "यूरोप"), ("anarchy", "एनार्की"), ("machine", "मशीन"),
        ("schumacher", "शूमाकर"), ("school", "स्कूल"), ("czech", "चेक"), ("bridge", "ब्रिज"), ("general", "जनरल"),
        ("agriculture", "एग्रीकल्चर"), ("father", "फादर"), ("exam", "एग्जाम"), ("express", "एक्सप्रेस"),
        ("quarter", "क्वार्टर"), ("quarantine", "क्वारंटाइन"), ("avengers", "एवेंजर्स"), ("optimisation", "ऑप्टिमाइज़ेशन"),
        ("huguenots", "ह्यूगनॉट"),
        ("rajgarh", "राजगढ़"), ("marwar", "मारवाड़"), ("delhi", "देहली"), ("radio", "रेडियो"), ("whitaker", "व्हिटेकर"),
    ],
)  # fmt: skip
def test_a_word_or_name_of_english_is_heard_alike_in_both_scripts(english: str, hindi: str) -> None:
    latin, devanagari = sound_keys([english, fold(hindi)])
    assert set(latin) & set(devanagari)


@pytest.mark.parametrize(
    ("latin", "hindi"),
    [
        ("bjp", "बीजेपी"),
        ("ntl", "एनटीएल"),
        ("wg", "डब्ल्यूजी"),
        ("mbh99", "एमबीएच99"),
        ("aiims", "एआईआईएमएस"),
        ("US", "यूएस"),
    ],
)
def test_an_acronym_is_the_names_of_its_letters_in_the_other_script(latin: str, hindi: str) -> None:
    assert in_the_other_script(latin)[0] == hindi
    assert in_the_other_script(hindi) == (latin,)


@pytest.mark.parametrize("word", ["पानी", "के", "a", "us", "2023", "parliament", ""])
def test_what_is_no_acronym_has_no_other_writing(word: str) -> None:
    assert in_the_other_script(word) == ()


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=2, max_size=6))
def test_every_writing_of_an_acronym_leads_back_to_it(latin: str) -> None:
    assert all(in_the_other_script(hindi) == (latin,) for hindi in in_the_other_script(latin))


def test_what_is_absurdly_long_has_no_sound_and_takes_no_time() -> None:
    assert sound_keys(["डरसप" * 800, "wxfmxp" * 500, "पानी"]) == [(), (), ("pn",)]


def test_hindi_initials_with_points_are_one_word() -> None:
    found = [t.text for t in tokens("जी.डी.पी. और बी॰जे॰पी॰ की बात। डॉ. ए.पी.जे. अब्दुल जी.एक")]
    assert found == ["जी.डी.पी.", "और", "बी॰जे॰पी॰", "की", "बात", "डॉ", "ए.पी.जे.", "अब्दुल", "जी", "एक"]
    assert fold("जी.डी.पी.") == fold("जी॰डी॰पी॰") == "जीडीपी"


def test_silent_schwas_are_not_typed() -> None:
    assert casual(["करना", "जयशंकर", "समझना"]) == ["karnaa", "jayshankar", "samajhnaa"]


@given(st.lists(ANY, max_size=4))
def test_every_word_has_keys_of_its_own_place(texts: list[str]) -> None:
    words = [w.folded for text in texts for w in analyse(text)]
    assert sound_keys(words) == [sound_keys([word])[0] for word in words]


def test_units_are_found_in_any_inflection_the_longest_first() -> None:
    free, trade, agreement = stem("free"), stem("trade"), stem("agreement")
    units = Units([(free, trade), (free, trade, agreement)])
    stems = [w.stem for w in analyse("The free-trade agreements and free trades")]
    assert list(units.find(stems)) == [(1, 4), (1, 3), (5, 7)]


@pytest.mark.parametrize(
    ("text", "script", "language"),
    [
        ("भारत", "deva", "hi"), ("India", "latn", "en"), ("UPI से payment करना आसान", "mixed", "hi"),
        ("The word नमस्ते means greeting in the Hindi language", "latn", "en"), ("2023", "none", "und"),
        ("", "none", "und"),
    ],
)  # fmt: skip
def test_script_and_language_are_told_by_letters(text: str, script: str, language: str) -> None:
    assert (script_of(text), language_of(text)) == (script, language)


def test_a_name_is_near_the_keys_that_differ_by_one_consonant() -> None:
    [spoken], [other] = sound_keys(["renault", "रेनो"])
    assert (spoken, other) == ("rnlt", "rn")
    assert "rnl" in near_keys(spoken)


@given(st.text(st.sampled_from("kgcjtdnpbfmyrlvsh"), min_size=1, max_size=8))
def test_nearness_of_keys_is_mutual_but_for_the_first_sound(key: str) -> None:
    assert all(key in near_keys(near) for near in near_keys(key))


_SPACED = st.text(st.sampled_from("aA.,क्जीडपी०1é॰U-'\u200d\u200c \t\n\x1c\x85\xa0\u2028\u3000"), max_size=30)


@given(st.lists(_SPACED | st.text(max_size=30), max_size=4))
def test_a_text_taken_apart_at_white_space_has_the_same_words(texts: list[str]) -> None:
    said = for_words(lambda word: (word,))
    for text in [*texts, *texts, " ".join(texts), "".join(texts), 40 * "".join(texts)]:
        assert said(text) == words(text) == [token.text for token in tokens(text)]


def test_what_is_long_is_not_remembered() -> None:
    heard: list[str] = []

    def hear(word: str) -> tuple[str]:
        heard.append(word)
        return (word,)

    said = for_words(hear)
    long = "x" * 101
    for text in ("ab cd", "cd ab", long, f"ab {long} cd {'ab,' * 40}", long):
        said(text)
    assert heard == ["ab", "cd", long, long, long]
