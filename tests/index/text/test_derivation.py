from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.derivation import derived

WORDS = st.text(st.sampled_from("abelnotyकलाीय"), max_size=9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nation", "national"), ("colony", "colonial"), ("direct", "director"), ("russia", "russian"),
        ("create", "creation"), ("गिरफ्तार", "गिरफ्तारी"), ("राष्ट्र", "राष्ट्रीय"), ("बनना", "बनाना"), ("चुनना", "चुनाव"),
    ],
)  # fmt: skip
def test_a_known_ending_derives(one: str, other: str) -> None:
    assert derived(one, other)
    assert derived(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("nation", "native"), ("राष्ट्र", "राष्ट्रपति"), ("part", "party line"), ("no", "nor")]
)
def test_other_beginnings_in_common_do_not(one: str, other: str) -> None:
    assert not derived(one, other)


@given(WORDS, WORDS)
def test_it_is_the_same_in_both_directions(one: str, other: str) -> None:
    assert derived(one, other) == derived(other, one)
