"""`dubhashi rebuild [SOURCE …]`: reads sources and puts a new generation of the index in force.

Not for what a rebuild does: `index.build`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import commands, terminal
from api.settings import Settings
from index.errors import IndexError_, IndexNotFound, SourceError

if TYPE_CHECKING:
    from index.build import BuildReport

NAME = "rebuild"
HELP = "read texts, Markdown and JSON Lines into a new generation of the index"
_SEEDS = Path("seeds")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="SOURCE",
        help="files and folders (default: those of the index there is, else ./seeds)",
    )
    commands.add_index(parser)
    commands.add_encoder(parser)
    parser.add_argument("--force", action="store_true", help="build anew even if nothing changed")
    parser.add_argument(
        "--strict", action="store_true", help="stop at a broken file instead of leaving it out"
    )


def run(arguments: argparse.Namespace) -> int:
    settings = commands.settings_of(arguments)
    sources = arguments.sources or _sources(settings)
    from api.cli.progress import shown
    from index.build import rebuild
    from index.encoders.choose import open_encoder

    choice = open_encoder(settings.encoder)
    terminal.notice(f"encoder {choice.encoder.name}: {choice.reason}")
    with shown(sys.stderr) as progress:
        report = rebuild(
            sources,
            settings.index,
            choice.encoder,
            strict=arguments.strict,
            progress=progress,
            force=arguments.force,
        )
    for text in (*map(str, report.problems), *report.notices):
        terminal.notice(text)
    print(_summary(report, settings))
    return 0


def _summary(report: BuildReport, settings: Settings) -> str:
    """One line with counts and rates."""
    languages = ", ".join(f"{count} {name}" for name, count in sorted(report.languages.items()))
    what = f"{report.passages} passages ({languages}) of {report.documents} documents"
    if report.unchanged:
        return f"nothing changed: generation {report.generation} of {settings.index} holds {what}"
    left_out = f", {len(report.problems)} problems" if report.problems else ""
    spent = f"{report.seconds:.1f} s, {report.rate.per_second:,.0f} passages a second"
    return f"generation {report.generation} of {settings.index}: {what}{left_out} in {spent}"


def _sources(settings: Settings) -> list[Path]:
    """What the index was built from, else the seeds. Raises SourceError where neither can be told."""
    from index.generation import open_generation

    try:
        with open_generation(settings.index, verify="size") as generation:
            return [Path(source) for source in generation.manifest.sources]
    except IndexNotFound:
        if _SEEDS.is_dir():
            return [_SEEDS]
        found = f"there is no index in {settings.index} and no folder ./seeds"
        raise SourceError(f"nothing to read: name files or folders ({found})") from None
    except IndexError_ as error:
        raise SourceError(
            f"name the files or folders to read, since the index cannot tell: {error}"
        ) from error
