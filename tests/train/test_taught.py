"""Learning from a teacher: a hand-made one whose opinions can be told apart, and one of LaBSE's shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders.base import Encoder, Vectors
from index.encoders.bridge import BridgeEncoder
from index.encoders.choose import open_encoder
from index.text.fold import fold
from tests.index.encoder_models import VOCABULARY, save_labse_like
from tests.train.words import RECIPE, WORDS, lexicon_of
from train.bridge import train
from train.corpus import drawn_lines
from train.folder import write_folder
from train.sources import read_sources
from train.teacher import Axes, Bilingual, English, lengthened
from train.wordnet import Meaning


class Hand:
    """Of each word and its translation it has one vector, and for it a king is a moon; it knows nothing else."""

    name, fingerprint, dimension = "hand", "0" * 16, 24

    def __init__(self) -> None:
        random = np.random.default_rng(5)
        self.of = {word: random.normal(size=24) for word in WORDS}
        self.of["moon"] = self.of["king"]
        self.of |= {fold(hindi): self.of[word] for word, hindi in WORDS.items()}

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 24), np.float32)
        for row, text in enumerate(texts):
            rows[row] = sum((self.of.get(fold(word), np.zeros(24)) for word in text.split()), np.zeros(24))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=rows, where=lengths > 0)

    encode_queries = encode_passages


def _taught(
    teacher: Encoder,
    data: Path,
    out: Path,
    *,
    steps: int,
    sentences: int,
    weight: float = 4.0,
    dimension: int = 24,
    meanings: Sequence[Meaning] = (),
) -> BridgeEncoder:
    recipe = replace(RECIPE, steps=steps, dimension=dimension, sentences=sentences, teacher_weight=weight)
    table, tokenizer = train(
        data,
        data / "glossary",
        recipe,
        1,
        teacher=Bilingual(teacher, lambda _: None),
        meanings=meanings,
        say=lambda _: None,
    )
    write_folder(out, table, tokenizer, trained="in a test")
    return BridgeEncoder(out)


def test_without_a_step_the_table_is_the_teachers(data: Path, tmp_path: Path) -> None:
    encoder = _taught(Hand(), data, tmp_path, steps=0, sentences=0)
    assert encoder.dimension == 24
    english, hindi = encoder.encode_queries(list(WORDS)), encoder.encode_passages(list(WORDS.values()))
    alike = english @ hindi.T
    teacher = Hand()
    theirs = teacher.encode_queries(list(WORDS)) @ teacher.encode_passages(list(WORDS.values())).T
    assert alike[0].argmax() == theirs[0].argmax() == 0
    assert np.corrcoef(alike.ravel(), theirs.ravel())[0, 1] > 0.95
    king, moon = encoder.encode_queries(["king", "moon"])
    assert king @ moon > 0.999  # no line says so: the teacher does


def test_sentences_draw_the_student_to_the_teacher(data: Path, tmp_path: Path) -> None:
    followed = _taught(Hand(), data, tmp_path / "yes", steps=60, sentences=40, weight=100)
    ignored = _taught(Hand(), data, tmp_path / "no", steps=60, sentences=0)
    alike = [
        float(np.prod(each.encode_queries(["king", "moon"]), axis=0).sum()) for each in (followed, ignored)
    ]
    assert alike[0] > 0.4 > 0.2 > alike[1]  # the lines pull them apart


def test_a_definition_draws_its_word_near(data: Path, tmp_path: Path) -> None:
    """The lines say nothing of *sailor*: what it has to do with water, the definition does."""
    meanings = [
        Meaning(("sailor",), "someone on the water", ("farmer",)),
        Meaning(("throne",), "where a king is"),
    ]
    told = _taught(Hand(), data, tmp_path / "yes", steps=60, sentences=40, meanings=meanings)
    untold = _taught(Hand(), data, tmp_path / "no", steps=60, sentences=40)
    nearer = []
    for each in (told, untold):
        sailor, throne = each.encode_queries(["sailor", "throne"])
        water = each.encode_passages(["water"])[0]
        nearer.append(float(sailor @ water - throne @ water))
    assert nearer[0] > nearer[1] + 0.3


def test_the_same_seed_gives_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("first", "again"):
        _taught(Hand(), data, tmp_path / name, steps=3, sentences=10)
    for name in ("model.safetensors", "tokenizer.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_model_of_labses_shape_makes_a_bridge(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    save_labse_like(tmp_path / "labse-like", list(dict.fromkeys([*VOCABULARY, *WORDS, *WORDS.values()])))
    teacher = open_encoder(str(tmp_path / "labse-like")).encoder
    made = _taught(teacher, data, tmp_path / "made", steps=5, sentences=20, dimension=32)
    opened = open_encoder(str(tmp_path / "made")).encoder
    assert (opened.dimension, opened.fingerprint) == (32, made.fingerprint)
    assert np.isclose(np.linalg.norm(opened.encode_queries(["नदी पुल"])), 1, atol=1e-5)


def test_axes_keep_angles_when_there_is_room_for_all() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    placed, centred = Axes.of(vectors, 4).place(vectors), vectors - vectors.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    assert np.allclose(placed @ placed.T, centred @ centred.T, atol=1e-4)


def test_a_piece_that_the_teacher_does_not_see_keeps_its_own_row() -> None:
    own = np.float32([[3, 4], [0, 2]])
    assert lengthened(np.float32([[1, 0], [0, 0]]), own).tolist() == [[5, 0], [0, 2]]


def test_lines_are_drawn_once_each_and_by_weight(data: Path, tmp_path: Path) -> None:
    sources = read_sources(data)
    everything = drawn_lines(data, sources, 100, np.random.default_rng(1))
    assert len(everything) == 40
    assert everything[:5] == drawn_lines(data, sources, 5, np.random.default_rng(1))
    for name, letter in (("tico19", "a"), ("bible-bsb-irv", "b")):  # weights 5 and 0.5
        (tmp_path / f"{name}.tsv").write_text("".join(f"{letter}{n}\tक\n" for n in range(500)), "utf-8")
    drawn = drawn_lines(tmp_path, read_sources(tmp_path), 110, np.random.default_rng(1))
    assert 90 <= sum(english.startswith("a") for english, _ in drawn) <= 109


def test_a_teacher_of_english_tells_of_hindi_through_translations() -> None:
    lexicon = lexicon_of({"चांद": [("moon", 0.6), ("river", 0.3)]})  # the stem of चांद
    teacher = English(Hand(), lambda _: None, lexicon)
    moon, river = Hand().encode_passages(["moon", "river"])
    of_moon, of_hindi, of_unknown = teacher.of_pieces(["moon", "चांद", "खगोल"])
    assert np.allclose(of_moon, moon, atol=1e-6)
    expected = 0.6 * moon + 0.3 * river
    assert np.allclose(of_hindi, expected / np.linalg.norm(expected), atol=1e-6)
    assert not of_unknown.any()
    english, hindi = teacher.of_pairs([("moon", "कुछ भी")])
    assert np.array_equal(english, hindi)


def test_axes_leave_room_beyond_the_teachers_dimension() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    placed = Axes.of(vectors, 6).place(vectors)
    assert placed.shape == (50, 6)
    assert not placed[:, 4:].any()
