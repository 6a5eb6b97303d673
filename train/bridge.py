"""Trains an encoder of the bundled kind: a table of piece vectors for Hindi and English, and its tokeniser.

usage: python -m train.bridge DATA_DIR --out DIR [--teacher NAME [--english]] [--wordnet DIR] [--dev SET_FOLDER...]

DATA_DIR holds the files of parallel lines that `sources.toml` lists. A teacher is any encoder on this machine (LaBSE, a
slim one): its vectors of the pieces, along their main axes, are the table to begin with, and beside what is learnt
from the lines the table learns to give the teacher's vectors to texts of both languages (Reimers & Gurevych 2020,
https://arxiv.org/abs/2004.09813). The teacher is asked once for each piece and text. The same data, seed and machine
give the same bytes; other processors, or another number of threads, may round sums differently.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.encoders.bridge import BridgeEncoder
from index.encoders.choose import open_encoder
from index.lexicon import bundled_lexicon
from train.batches import Batch, Taught
from train.card import Training, write_card
from train.corpus import drawn_lines, glossary_digest
from train.course import Course, Recipe, Say, Tasks
from train.evaluate_encoder import evaluate
from train.fit import fit, initial_table
from train.folder import write_folder
from train.lessons import Lessons
from train.ragged import Ragged
from train.sources import read_sources
from train.teacher import Axes, Bilingual, English, lengthened, piece_texts
from train.wordnet import Meaning, read_wordnet


def train(
    data: Path, glossary: Path, recipe: Recipe, seed: int, *,
    teacher: Bilingual | English | None = None, meanings: Sequence[Meaning] = (), say: Say = print,
) -> tuple[np.ndarray, Tokenizer]:  # fmt: skip
    """The table and its tokeniser."""
    course = Course.prepare(data, glossary, meanings, recipe, seed, say)
    first, tasks = initial_table(course.shares, recipe.dimension, seed), course.tasks
    if teacher:
        pairs = drawn_lines(data, read_sources(data), recipe.sentences, np.random.default_rng(seed))
        first, tasks = _taught(course, teacher, first, pairs, meanings, recipe, seed)
    learnt = fit(first, course.pieces, tasks, recipe.schedule, say)
    learnt[0] = 0  # the unknown sign
    return learnt.numpy(), course.tokenizer


def _taught(
    course: Course, teacher: Bilingual | English, random: Tensor, pairs: Sequence[tuple[str, str]],
    meanings: Sequence[Meaning], recipe: Recipe, seed: int,
) -> tuple[Tensor, Tasks]:  # fmt: skip
    """The table to begin with, at the lengths of a random one, and the tasks with the teacher's beside them."""
    of_pieces = teacher.of_pieces(piece_texts(course.tokenizer))
    of_pairs = teacher.of_pairs(pairs)
    of_meanings = teacher.of_texts([meaning.definition for meaning in meanings])
    axes = Axes.of(of_pairs if len(of_pairs) > recipe.dimension else of_pieces, recipe.dimension)
    first = torch.from_numpy(lengthened(axes.recentred(of_pieces).place(of_pieces), random.numpy()))
    numbers = [course.known.number(text) for pair in pairs for text in pair]
    lines = Lessons.of(Ragged.of(numbers), axes.place(of_pairs), seed)
    defined = Lessons.of(course.definitions.texts, axes.place(of_meanings), seed)

    def tasks() -> Iterator[tuple[float, Batch | Taught]]:
        yield from course.tasks()
        if pairs:
            yield recipe.teacher_weight / 2, lines.batch(2 * recipe.batch)
        if meanings:
            yield recipe.teacher_weight / 4, defined.batch(recipe.batch)
            yield recipe.teacher_weight / 4, defined.batch(recipe.batch, course.hindi)

    return first, tasks


def main() -> None:
    given = _arguments()
    torch.use_deterministic_algorithms(True)
    recipe = replace(Recipe(), steps=given.steps, dimension=given.dimension, sentences=given.sentences)
    meanings = read_wordnet(given.wordnet) if given.wordnet else []
    encoder = open_encoder(given.teacher).encoder if given.teacher else None
    teacher: Bilingual | English | None = None
    if encoder:
        teacher = English(encoder, print, bundled_lexicon()) if given.english else Bilingual(encoder, print)
    table, tokenizer = train(
        given.data, given.glossary, recipe, given.seed, teacher=teacher, meanings=meanings
    )
    name = given.called or given.teacher
    taught = f"taught by {name} ({encoder.fingerprint}), " if encoder else ""
    trained = f"{taught}seed {given.seed}, glossary sha256 {glossary_digest(given.glossary)}"
    write_folder(given.out, table, tokenizer, trained=trained)
    made = BridgeEncoder(given.out)
    figures = {folder.name: evaluate(made, folder) for folder in given.dev}
    how = Training(
        recipe=f"{recipe}, {trained}",
        command=_command(given),
        teacher=name if encoder else "",
        english=given.english,
        wordnet=bool(meanings),
    )
    write_card(given.out, read_sources(given.data), figures, how)


def _command(given: argparse.Namespace) -> str:
    parts = ["python -m train.bridge DATA_DIR --out DIR"]
    if given.teacher:
        parts.append(f"--teacher {given.called or given.teacher}{' --english' * given.english}")
    if given.wordnet:
        parts.append("--wordnet DIR")
    return " ".join([*parts, "--dev SET_FOLDER..."])


def _arguments() -> argparse.Namespace:
    standard = Recipe()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the files of parallel lines that sources.toml lists")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="then: --encoder DIR")
    parser.add_argument(
        "--teacher", default="", metavar="NAME", help="what --encoder takes: labse, labse-slim…"
    )
    parser.add_argument("--english", action="store_true", help="the teacher knows English alone")
    parser.add_argument("--called", default="", metavar="NAME", help="how the card names the teacher")
    parser.add_argument(
        "--wordnet", type=Path, metavar="DIR", help="WordNet's database files, for definitions"
    )
    parser.add_argument("--glossary", type=Path, default=Path("train/glossary"))
    parser.add_argument(
        "--sentences", type=int, default=standard.sentences, help="pairs the teacher is asked for"
    )
    parser.add_argument("--dimension", type=int, default=standard.dimension, help="an even number")
    parser.add_argument("--steps", type=int, default=standard.steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
