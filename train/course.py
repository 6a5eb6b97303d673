"""What the encoder learns from, made ready: words, their pieces, and the tasks of each step.

Not for a teacher's part, nor for the learning: see `bridge` and `fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.lexicon import bundled_lexicon
from train.batches import Batch, Draw, Questions, Taught, same_meaning, translations
from train.corpus import Pairs, Words, read_corpus, read_glossary
from train.fit import Schedule
from train.lessons import Definitions, IntoHindi
from train.ragged import Ragged
from train.sources import read_sources
from train.vocabulary import Shares, make_tokenizer, piece_shares, pieces_of
from train.wordnet import Meaning

Say = Callable[[str], None]
Tasks = Callable[[], Iterator[tuple[float, Batch | Taught]]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Chosen by the encoder's own nDCG@10 on questions in a haystack of 100,000 paragraphs (`docs/evaluation.md`)."""

    size: int = 72_000
    whole: int = 62_000
    dimension: int = 384
    batch: int = 1024
    steps: int = 1000
    rate: float = 0.003
    translation_weight: float = 1.0
    question_weight: float = 1.0
    glossary_weight: float = 0.5
    definition_weight: float = 0.5
    teacher_weight: float = 25.0
    sentences: int = 100_000  # pairs of lines that the teacher is asked for

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
    definitions: Definitions
    hindi: IntoHindi
    tasks: Tasks

    @classmethod
    def prepare(
        cls, data: Path, glossary: Path, meanings: Sequence[Meaning], recipe: Recipe, seed: int, say: Say
    ) -> Course:
        known = Words()
        corpus = read_corpus(data, read_sources(data), known)
        entries = read_glossary(glossary, known)
        lines = _tasks(corpus, entries, known, recipe, np.random.default_rng(seed))
        shares = Shares.measure(known, corpus, entries)
        definitions = Definitions.of(meanings, known, seed)
        hindi = IntoHindi.by(bundled_lexicon(), known, seed)
        say(
            f"{len(corpus):,} pairs of lines, {len(entries):,} of the glossary, {len(meanings):,} definitions, "
            f"{len(known.list):,} words"
        )
        tokenizer = make_tokenizer(shares, recipe.whole, recipe.size)
        pieces = pieces_of(tokenizer, known.list)
        of_piece = piece_shares(pieces, known.list, shares, tokenizer.get_vocab_size())

        def tasks() -> Iterator[tuple[float, Batch | Taught]]:
            yield from lines()
            if meanings:
                yield recipe.definition_weight, definitions.batch(recipe.batch, hindi)

        return cls(known, tokenizer, pieces, of_piece, definitions, hindi, tasks)


def _tasks(
    corpus: Pairs, entries: Pairs, known: Words, recipe: Recipe, random: np.random.Generator
) -> Callable[[], Iterator[tuple[float, Batch]]]:
    lines, glossary = Draw(corpus, random), Draw(entries, random)
    line_groups, entry_groups = same_meaning(corpus), same_meaning(entries)
    questions = Questions.over(corpus, known, random)

    def tasks() -> Iterator[tuple[float, Batch]]:
        yield recipe.translation_weight, translations(lines, recipe.batch, line_groups)
        yield recipe.question_weight, questions.batch(lines, recipe.batch)
        if len(entries):
            yield recipe.glossary_weight, translations(glossary, recipe.batch, entry_groups, dropout=0)

    return tasks
