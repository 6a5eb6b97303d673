"""The flags of a question, and an answer's way to stdout: what `search` and `similar` share.

Not for the flags of other commands.
"""

from __future__ import annotations

import argparse
import sys

from api import ask
from api.cli import commands, terminal
from search.types import Answer, SearchRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    commands.add_encoder(parser)
    parser.add_argument(
        "-n", "--limit", type=int, default=10, metavar="N", help="hits to print (default: 10)"
    )
    parser.add_argument(
        "--offset", type=int, default=0, metavar="N", help="hits to leave out before the first"
    )
    parser.add_argument("--lang", choices=ask.LANGUAGES, help="passages of this language only")
    parser.add_argument("--script", choices=ask.SCRIPTS, help="passages in this script only")
    parser.add_argument(
        "--from", dest="date_from", metavar="DATE", help="no older than 2023, 2023-08 or 2023-08-23"
    )
    parser.add_argument("--to", dest="date_to", metavar="DATE", help="no newer than this")
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="passages with this metadata; repeatable",
    )
    parser.add_argument(
        "--min-score", type=float, default=0.0, metavar="S", help="leave out hits below S (0 to 1)"
    )
    parser.add_argument(
        "--collapse", action="store_true", help="fold reprints and translations of one passage"
    )
    parser.add_argument("--latin", action="store_true", help="show Hindi in Latin letters")
    commands.add_json(parser)


def request_of(arguments: argparse.Namespace, q: str, **more: object) -> SearchRequest:
    """The question as given. Raises QueryError."""
    return ask.checked(
        SearchRequest(
            q=q,
            limit=arguments.limit,
            offset=arguments.offset,
            lang=arguments.lang,
            script=arguments.script,
            date_from=arguments.date_from,
            date_to=arguments.date_to,
            where=ask.conditions(arguments.where),
            min_score=arguments.min_score,
            collapse=arguments.collapse,
            **more,  # type: ignore[arg-type]
        )
    )


def show(answer: Answer, arguments: argparse.Namespace) -> int:
    """Prints the answer; the exit code is 1 where there are no hits, as grep's is."""
    if arguments.json:
        from api import wire

        print(wire.dumps(wire.answer_object(answer, latin=arguments.latin), indent=2))
    elif answer.hits:
        from api.cli.hits import Page

        wide = terminal.width() if terminal.is_terminal(sys.stdout) else 0
        colour = terminal.has_colour(sys.stdout)
        print(Page(colour=colour, width=wide, latin=arguments.latin).draw(answer), flush=True)
    _notices(answer, arguments)
    return 0 if answer.hits else 1


def _notices(answer: Answer, arguments: argparse.Namespace) -> None:
    for warning in answer.warnings:
        terminal.notice(f"dubhashi: {warning}")
    if arguments.json:
        return
    from api.cli.hits import read_words, summary

    if any(token.language == "hi-Latn" for token in answer.read_as.tokens):
        terminal.notice(f"read as: {read_words(answer.read_as)}")
    terminal.notice(summary(answer))
