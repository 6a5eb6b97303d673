import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.latin import latin_text, latin_words
from search.types import Highlight


@pytest.mark.parametrize(
    ("hindi", "latin"),
    [
        ("भारत", "bharat"),
        ("काम", "kaam"),
        ("चेन्नई", "chennai"),
        ("मुक्त व्यापार समझौता", "mukt vyapar samjhauta"),
        ("प्रधानमंत्री", "pradhanmantri"),
        ("ज़्यादा", "zyada"),
        ("२०२३ में", "2023 mein"),
        ("UPI से payment", "UPI se payment"),
    ],
)
def test_words_read_as_they_are_typed(hindi: str, latin: str) -> None:
    assert latin_words(hindi) == latin


def test_a_sentence_starts_with_a_capital() -> None:
    assert latin_text("यह भारत है। वह रूस है।")[0] == "Yeh bharat hai. Woh roos hai."


def test_english_stays_as_it_is() -> None:
    assert latin_text("Chandrayaan-3 landed.") == ("Chandrayaan-3 landed.", ())


def test_a_highlight_moves_with_its_word() -> None:
    text = "इस गलियारे से समय घटेगा।"
    latin, (light,) = latin_text(text, [Highlight(3, 10, "translation")])
    assert (latin[light.start : light.end], light.kind) == ("galiyare", "translation")


def test_a_highlight_of_part_of_a_word_lights_up_the_word() -> None:
    latin, (light,) = latin_text("इस गलियारे से", [Highlight(4, 6, "sound")])
    assert latin[light.start : light.end] == "galiyare"


@given(st.text(alphabet=st.sampled_from("कगमनसीा्ंिॅ़ऽ।॥ ०९.?aB1\u200d\n🙂")), st.data())
def test_highlights_stay_inside_and_in_order(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    latin, (light,) = latin_text(text, [Highlight(start, end, "word")])
    assert 0 <= light.start <= light.end <= len(latin)
