"""The files the encoder learns from: how often a line of each is drawn, its licence and origin.

Not for the lines themselves: see `corpus`. The table is `sources.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """`weight` is the chance of one line against a line of another source."""

    name: str
    licence: str
    what: str
    origin: str
    weight: float = 1.0


def known_sources(table: Path = TABLE) -> list[Source]:
    return [Source(name, **fields) for name, fields in tomllib.loads(table.read_text("utf-8")).items()]


def read_sources(folder: Path, table: Path = TABLE) -> list[Source]:
    """The sources whose file is in the folder. A file that the table does not know stops the training:
    nothing is learnt whose licence is not on record."""
    known = {source.name: source for source in known_sources(table)}
    names = sorted(path.stem for path in folder.glob("*.tsv"))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(
            f"{', '.join(unknown)}: in {folder}, but not in {table}. Add licence and origin there."
        )
    if not names:
        raise SystemExit(f"{folder} has no .tsv file of parallel lines.")
    return [known[name] for name in names]
