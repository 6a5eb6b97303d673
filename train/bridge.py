"""Trains the bundled encoder and writes the folder that `index/` ships.

usage: python -m train.bridge DATA_DIR [--glossary DIR] [--out DIR] [--seed N] [--dev SET_FOLDER...]

DATA_DIR holds the files of parallel lines that `sources.toml` lists. With `--dev`, the model card gets the
figures on those sets. The same data, seed and machine give the same bytes; other processors, or another
number of threads, may round sums differently.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encoders.bridge import BUNDLED, BridgeEncoder
from train.batches import Batch, Draw, Questions, same_meaning, translations
from train.card import Training, write_card
from train.corpus import Pairs, Words, glossary_digest, read_corpus, read_glossary
from train.evaluate_encoder import evaluate
from train.fit import Schedule, fit, initial_table
from train.folder import write_folder
from train.ragged import Ragged
from train.sources import read_sources
from train.vocabulary import Shares, make_tokenizer, piece_shares, pieces_of


@dataclass(frozen=True, slots=True)
class Recipe:
    """What was chosen by the average nDCG@10 of four question sets in a haystack of 50,000 paragraphs."""

    size: int = 15_000
    whole: int = 10_000
    dimension: int = 512
    batch: int = 1024
    steps: int = 2000
    rate: float = 0.008
    translation_weight: float = 1.0
    question_weight: float = 1.0
    glossary_weight: float = 0.5

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.steps, self.rate)


@dataclass(frozen=True, slots=True)
class Course:
    """What there is to learn from: row `i` of `pieces` is word `i` of `known`, `shares` are of running text."""

    known: Words
    tokenizer: Tokenizer
    pieces: Ragged
    shares: np.ndarray
    tasks: Callable[[int], Iterator[tuple[float, Batch]]]

    @classmethod
    def prepare(
        cls, data: Path, glossary: Path, recipe: Recipe, seed: int, say: Callable[[str], None]
    ) -> Course:
        known = Words()
        corpus = read_corpus(data, read_sources(data), known)
        entries = read_glossary(glossary, known)
        tasks = _tasks(corpus, entries, known, recipe, np.random.default_rng(seed))
        say(f"{len(corpus):,} pairs of lines, {len(entries):,} of the glossary, {len(known.list):,} words")
        shares = Shares.measure(known, corpus, entries)
        tokenizer = make_tokenizer(shares, recipe.whole, recipe.size)
        pieces = pieces_of(tokenizer, known.list)
        of_piece = piece_shares(pieces, known.list, shares, tokenizer.get_vocab_size())
        return cls(known, tokenizer, pieces, of_piece, tasks)


def train(
    data: Path, glossary: Path, recipe: Recipe, seed: int, say: Callable[[str], None] = print
) -> tuple[np.ndarray, Tokenizer]:
    """The table and its tokeniser."""
    course = Course.prepare(data, glossary, recipe, seed, say)
    first = initial_table(course.shares, recipe.dimension, seed)
    learnt = fit(first, course.pieces, course.tasks, recipe.schedule, say)
    learnt[0] = 0  # the unknown sign
    return learnt.numpy(), course.tokenizer


def _tasks(
    corpus: Pairs, entries: Pairs, known: Words, recipe: Recipe, random: np.random.Generator
) -> Callable[[int], Iterator[tuple[float, Batch]]]:
    lines, glossary = Draw(corpus, random), Draw(entries, random)
    line_groups, entry_groups = same_meaning(corpus), same_meaning(entries)
    questions = Questions.over(corpus, known, random)

    def tasks(_: int) -> Iterator[tuple[float, Batch]]:
        yield recipe.translation_weight, translations(lines, recipe.batch, line_groups)
        yield recipe.question_weight, questions.batch(lines, recipe.batch)
        if len(entries):
            yield recipe.glossary_weight, translations(glossary, recipe.batch, entry_groups, dropout=0)

    return tasks


def main() -> None:
    arguments = _arguments()
    torch.use_deterministic_algorithms(True)
    recipe = Recipe()
    table, tokenizer = train(arguments.data, arguments.glossary, recipe, arguments.seed)
    trained = f"seed {arguments.seed}, glossary sha256 {glossary_digest(arguments.glossary)}"
    write_folder(arguments.out, table, tokenizer, trained=trained)
    encoder = BridgeEncoder(arguments.out)
    figures = {folder.name: evaluate(encoder, folder) for folder in arguments.dev}
    how = Training(
        start="a random table weighted by rarity",
        recipe=f"{recipe}, {trained}",
        command="python -m train.bridge DATA_DIR --dev SET_FOLDER...",
    )
    write_card(arguments.out, read_sources(arguments.data), figures, how)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--glossary", type=Path, default=Path("train/glossary"))
    parser.add_argument("--out", type=Path, default=BUNDLED)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
