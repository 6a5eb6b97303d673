"""Parallel lines and glossary entries as word ids: what every part of the training reads.

Not for pieces: words are cut into pieces after the vocabulary is made (`vocabulary`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.text.fold import fold
from index.text.tokens import words
from train.ragged import Ints, Ragged
from train.sources import Source

_fold = lru_cache(maxsize=1 << 18)(fold)


def prepare(text: str) -> list[str]:
    """The folded words of a text: what the encoder sees of it."""
    return [folded for word in words(text) if (folded := _fold(word))]


@dataclass(slots=True)
class Words:
    """Distinct folded words, numbered as they come."""

    ids: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> list[int]:
        return [self.ids.setdefault(word, len(self.ids)) for word in prepare(text)]

    @property
    def list(self) -> list[str]:
        return list(self.ids)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Row `i` of `english` and row `i` of `hindi` mean the same. `weight` says how often to draw a row.

    In a corpus, neighbouring rows of one `source` are neighbours in the text too.
    """

    english: Ragged
    hindi: Ragged
    source: Ints
    weight: np.ndarray[tuple[int], np.dtype[np.float64]]

    def __len__(self) -> int:
        return len(self.english)


def read_corpus(folder: Path, sources: list[Source], known: Words) -> Pairs:
    """All pairs of the sources in their order; a row without words on either side is left out."""
    rows = [
        (known.number(english), known.number(hindi), number, source.weight)
        for number, source in enumerate(sources)
        for english, hindi in _lines(folder / f"{source.name}.tsv")
    ]
    return _pairs(rows)


def drawn_lines(
    folder: Path, sources: list[Source], count: int, random: np.random.Generator
) -> list[tuple[str, str]]:
    """Pairs as they were written, each at most once, those of heavy sources first."""
    lines = [(pair, source.weight) for source in sources for pair in _lines(folder / f"{source.name}.tsv")]
    # The least of exponential waits with these rates: a draw by weight without putting back.
    waits = random.exponential(size=len(lines)) / np.array([weight for _, weight in lines])
    return [lines[place][0] for place in np.argsort(waits, kind="stable")[:count]]


def read_glossary(folder: Path, known: Words) -> Pairs:
    """Each English form with each Hindi sense; the n-th sense weighs 1/n."""
    rows = [
        (known.number(form), known.number(sense), number, 1 / rank)
        for number, path in enumerate(sorted(folder.glob("*.tsv")))
        for english, hindi in _lines(path)
        for form in english.split(" | ")
        for rank, sense in enumerate(hindi.split(" | "), 1)
    ]
    return _pairs(rows)


def glossary_digest(folder: Path) -> str:
    """16 hexadecimal digits over its files, so that a table can be traced to the entries that it learnt from."""
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("*.tsv")))
    return hashlib.sha256(content).hexdigest()[:16]


def _pairs(rows: list[tuple[list[int], list[int], int, float]]) -> Pairs:
    rows = [row for row in rows if row[0] and row[1]]
    english, hindi, source, weight = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Pairs(
        Ragged.of(english), Ragged.of(hindi), np.array(source, np.int64), np.array(weight, np.float64)
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            english, tab, hindi = line.rstrip("\n").partition("\t")
            if tab:
                yield english, hindi
