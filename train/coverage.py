"""How much of running text the glossary and the lexicon cover, by word frequency.

usage: python -m train.coverage [--lexicon FILE] [--glossary DIR] [--misses N]

A word form is covered when its stem, or the form itself, has a row.
"""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import regex

from index.lexicon.lexicon import BUNDLED, Lexicon
from index.text.fold import fold
from index.text.stem import stem
from train.glossary_files import Entry, entries
from train.lexicon import glossary_rows

GLOSSARY = Path(__file__).parent / "glossary"
ENGLISH_SIZES, HINDI_SIZES = (20_000, 30_000), (25_000,)
NAME_FILES = ("companies-works-teams", "offices-institutions", "people", "places", "numbers-names")
_WORD = {"en": regex.compile(r"[a-z]{2,}"), "hi": regex.compile(r"[\p{Devanagari}\p{M}]{2,}")}


class Knows(Protocol):
    def knows(self, term: str) -> bool: ...


class Coverage(NamedTuple):
    """Shares of the `forms` most frequent word forms of a language."""

    language: str
    forms: int
    in_lexicon: float
    in_glossary: float
    misses: tuple[str, ...]  # not in the lexicon, the most frequent first


class Counts(NamedTuple):
    lines: int
    english: int  # distinct heads
    hindi: int  # distinct senses
    pairs: int
    multiword: int  # English heads of more than one word
    names: int  # English heads in the files of names
    multiword_or_names: int


def frequent_forms(language: str, count: int) -> Iterator[str]:
    """The most frequent alphabetic forms of two letters or more, the most frequent first."""
    from wordfreq import iter_wordlist

    for word in iter_wordlist(language):
        if count and _WORD[language].fullmatch(word):
            count -= 1
            yield word


def coverage(language: str, forms: Sequence[str], lexicon: Knows, glossary: Container[str]) -> Coverage:
    keys = [(form, fold(form)) for form in forms]
    misses = tuple(form for form, key in keys if not (lexicon.knows(stem(key)) or lexicon.knows(key)))
    ours = sum(stem(key) in glossary or key in glossary for _, key in keys)
    total = max(len(forms), 1)
    return Coverage(language, len(forms), 1 - len(misses) / total, ours / total, misses)


def counts(found: Sequence[Entry]) -> Counts:
    heads = {head for entry in found for head in entry.english}
    names = {
        head for entry in found for head in entry.english if entry.place.rsplit(".tsv", 1)[0] in NAME_FILES
    }
    multiword = {head for head in heads if " " in head}
    return Counts(
        len(found), len(heads), len({sense for entry in found for sense in entry.hindi}),
        sum(len(entry.english) * len(entry.hindi) for entry in found),
        len(multiword), len(names), len(multiword | names),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lexicon", type=Path, default=BUNDLED)
    parser.add_argument("--glossary", type=Path, default=GLOSSARY)
    parser.add_argument("--misses", type=int, default=60, help="how many of the most frequent misses to list")
    args = parser.parse_args()
    found = list(entries(args.glossary))
    to_hindi, to_english = glossary_rows(found)
    lexicon = Lexicon(args.lexicon)
    print(*(f"{name.replace('_', ' ')} {n:,}" for name, n in counts(found)._asdict().items()), sep=", ")
    print(f"\n{'language':10}{'forms':>8}{'in the lexicon':>17}{'from the glossary':>20}")
    missing: dict[str, tuple[str, ...]] = {}
    for language, sizes, glossary in (("en", ENGLISH_SIZES, to_hindi), ("hi", HINDI_SIZES, to_english)):
        for size in sizes:
            row = coverage(language, list(frequent_forms(language, size)), lexicon, glossary)
            missing[language] = row.misses
            print(f"{row.language:10}{row.forms:8,}{row.in_lexicon:17.2%}{row.in_glossary:20.2%}")
    for language, words in missing.items():
        print(f"\nnot in the lexicon, {language}: {' '.join(words[: args.misses])}")


if __name__ == "__main__":
    main()
