"""The fast counter is the plain one, only faster."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from index.text.letters import letter_counts

_DEVANAGARI = regex.compile(r"[\u0904-\u0939\u0958-\u0961\u0972-\u097F]")
_LATIN = regex.compile(r"\p{Latin}")


@given(st.text() | st.text(st.characters(max_codepoint=0xA00)))
def test_counts_are_those_of_the_letter_patterns(text: str) -> None:
    assert letter_counts(text) == (len(_DEVANAGARI.findall(text)), len(_LATIN.findall(text)))
