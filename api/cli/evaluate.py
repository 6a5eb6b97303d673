"""`dubhashi eval DIR…`: how good the ranking is on judged queries in BEIR form.

Not for the measures or the runs: those are `search.evaluate`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from api import ask
from api.cli import commands
from index.errors import SettingsError

if TYPE_CHECKING:
    from search.evaluate.runs import FolderResult

NAME = "eval"
HELP = "build a temporary index of judged folders, ask every query, report nDCG@10, recall, MRR, MAP and accuracy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders", nargs="+", metavar="DIR", type=Path, help="a folder in BEIR form, or seeds"
    )
    commands.add_encoder(parser)
    parser.add_argument(
        "--mode", choices=ask.MODES, default="hybrid", help="which legs answer (default: hybrid)"
    )
    parser.add_argument("--json", action="store_true", help="print one object: folder name to its measures")
    parser.add_argument("--report", metavar="FILE.html", type=Path, help="also write a page with a chart")


def run(arguments: argparse.Namespace) -> int:
    from index.encoders.choose import open_encoder
    from search.evaluate.folders import read_folder
    from search.evaluate.report import page
    from search.evaluate.runs import evaluate

    given = {path: read_folder(path) for path in arguments.folders}
    names = Counter(folder.name for folder in given.values())
    folders = [
        folder if names[folder.name] == 1 else replace(folder, name=str(path))
        for path, folder in given.items()
    ]
    choice = open_encoder(commands.settings_of(arguments).encoder)
    _notice(f"encoder {choice.encoder.name} ({choice.reason})")
    results = list(evaluate(folders, choice.encoder, arguments.mode, notify=_notice))
    if arguments.report:
        title = f"Dubhashi: {arguments.mode} search with {choice.encoder.name}"
        try:
            arguments.report.write_text(page(results, title), encoding="utf8")
        except OSError as error:
            raise SettingsError(f"cannot write the report {arguments.report}: {error.strerror}") from error
    if arguments.json:
        print(json.dumps({r.folder.name: r.summary() for r in results}, ensure_ascii=False, indent=2))
    else:
        print(*_table(results), sep="\n")
    return 0


def _table(results: list[FolderResult]) -> list[str]:
    """A line a folder, and a line each of its slices where there are several."""
    from search.evaluate.measures import NAMES

    width = max(len(r.folder.name) for r in results)
    lines = [" ".join([" " * width, *(f"{name:>10}" for name in NAMES), f"{'queries':>8}"])]
    for result in results:
        values = (f"{result.measured[name].mean:>10.3f}" for name in NAMES)
        lines.append(" ".join([f"{result.folder.name:{width}}", *values, f"{len(result.folder.queries):>8}"]))
        for name, (measured, count) in result.by_slice().items():
            low, high = measured.interval()
            lines.append(
                f"    {name}: nDCG@10 {measured.mean:.3f} [{low:.3f}, {high:.3f}] of {count} queries"
            )
    return lines


def _notice(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
