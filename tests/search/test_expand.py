"""What may stand for a word in a corpus of single words: by its sound, by the names of its letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.lexicon import bundled_lexicon
from index.store.postings import Postings
from index.store.postings_writer import PostingsWriter
from index.types import Passage
from search.expand import Expansion, Words
from search.understand import Understanding
from search.weights import PARAGRAPHS


def standing_for(folder: Path, word: str, corpus: str) -> dict[str, str]:
    """The words of the corpus that stand for a query word, with how they do."""
    postings, found = expanded(folder, word, corpus)
    return {postings.word(word_id): kind for word_id, (_, kind) in found.items()}


def weights_of(folder: Path, word: str, corpus: str) -> list[float]:
    """What the words of the corpus that stand for a query word weigh."""
    return [weight for weight, _ in expanded(folder, word, corpus)[1].values()]


def expanded(folder: Path, word: str, corpus: str) -> tuple[Postings, Words]:
    folder.mkdir(exist_ok=True)
    writer = PostingsWriter(folder)
    writer.add([Passage("d:1", "d", 1, "", "", corpus, "", "", "")])
    writer.finish()
    postings, lexicon = Postings(folder), bundled_lexicon()
    token = Understanding(lexicon, postings).read(word).tokens[0]
    return postings, Expansion(lexicon, postings, PARAGRAPHS).concepts([token])[0].words


@pytest.mark.parametrize(
    ("query", "corpus"),
    [
        ("ctenophora", "टेनोफोरा"), ("टेनोफोरा", "ctenophora"), ("ग्रिंजर", "grainger"), ("लेवेजियर", "lavoisier"),
        ("schimmler", "शिमलर"), ("राइनफेल्ड", "rheinfelds"), ("eurobird", "यूरोबर्ड"), ("यूरोबर्ड", "eurobird"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_the_other_script(tmp_path: Path, query: str, corpus: str) -> None:
    assert standing_for(tmp_path, query, f"{corpus} नदी river") == {corpus: "sound"}


@pytest.mark.parametrize(
    ("query", "corpus"),
    [
        ("NTL", "एनटीएल"), ("NTL", "एन.टी.एल."), ("एनटीएल", "NTL"), ("एन॰टी॰एल॰", "N.T.L."), ("MBH99", "एमबीएच99"),
    ],
)  # fmt: skip
def test_an_acronym_is_found_in_the_other_script(tmp_path: Path, query: str, corpus: str) -> None:
    assert list(standing_for(tmp_path, query, f"{corpus} until entail एनटीआर").values()) == ["sound"]


def test_english_words_that_only_sound_alike_are_different_words(tmp_path: Path) -> None:
    assert standing_for(tmp_path, "knoxley", "noxley नॉक्सली") == {"नॉक्सली": "sound"}
    assert standing_for(tmp_path / "b", "huguenot", "hugenot") == {"hugenot": "sound"}


@pytest.mark.parametrize(("query", "corpus"), [("बाद", "bad"), ("मन", "man")])
def test_known_words_that_only_sound_alike_hardly_stand_for_each_other(
    tmp_path: Path, query: str, corpus: str
) -> None:
    assert 0 < max(weights_of(tmp_path, query, corpus)) <= PARAGRAPHS.known_other


def test_a_loan_stands_for_its_word_fully(tmp_path: Path) -> None:
    assert max(weights_of(tmp_path, "doctor", "डॉक्टर")) > PARAGRAPHS.enough


@pytest.mark.parametrize(
    ("query", "corpus"),
    [("लक्ष्मी", "laxmi"), ("laxmi", "lakshmi"), ("कृष्ण", "कृष्णा"), ("encyclopedia", "encyclopaedia")],
)
def test_another_spelling_of_a_name_or_a_loan_stands_for_it(tmp_path: Path, query: str, corpus: str) -> None:
    assert max(weights_of(tmp_path, query, corpus)) > 4 * PARAGRAPHS.known_other
