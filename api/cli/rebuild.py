"""`dubhashi rebuild [SOURCE …]`: reads sources and puts a new generation of the index in force.

Not for what a rebuild does: `index.build`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import commands, terminal
from api.rebuilding import report_object, sources_of
from api.settings import Settings
from index.errors import DubhashiError, IndexLocked

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.encoders.base import Encoder

    Say = Callable[[BuildReport, Settings], str]

NAME = "rebuild"
HELP = "read texts, Markdown and JSON Lines into a new generation of the index"


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
        "--watch",
        dest="follow",
        action="store_true",
        help="go on: rebuild whenever a source changes, until Ctrl-C",
    )
    parser.add_argument(
        "--strict", action="store_true", help="stop at a broken file instead of leaving it out"
    )
    parser.add_argument("--json", action="store_true", help="print the report as a job's in HTTP")


def run(arguments: argparse.Namespace) -> int:
    settings = commands.settings_of(arguments)
    sources = arguments.sources or sources_of(settings.index)
    from index.encoders.choose import open_encoder

    choice = open_encoder(settings.encoder)
    terminal.notice(f"encoder {choice.encoder.name}: {choice.reason}")
    say = _as_json if arguments.json else _summary
    if arguments.follow:
        _follow(sources, settings, choice.encoder, say, strict=arguments.strict, force=arguments.force)
    else:
        _once(sources, settings, choice.encoder, say, strict=arguments.strict, force=arguments.force)
    return 0


def _follow(
    sources: Sequence[Path], settings: Settings, encoder: Encoder, say: Say, *, strict: bool, force: bool
) -> None:
    """Rebuilds once, then after each change. What goes wrong then is told, and tried again at the next change; where
    another rebuild is at work, as soon as that has ended."""
    from index.watch import Watch

    watch = Watch(sources)
    _once(sources, settings, encoder, say, strict=strict, force=force)
    terminal.notice(f"watching {', '.join(map(str, sources))} (Ctrl-C stops)")
    told = ""
    while True:
        watch.wait()
        try:
            _once(sources, settings, encoder, say, strict=strict)
        except DubhashiError as error:
            if str(error) != told:
                terminal.notice(f"dubhashi: {error}")
            if isinstance(error, IndexLocked):
                told = str(error)
                continue
        told = ""
        watch.handled()


def _once(
    sources: Sequence[Path],
    settings: Settings,
    encoder: Encoder,
    say: Say,
    *,
    strict: bool,
    force: bool = False,
) -> None:
    from api.cli.progress import shown
    from index.build import rebuild

    with shown(sys.stderr) as progress:
        report = rebuild(sources, settings.index, encoder, strict=strict, progress=progress, force=force)
    for text in (*map(str, report.problems), *report.notices):
        terminal.notice(text)
    print(say(report, settings), flush=True)


def _as_json(report: BuildReport, settings: Settings) -> str:
    return json.dumps(report_object(report))


def _summary(report: BuildReport, settings: Settings) -> str:
    """One line with counts and rates."""
    languages = ", ".join(f"{count} {name}" for name, count in sorted(report.languages.items()))
    what = f"{report.passages} passages ({languages}) of {report.documents} documents"
    if report.unchanged:
        return f"nothing changed: generation {report.generation} of {settings.index} holds {what}"
    kept = f", kept {report.kept}" if report.kept else ""
    problems = len(report.problems)
    left_out = f", {problems} problem{'s' if problems > 1 else ''}" if problems else ""
    spent = f"{report.seconds:.1f} s, {report.rate.per_second:,.0f} passages a second"
    return f"generation {report.generation} of {settings.index}: {what}{kept}{left_out} in {spent}"
