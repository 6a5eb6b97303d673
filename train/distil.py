"""Trains an encoder of the bundled kind from a large one on this machine: LaBSE, a slim one, any other.

usage: python -m train.distil DATA_DIR --teacher NAME --out DIR [--english] [--sentences N] [--steps N]

The teacher's vectors of the pieces, along their main axes, are the table to begin with. Then the table learns what
the bundled one learnt (`train.bridge`) and, beside it, to give the teacher's vectors to sentences of both languages
(Reimers & Gurevych 2020, https://arxiv.org/abs/2004.09813). The teacher is asked once for each piece and sentence.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encoders.bridge import BridgeEncoder
from index.encoders.choose import open_encoder
from index.lexicon import bundled_lexicon
from train.batches import Batch, Taught
from train.bridge import Course, Recipe
from train.card import Training, write_card
from train.corpus import Words, drawn_lines, glossary_digest
from train.evaluate_encoder import evaluate
from train.fit import fit, initial_table
from train.folder import write_folder
from train.ragged import Ragged
from train.sources import read_sources
from train.teacher import Axes, Bilingual, English, lengthened, piece_texts

Say = Callable[[str], None]
Tasks = Callable[[int], Iterator[tuple[float, Batch | Taught]]]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Sentences of both languages with the teacher's vectors, drawn a batch at a time."""

    taught: Taught
    random: np.random.Generator

    @classmethod
    def of(cls, texts: list[str], vectors: np.ndarray, known: Words, seed: int) -> Lessons:
        rows = [known.number(text) for text in texts]
        kept = np.array([bool(row) and vector.any() for row, vector in zip(rows, vectors, strict=True)], bool)
        words = Ragged.of([row for row, keep in zip(rows, kept, strict=True) if keep])
        return cls(Taught(words, vectors[kept]), np.random.default_rng(seed))

    def batch(self, size: int) -> Taught:
        rows = self.random.integers(0, len(self.taught.rows), size)
        return Taught(self.taught.rows.take(rows), self.taught.vectors[rows])


def distil(
    teacher: Bilingual | English,
    data: Path,
    glossary: Path,
    recipe: Recipe,
    seed: int,
    *,
    sentences: int,
    weight: float,
    say: Say = print,
) -> tuple[np.ndarray, Tokenizer]:
    """The table and its tokeniser."""
    course = Course.prepare(data, glossary, recipe, seed, say)
    pairs = drawn_lines(data, read_sources(data), sentences, np.random.default_rng(seed))
    texts = [text for pair in pairs for text in pair]
    of_pieces = teacher.of_pieces(piece_texts(course.tokenizer))
    of_texts = teacher.of_pairs(pairs)
    axes = Axes.of(of_texts if len(texts) > recipe.dimension else of_pieces, recipe.dimension)
    random = initial_table(course.shares, recipe.dimension, seed).numpy()
    first = torch.from_numpy(lengthened(axes.recentred(of_pieces).place(of_pieces), random))
    tasks: Tasks = course.tasks
    if texts:
        lessons = Lessons.of(texts, axes.place(of_texts), course.known, seed)
        tasks = _beside(course, lessons, recipe.batch, weight)
    learnt = fit(first, course.pieces, tasks, recipe.schedule, say)
    learnt[0] = 0  # the unknown sign
    return learnt.numpy(), course.tokenizer


def _beside(course: Course, lessons: Lessons, size: int, weight: float) -> Tasks:
    def tasks(step: int) -> Iterator[tuple[float, Batch | Taught]]:
        yield from course.tasks(step)
        yield weight, lessons.batch(size)

    return tasks


def main() -> None:
    given = _arguments()
    torch.use_deterministic_algorithms(True)
    recipe = replace(Recipe(), steps=given.steps, dimension=given.dimension)
    teacher = open_encoder(given.teacher).encoder
    known = English(teacher, print, bundled_lexicon()) if given.english else Bilingual(teacher, print)
    table, tokenizer = distil(
        known,
        given.data,
        given.glossary,
        recipe,
        given.seed,
        sentences=given.sentences,
        weight=given.weight,
    )
    trained = (
        f"distilled from {given.called or teacher.name} ({teacher.fingerprint}), {given.sentences} pairs of lines, "
        f"weight {given.weight}, seed {given.seed}, glossary sha256 {glossary_digest(given.glossary)}"
    )
    write_folder(given.out, table, tokenizer, trained=trained)
    encoder = BridgeEncoder(given.out)
    figures = {folder.name: evaluate(encoder, folder) for folder in given.dev}
    write_card(
        given.out, read_sources(given.data), figures, _told(given, teacher.name, f"{recipe}, {trained}")
    )


def _told(given: argparse.Namespace, teacher: str, recipe: str) -> Training:
    name = given.called or teacher
    english = "; Hindi through translations, since the teacher knows English alone" if given.english else ""
    flags = "--english " if given.english else ""
    return Training(
        start=f"the vectors that {name} gives the pieces{english}",
        lessons=f"Beside these it learnt to give {name}'s vectors to lines of both languages. ",
        recipe=recipe,
        command=f"python -m train.distil DATA_DIR --teacher {name} {flags}--sentences {given.sentences} "
        f"--weight {given.weight:g} --steps {given.steps} --out DIR --dev SET_FOLDER...",
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the files of parallel lines that sources.toml lists")
    parser.add_argument(
        "--teacher", required=True, metavar="NAME", help="what --encoder takes: labse, labse-slim…"
    )
    parser.add_argument("--english", action="store_true", help="the teacher knows English alone")
    parser.add_argument("--called", default="", metavar="NAME", help="how the card names the teacher")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="then: --encoder DIR")
    parser.add_argument("--glossary", type=Path, default=Path("train/glossary"))
    parser.add_argument("--sentences", type=int, default=20_000, help="pairs that the teacher is asked for")
    parser.add_argument(
        "--weight", type=float, default=2.0, help="of following it, against 1 for translations"
    )
    parser.add_argument("--dimension", type=int, default=Recipe().dimension)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
