"""Which commands there are, and the flags that several of them share.

Not for running them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol, cast

from api.settings import Settings, load


class Command(Protocol):
    """A module. `run` gives the exit code or raises DubhashiError; what is heavy is imported in it."""

    NAME: str
    HELP: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def all_commands() -> list[Command]:
    from api.cli import (
        evaluate,
        info,
        key,
        model,
        rebuild,
        restore,
        rollback,
        search,
        serve,
        similar,
        snapshot,
        tune,
        verify,
    )

    modules = (
        rebuild,
        search,
        similar,
        serve,
        info,
        rollback,
        verify,
        snapshot,
        restore,
        evaluate,
        tune,
        key,
        model,
    )
    return [cast(Command, module) for module in modules]


def add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", metavar="DIR", help="the index folder (default: dubhashi-index)")


def add_encoder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--encoder",
        metavar="NAME",
        help="auto, bridge, labse, or the path or hub name of a model (default: auto)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the same JSON object as HTTP gives")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings in force, the command's own flags first."""
    given = vars(arguments)
    return load({name: given[name] for name in Settings.__dataclass_fields__ if name in given})
