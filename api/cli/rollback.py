"""`dubhashi rollback`: puts the generation before the present one back in force.

Not for removing one.
"""

from __future__ import annotations

import argparse

from api.cli import commands

NAME = "rollback"
HELP = "put the index's previous generation back in force"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)


def run(arguments: argparse.Namespace) -> int:
    from index.build import rollback

    settings = commands.settings_of(arguments)
    print(f"generation {rollback(settings.index)} of {settings.index} is in force again")
    return 0
