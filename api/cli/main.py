"""Reads the command, runs it and turns every outcome into an exit code.

Not for what a command does: see the module of its name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from api.cli import commands
from index.errors import DubhashiError, EncoderError, IndexError_, NotFound

OK, NO_HITS, BAD_INPUT, BAD_INDEX, BAD_ENCODER, NOT_FOUND = 0, 1, 2, 3, 4, 5
UNEXPECTED, INTERRUPTED, BROKEN_PIPE = 70, 130, 141

_EPILOG = """\
exit codes: 0 done, 1 no hits, 2 unusable input or settings, 3 trouble with the index, 4 trouble with the
encoder, 5 no such passage or generation, 70 a defect of this program, 130 interrupted, 141 broken pipe
"""


def main(argv: Sequence[str] | None = None) -> int:
    try:
        arguments = parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except DubhashiError as error:
        return _report(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it stays quiet
        return BROKEN_PIPE
    except Exception:
        import traceback

        traceback.print_exc()
        print("dubhashi: this is a defect; please report it with the lines above", file=sys.stderr)
        return UNEXPECTED


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other mistake is told."""

    def error(self, message: str) -> NoReturn:
        if "QUERY" in message and any(word.startswith("-") for word in sys.argv[2:]):
            message += " (one that begins with - goes behind --)"
        self.exit(BAD_INPUT, f"dubhashi: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="dubhashi",
        description="Search Hindi and English paragraphs together, from English, Hindi or romanised Hindi.",
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    each = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in commands.all_commands():
        one = each.add_parser(command.NAME, help=command.HELP, description=command.HELP, allow_abbrev=False)
        command.add_arguments(one)
        one.set_defaults(run=command.run)
    return top


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        print(f"dubhashi {version('dubhashi')}")
        parser.exit()


def _report(error: DubhashiError) -> int:
    print(f"dubhashi: {' '.join(str(error).split())}", file=sys.stderr)
    if isinstance(error, IndexError_):
        return BAD_INDEX
    if isinstance(error, EncoderError):
        return BAD_ENCODER
    return NOT_FOUND if isinstance(error, NotFound) else BAD_INPUT
