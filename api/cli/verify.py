"""`dubhashi verify`: is the index as it was written, and can this program search it?

Not for mending: that is `rollback` or `rebuild`.
"""

from __future__ import annotations

import argparse

from api.cli import commands

NAME = "verify"
HELP = "check every file of the index against its checksum"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    parser.add_argument("--all", action="store_true", help="the older generations too")


def run(arguments: argparse.Namespace) -> int:
    from index.generation import Generation, open_generation
    from index.layout import Layout
    from index.recipe import bundled_analysis
    from index.store.postings import Postings

    layout = Layout(commands.settings_of(arguments).index)
    with open_generation(layout.root, analysis=bundled_analysis()) as current:
        Postings(current.postings)
        count, size = len(current.vectors), current.manifest.bytes
        print(f"generation {current.number} of {layout.root} is whole: {count} passages, {size:,} bytes")
    for number in layout.numbers() if arguments.all else ():
        if number != current.number:
            with Generation(layout.folder(number)) as older:
                print(f"generation {number} is whole: {len(older.vectors)} passages")
    return 0
