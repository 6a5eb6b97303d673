"""`dubhashi info`: which index this is.

Not for checking its files.
"""

from __future__ import annotations

import argparse

from api.cli import commands
from api.searchers import open_searcher

NAME = "info"
HELP = "what is in the index: generation, encoder, passages, languages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    commands.add_encoder(parser)
    commands.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    from api import wire

    info = wire.info_object(open_searcher(commands.settings_of(arguments)).info())
    if arguments.json:
        print(wire.dumps(info, indent=2))
        return 0
    for key, value in info.items():
        print(f"{key.replace('_', ' '):<12} {_plain(value)}")
    return 0


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
