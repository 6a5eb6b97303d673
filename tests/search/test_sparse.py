"""The sparse leg on three passages, by arithmetic."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest

from index.lexicon import bundled_lexicon
from index.store.postings import Postings
from index.store.postings_writer import PostingsWriter
from index.types import Passage
from search.expand import Concept, Expansion
from search.nearness import densest
from search.sparse import SparseLeg
from search.understand import Understanding
from search.weights import PARAGRAPHS, SENTENCES, Weights, for_corpus

TEXTS = ("rain rain river", "river bank", "नदी का किनारा")


@pytest.fixture
def postings(tmp_path: Path) -> Postings:
    writer = PostingsWriter(tmp_path)
    writer.add([Passage(f"d:{i}", "d", i, "", "", text, "", "", "") for i, text in enumerate(TEXTS, 1)])
    writer.finish()
    return Postings(tmp_path)


def concept(postings: Postings, word: str, weights: Weights = PARAGRAPHS) -> Concept:
    token = Understanding(bundled_lexicon(), postings).read(word).tokens[0]
    return Expansion(bundled_lexicon(), postings, weights).concepts([token])[0]


def only(postings: Postings, concept: Concept, word: str) -> Concept:
    word_id = postings.word_id(word)
    assert word_id is not None
    return Concept(concept.token, {word_id: concept.words[word_id]})


def test_a_passage_is_a_sparse_vector_of_its_words(postings: Postings) -> None:
    word_id = postings.word_id("rain")
    assert word_id is not None
    passages, quarters = postings.row(word_id)
    assert (passages.tolist(), quarters.tolist()) == ([0], [8])  # twice, four quarters each


def test_bm25_by_hand(postings: Postings) -> None:
    weights = Weights(k1=1.0, b=0.0)
    one = only(postings, concept(postings, "rain"), "rain")
    scores = SparseLeg(postings, weights).score([one])
    assert scores.idf[0] == pytest.approx(log(1 + (3 - 1 + 0.5) / (1 + 0.5)))
    # tf 2, saturated: 2 / (2 + 1); the only concept's idf is all there is to attain.
    assert scores.scores.tolist() == pytest.approx([2 / 3, 0, 0])


def test_a_word_reaches_its_translation_with_one_document_frequency(postings: Postings) -> None:
    river = concept(postings, "river")
    kinds = {postings.word(word_id): kind for word_id, (_, kind) in river.words.items()}
    assert (kinds["river"], kinds["नदी"]) == ("word", "translation")
    assert (SparseLeg(postings, PARAGRAPHS).score([river]).scores > 0).tolist() == [True, True, True]


def test_what_no_passage_has_is_blind(postings: Postings) -> None:
    assert SparseLeg(postings, PARAGRAPHS).score([concept(postings, "zzqxv")]).blind


def test_a_romanised_word_reaches_devanagari(postings: Postings) -> None:
    assert postings.word_id("नदी") in concept(postings, "nadi").words


def test_the_heaviest_words_come_first(postings: Postings) -> None:
    weights = [weight for weight, _ in concept(postings, "river").words.values()]
    assert weights == sorted(weights, reverse=True)


def test_nearness_counts_each_concept_once_within_the_window() -> None:
    assert densest([(0, 0), (1, 0), (12, 1), (13, 2)], [1.0, 2.0, 4.0]) == 7.0
    assert densest([(0, 0), (13, 1)], [1.0, 2.0]) == 2.0
    assert densest([], [1.0]) == 0.0


def test_short_passages_have_weights_of_their_own() -> None:
    assert for_corpus(8.0) is SENTENCES
    assert for_corpus(80.0) is PARAGRAPHS
