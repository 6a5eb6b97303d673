"""`dubhashi search QUERY`: ranked passages of both languages.

Not for a server's many questions: opening the index takes longer than answering.
"""

from __future__ import annotations

import argparse
import sys

from api import ask
from api.cli import asking, commands
from api.searchers import open_searcher
from index.errors import QueryError
from search.types import MAX_QUERY_CHARS

NAME = "search"
HELP = "ask in English, Hindi, or Hindi in Latin letters; get ranked paragraphs of both languages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to look for; - reads it from stdin")
    asking.add_arguments(parser)
    parser.add_argument(
        "--mode", choices=ask.MODES, default="hybrid", help="which legs answer (default: hybrid)"
    )
    parser.add_argument(
        "--semantic-ratio", type=float, metavar="R", help="weight of meaning against words, 0 to 1"
    )
    parser.add_argument(
        "--transliterate",
        choices=ask.TRANSLITERATIONS,
        default="auto",
        help="read Latin letters as Hindi where they look it, never, or always (default: auto)",
    )


def run(arguments: argparse.Namespace) -> int:
    request = asking.request_of(
        arguments,
        _query(arguments.query),
        mode=arguments.mode,
        semantic_ratio=arguments.semantic_ratio,
        transliterate=arguments.transliterate,
    )
    searcher = open_searcher(commands.settings_of(arguments))
    return asking.show(searcher.search(request), arguments)


def _query(words: list[str]) -> str:
    if words != ["-"]:
        return " ".join(words)
    try:
        return sys.stdin.buffer.read(MAX_QUERY_CHARS * 4 + 1).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise QueryError(f"the query on stdin is not UTF-8: byte {error.start} cannot be read") from error
