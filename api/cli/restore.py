"""`dubhashi restore FILE`: an archive put in force as the next generation.

Not for going back to the generation before: `dubhashi rollback`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import commands

if TYPE_CHECKING:
    from index.generation import Generation

NAME = "restore"
HELP = "put an archive of `snapshot` in force, after checking it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="the archive")


def run(arguments: argparse.Namespace) -> int:
    from index.snapshot import restore

    settings = commands.settings_of(arguments)
    manifest = restore(arguments.file, settings.index, _searchable)
    print(f"generation {manifest.generation} of {settings.index}: {manifest.passages} passages restored")
    return 0


def _searchable(generation: Generation) -> None:
    """Raises IndexMismatch where this version of the program could not search it."""
    from index.recipe import bundled_analysis

    generation.expect(analysis=bundled_analysis())
    len(generation.vectors)
