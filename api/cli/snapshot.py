"""`dubhashi snapshot FILE`: the generation in force as one archive.

Not for bringing it back: `dubhashi restore`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from api.cli import commands

NAME = "snapshot"
HELP = "write the index in force into one checksummed archive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="the archive to write, replaced if it is there"
    )


def run(arguments: argparse.Namespace) -> int:
    from index.snapshot import snapshot

    settings = commands.settings_of(arguments)
    manifest = snapshot(settings.index, arguments.file)
    size = arguments.file.stat().st_size
    print(f"generation {manifest.generation} of {settings.index} is in {arguments.file}: {size:,} bytes")
    return 0
