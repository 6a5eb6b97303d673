"""The training, on forty made-up lines: it learns, repeats itself, and writes what the program reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders.bridge import BridgeEncoder
from tests.train.words import RECIPE, WORDS
from train.batches import Draw, Questions, clashes, drop, same_meaning, translations
from train.bridge import train
from train.card import Training, write_card
from train.corpus import Words, read_corpus, read_glossary
from train.course import Recipe
from train.evaluate_encoder import Figures, evaluate
from train.folder import write_folder
from train.ragged import Ragged
from train.sources import read_sources


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _train(data, tmp_path_factory.mktemp("model"), seed=1)


def _train(data: Path, out: Path, seed: int, recipe: Recipe = RECIPE) -> Path:
    table, tokenizer = train(data, data / "glossary", recipe, seed, say=lambda _: None)
    write_folder(out, table, tokenizer, trained="in a test")
    return out


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_learns_which_words_mean_the_same(trained: Path) -> None:
    encoder = BridgeEncoder(trained)
    alike = encoder.encode_queries(list(WORDS)) @ encoder.encode_passages(list(WORDS.values())).T
    assert (alike.argmax(1) == np.arange(len(WORDS))).mean() > 0.9


def test_the_same_seed_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    first, again, other = (
        _bytes(_train(data, tmp_path / name, seed, replace(RECIPE, steps=5)))
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert first == again
    assert first["tokenizer.json"] == other["tokenizer.json"]
    assert first["model.safetensors"] != other["model.safetensors"]


def test_files_are_readable_by_all(trained: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in trained.rglob("*") if path.is_file()} == {0o644}


def test_the_card_has_figures_sources_and_recipe(trained: Path, data: Path) -> None:
    write_card(
        trained,
        read_sources(data),
        {"flores.en-hi": Figures(0.981, 0.99, 1012, 1012)},
        Training("Recipe(x)", "python -m x", teacher="MINI", english=True, wordnet=True),
    )
    card = " ".join((trained / "README.md").read_text("utf-8").split())
    for part in (
        "| flores.en-hi | 1,012 | 1,012 | 0.981 | 0.990 |",
        "`tico19`",
        "CC0 1.0",
        "Recipe(x)",
        "MINI gives the pieces",
        "Princeton University",
        "python -m x",
    ):
        assert part in card


def test_a_file_without_a_licence_on_record_stops_the_training(tmp_path: Path) -> None:
    (tmp_path / "found-somewhere.tsv").write_text("a\tक\n", "utf-8")
    with pytest.raises(SystemExit, match="found-somewhere"):
        read_sources(tmp_path)


def test_glossary_senses_weigh_less_the_later_they_stand(data: Path) -> None:
    known = Words()
    pairs = read_glossary(data / "glossary", known)
    assert [known.list[word] for word in pairs.english.flat] == ["river", "river", "stream", "stream"]
    assert [known.list[word] for word in pairs.hindi.flat] == ["नदी", "दरिया", "नदी", "दरिया"]
    assert pairs.weight.tolist() == [1, 0.5, 1, 0.5]


def test_translations_of_one_sentence_are_no_negatives_of_each_other(data: Path) -> None:
    pairs = read_glossary(data / "glossary", Words())
    assert same_meaning(pairs).tolist() == [0, 1, 0, 1]
    batch = translations(Draw(pairs, np.random.default_rng(0)), 20, same_meaning(pairs))
    assert (clashes(batch) == ((batch.group[:, None] == batch.group) & ~np.eye(20, dtype=bool))).all()


def test_a_question_is_about_its_paragraph(data: Path) -> None:
    """Its content words are of the lines around; one word in ten is left out of a paragraph."""
    known = Words()
    corpus = read_corpus(data, read_sources(data), known)
    questions = Questions.over(corpus, known, np.random.default_rng(0))
    batch = questions.batch(Draw(corpus, np.random.default_rng(0)), 40)
    assert len(batch.left) == len(batch.right) == len(batch.group) == 40
    meaning = {hindi: english for english, hindi in WORDS.items()}
    shared = total = 0
    for row in range(40):
        asked, told = (
            {meaning.get(known.list[word], known.list[word]) for word in side.take(np.array([row])).flat}
            & set(WORDS)
            for side in (batch.left, batch.right)
        )
        shared, total = shared + len(asked & told), total + len(asked)
    assert shared / total > 0.8


def test_dropping_words_never_empties_a_row() -> None:
    side = Ragged.of([[1], [2, 3], [], [4, 5, 6]])
    dropped = drop(side, 1.0, np.random.default_rng(0))
    assert dropped.lengths.tolist() == [1, 1, 0, 1]


def test_figures_are_those_of_a_ranking_one_can_check(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    passages = {"p1": "नदी पुल", "p2": "राजा"}
    (tmp_path / "corpus.jsonl").write_text(_jsonl(passages), "utf-8")
    (tmp_path / "queries.jsonl").write_text(
        _jsonl({"q1": "नदी पुल", "q2": "नदी पुल", "q3": "unjudged"}), "utf-8"
    )
    judged = "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\n"
    (tmp_path / "qrels" / "test.tsv").write_text(judged, "utf-8")
    figures = evaluate(BridgeEncoder(trained), tmp_path)
    assert (figures.queries, figures.passages, figures.accuracy_1) == (2, 2, 0.5)
    assert figures.ndcg_10 == pytest.approx((1 + 1 / np.log2(3)) / 2)


def _jsonl(texts: dict[str, str]) -> str:
    return "".join(
        json.dumps({"_id": name, "title": "", "text": text}) + "\n" for name, text in texts.items()
    )
