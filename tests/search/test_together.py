"""Concepts that go together, counted by hand; and what that does to a score."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon import bundled_lexicon
from index.store.postings import Postings
from index.store.postings_writer import PostingsWriter
from index.types import Passage
from search.expand import Expansion
from search.sparse import SparseLeg
from search.together import attraction, weights
from search.understand import Understanding
from search.weights import Weights


def bits(*rows: list[int]) -> np.ndarray:
    return np.packbits(np.array(rows, np.bool_), axis=1)


def test_attraction_by_hand() -> None:
    """Two of four passages have the first, three the second, both two: ln(2·4 / (2·3)) / ln(4 / 2)."""
    found = attraction(bits([1, 1, 0, 0], [1, 1, 1, 0]), 4)
    assert found[0, 1] == found[1, 0] == pytest.approx(log(8 / 6) / log(4 / 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 1, 0, 0], [0, 0, 1, 1]),  # never together
        ([1, 0, 0, 0], [1, 0, 0, 0]),  # once: that may be chance
        ([1, 1, 1, 1], [1, 1, 1, 1]),  # everywhere: it tells nothing
        ([1, 1, 1, 0], [1, 1, 0, 1]),  # less often together than by chance
        ([0, 0, 0, 0], [0, 0, 0, 0]),  # nowhere
    ],
)
def test_no_attraction(one: list[int], other: list[int]) -> None:
    assert attraction(bits(one, other), 4).tolist() == [[0, 0], [0, 0]]


@given(
    st.integers(1, 6).flatmap(lambda m: st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=m))
)
def test_attraction_is_symmetric_and_between_0_and_1(rows: list[list[bool]]) -> None:
    found = attraction(np.packbits(np.array(rows), axis=1), 9)
    assert (found == found.T).all()
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
    assert (found.diagonal() == 0).all()


def test_each_of_three_that_always_go_together_counts_less() -> None:
    assert weights(bits(*[[1, 1, 0, 0]] * 3), 4, 1.0).tolist() == pytest.approx([1 / 3] * 3)


TEXTS = ("zanskar quorvex", "zanskar quorvex", "blimfort", "other", "words", "stand", "here", "too")


def test_two_words_that_go_together_do_not_outweigh_the_one_that_is_asked(tmp_path: Path) -> None:
    writer = PostingsWriter(tmp_path)
    writer.add([Passage(f"d:{i}", "d", i, "", "", text, "", "", "") for i, text in enumerate(TEXTS, 1)])
    writer.finish()
    postings = Postings(tmp_path)
    tokens = Understanding(bundled_lexicon(), postings).read("zanskar quorvex blimfort").tokens

    def scores(shared: float) -> list[float]:
        chosen = Weights(shared=shared, b=0.0)
        concepts = Expansion(bundled_lexicon(), postings, chosen).concepts(tokens)
        return SparseLeg(postings, chosen).score(concepts).scores.tolist()

    apart, together = scores(0.0), scores(1.0)
    assert apart[0] > apart[2]
    assert together[0] == pytest.approx(together[2] * _idf(2) / _idf(1))


def test_a_long_text_is_scored_concept_by_concept(tmp_path: Path) -> None:
    """Comparing each of its words with every other would take the square of the time."""
    text = " ".join(f"zarn{letter}{other}" for letter in "bcdfghk" for other in "aeiou")
    writer = PostingsWriter(tmp_path)
    writer.add([Passage(f"d:{i}", "d", i, "", "", text, "", "", "") for i in (1, 2)])
    writer.add([Passage("d:3", "d", 3, "", "", "other", "", "", "")])
    writer.finish()
    postings = Postings(tmp_path)
    tokens = Understanding(bundled_lexicon(), postings).read(text).tokens
    concepts = Expansion(bundled_lexicon(), postings, Weights()).concepts(tokens)
    few, all_ = (
        SparseLeg(postings, Weights(shared=1.0)).score(some).idf for some in (concepts[:3], concepts)
    )
    unshared = SparseLeg(postings, Weights(shared=0.0)).score(concepts).idf
    assert len(all_) == 35
    assert all_ == unshared
    assert few[0] < unshared[0]


def _idf(passages: int) -> float:
    return log(1 + (len(TEXTS) - passages + 0.5) / (passages + 0.5))
