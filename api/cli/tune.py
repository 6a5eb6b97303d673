"""`dubhashi tune DIR…`: the fusion weight that suits one's own judged queries, kept beside the index.

Not for finding it: that is `search.evaluate.tune`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.cli import commands

NAME = "tune"
HELP = "choose the weight of meaning against words by judged queries over the index, and say what it gained"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folders", nargs="+", metavar="DIR", type=Path, help="queries.jsonl and qrels/test.tsv over the index"
    )
    commands.add_index(parser)
    commands.add_encoder(parser)


def run(arguments: argparse.Namespace) -> int:
    from search.evaluate.folders import read_folder
    from search.evaluate.tune import tune
    from search.searcher import Searcher
    from search.tuning import save_ratio

    settings = commands.settings_of(arguments)
    folders = [read_folder(folder) for folder in arguments.folders]
    tuned = tune(Searcher.open(settings.index, settings.encoder), folders)
    save_ratio(
        settings.index, tuned.semantic_ratio, before=tuned.before, after=tuned.after, queries=tuned.queries
    )
    print(f"semantic_ratio {tuned.semantic_ratio}", file=sys.stdout)
    print(
        f"nDCG@10 on the {tuned.queries // 2} queries that did not choose it: "
        f"{tuned.before:.4f} before, {tuned.after:.4f} after ({tuned.gain:+.4f})",
        file=sys.stderr,
    )
    return 0
