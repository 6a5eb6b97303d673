"""Nearness and places by word ids, against the plain way: every text tokenised, folded and searched for units."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.generation import Generation, open_generation
from index.lexicon import bundled_lexicon
from index.store.postings import Postings
from index.text.analyse import analyse
from index.text.fold import fold
from index.text.tokens import words
from search.expand import Concept, Expansion
from search.located import Field, Located, Place
from search.nearness import Nearness, densest
from search.sparse import SparseLeg
from search.standing import Standing
from search.understand import Understanding
from search.weights import PARAGRAPHS
from tests.search.conftest import SEEDS

LOOKED_AT = 12  # passages a query
FIELDS: tuple[Field, ...] = ("text", "heading", "title")


@pytest.fixture(scope="module")
def generation(seed_index: Path) -> Iterator[Generation]:
    with open_generation(seed_index) as generation:
        yield generation


@pytest.fixture(scope="module")
def questions(generation: Generation) -> list[tuple[list[Concept], list[float], list[int]]]:
    """Concepts of every query of the seeds, their idf, and the best passages by words."""
    postings, lexicon = Postings(generation.postings), bundled_lexicon()
    understanding, expansion = (
        Understanding(lexicon, postings),
        Expansion(lexicon, postings, PARAGRAPHS),
    )
    leg, found = SparseLeg(postings, PARAGRAPHS), []
    for line in (SEEDS / "queries.jsonl").read_text("utf-8").splitlines():
        tokens = understanding.read(json.loads(line)["text"]).content
        concepts = expansion.concepts(tokens)
        scores = leg.score(concepts)
        best = np.argsort(-scores.scores, kind="stable")[:LOOKED_AT].tolist()
        found.append((concepts, list(scores.idf), best))
    return found


def plain_share(postings: Postings, text: str, concepts: Sequence[Concept], idf: Sequence[float]) -> float:
    places = []
    for position, token in enumerate(words(text)):
        word_id = postings.word_id(fold(token))
        places += [
            (position, number)
            for number, concept in enumerate(concepts)
            if word_id is not None and concept.words.get(word_id, (0.0, ""))[0] >= 0.3
        ]
    return densest(places, idf) / sum(idf) if sum(idf) else 0.0


def plain_places(postings: Postings, text: str) -> list[Place]:
    found = analyse(text)
    spans = [(word.start, word.end, word.folded) for word in found]
    for first, end in bundled_lexicon().unit_finder.find([word.stem for word in found]):
        unit = " ".join(word.stem for word in found[first:end])
        spans.append((found[first].start, found[end - 1].end, unit))
    known = ((start, end, postings.word_id(name)) for start, end, name in spans)
    return [(start, end, word_id) for start, end, word_id in known if word_id is not None]


def test_nearness_is_that_of_the_texts(
    generation: Generation, questions: list[tuple[list[Concept], list[float], list[int]]]
) -> None:
    postings = Postings(generation.postings)
    nearness = Nearness(postings)
    for concepts, idf, best in questions:
        texts = [passage.titled_text for passage in generation.passages.get(best)]
        plain = [plain_share(postings, text, concepts, idf) for text in texts]
        assert nearness.shares(np.asarray(best), concepts, idf) == plain


def test_words_and_units_stand_where_a_reading_of_the_text_finds_them(
    generation: Generation, questions: list[tuple[list[Concept], list[float], list[int]]]
) -> None:
    postings = Postings(generation.postings)
    located, several = Located(postings, bundled_lexicon().unit_finder), 0
    for concepts, _, best in questions:
        standing = Standing(concepts, 0.15)
        units = located.units_among(standing.concepts)
        for ordinal, passage in zip(best, generation.passages.get(best), strict=True):
            for field in FIELDS:
                found = located.places(ordinal, passage, field, standing, units)
                every = plain_places(postings, getattr(passage, field))
                assert found == [place for place in every if place[2] in standing.concepts]
                several += sum(place[2] in units for place in found)
    assert several > 50  # units were among them
