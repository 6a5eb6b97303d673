"""`dubhashi similar ID`: more passages like one that was found.

Not for a question in words: `search`.
"""

from __future__ import annotations

import argparse

from api import ask
from api.cli import asking, commands
from api.searchers import open_searcher

NAME = "similar"
HELP = "more passages like the one with this id, in either language"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id", metavar="ID", help="a passage's id, as search prints it: hi/chandrayaan-3-landing:4"
    )
    asking.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    request = asking.request_of(arguments, ask.checked_id(arguments.id))
    searcher = open_searcher(commands.settings_of(arguments))
    return asking.show(searcher.similar(arguments.id, request), arguments)
