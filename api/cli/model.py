"""`dubhashi model …`: encoders as files: list, fetch, slim, verify, bundle, install.

Not for choosing the one that an index uses: `--encoder` does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from api.cli import progress, terminal
from index.errors import EncoderError, ModelNotFound, SourceError

NAME = "model"
HELP = "encoders on this machine: list, fetch, slim, verify, bundle, install"
_SEEDS = Path("seeds")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    each = parser.add_subparsers(title="what to do", metavar="STEP", required=True)

    def step(name: str, help_: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = each.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        one.set_defaults(step=work)
        return one

    step("list", "which models are here, and where", _list)
    one = step("fetch", "download a model from the hub, once; resumable", _fetch)
    one.add_argument("model", metavar="NAME", help="labse, or a hub name")
    one.add_argument(
        "--revision", default="main", metavar="REV", help="branch, tag or commit (default: main)"
    )
    one = step("slim", "make a small and fast model that runs without torch", _slim)
    one.add_argument("model", metavar="NAME", help="labse, a hub name or a folder")
    one.add_argument("--precision", choices=("int8", "bf16"), default="int8", help="default: int8")
    one.add_argument("--as", dest="as_name", default="", metavar="NAME", help="what to call it (labse-slim)")
    _add_texts(one, "paragraphs to calibrate int8 on")
    one = step(
        "verify", "compare slim models with their original; blesses those that keep the bounds", _verify
    )
    one.add_argument("model", metavar="NAME", help="a slim model, or an original: then each slim model of it")
    one.add_argument("--original", default="", metavar="NAME", help="where the original is, if elsewhere")
    _add_texts(one, "paragraphs, with queries.jsonl and qrels/ for the ranks")
    one = step("bundle", "write a model into one file, to carry it to a machine without network", _bundle)
    one.add_argument("model", metavar="NAME")
    one.add_argument("file", type=Path, metavar="FILE")
    one = step("install", "put a bundle's model where --encoder finds it", _install)
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--as", dest="as_name", default="", metavar="NAME", help="another name for it")
    one.add_argument("--replace", action="store_true", help="in place of the one of this name")


def run(arguments: argparse.Namespace) -> int:
    return int(arguments.step(arguments))


def _add_texts(parser: argparse.ArgumentParser, help_: str) -> None:
    parser.add_argument("--texts", type=Path, metavar="FOLDER", help=f"{help_} (default: ./seeds)")


def _texts(arguments: argparse.Namespace) -> Path:
    folder: Path = arguments.texts or _SEEDS
    if not folder.exists():
        raise SourceError(f"there is no folder {folder}: name Hindi and English texts with --texts FOLDER")
    return folder


def _list(_: argparse.Namespace) -> int:
    from index.encoders.bridge import BUNDLED
    from index.encoders.hub import cache_folder, cached_snapshot
    from index.encoders.place import shelf
    from index.encoders.shelf import is_slim, read_slim, shelved, size_of

    rows = [("bridge", "bundled", size_of(BUNDLED), BUNDLED)]
    for name, folder in shelved().items():
        if is_slim(folder):
            about = read_slim(folder)
            state = {True: "verified", False: "failed", None: "not verified"}[about.verified.get("passed")]
            rows.append((name, f"slim {about.precision} of {about.source}, {state}", size_of(folder), folder))
        else:
            rows.append((name, "installed", size_of(folder), folder))
    for repository in sorted(cache_folder().glob("models--*")):
        full = repository.name.removeprefix("models--").replace("--", "/", 1)
        if (snapshot := cached_snapshot(full)) is not None:
            kind = f"fetched, revision {snapshot.name[:12]}"
            rows.append((full, kind, size_of(snapshot), snapshot))
    for name, kind, size, folder in rows:
        print(f"{name:<24} {kind:<44} {size / 1e6:>8,.1f} MB  {folder}")
    terminal.notice(f"looked in {shelf()} and in the hub's cache, {cache_folder()}")
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    from index.slim.fetch import fetch

    with progress.downloading(sys.stderr, arguments.model) as arrived:
        folder = fetch(arguments.model, arguments.revision, arrived)
    print(f"{arguments.model} is in {folder} (revision {folder.name})")
    if arguments.revision != "main":
        terminal.notice(f"not the hub's main revision: use it by its folder, --encoder {folder}")
    return 0


def _slim(arguments: argparse.Namespace) -> int:
    from index.encoders.place import shelf
    from index.encoders.shelf import size_of
    from index.slim.judged import read_judged
    from index.slim.slim import slim

    short = Path(arguments.model).name.lower()
    tail = "-slim" if arguments.precision == "int8" else "-slim-bf16"
    target = shelf() / (arguments.as_name or short + tail)
    texts = read_judged(_texts(arguments)).texts if arguments.precision == "int8" else ()
    made = slim(arguments.model, target, arguments.precision, texts, terminal.notice)
    print(
        f"{target.name}: {made.pieces:,} of {made.source_pieces:,} pieces, {made.precision}, "
        f"{size_of(target) / 1e6:,.1f} MB in {target}"
    )
    terminal.notice(f"next: dubhashi model verify {target.name}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from index.encoders.shelf import read_slim
    from index.slim.judged import read_judged
    from index.slim.verify import verify

    judged = read_judged(_texts(arguments))
    passing: list[str] = []
    failing: list[str] = []
    for folder in _slim_models(arguments.model):
        verdict = verify(folder, arguments.original or read_slim(folder).source, judged)
        (failing if verdict.faults else passing).append(f"{folder.name} ({verdict.precision})")
        print(
            f"{folder.name} ({verdict.precision}): {'FAILS' if verdict.faults else 'passes'}\n"
            f"  cosine            mean {verdict.cosine_mean:.5f}, min {verdict.cosine_min:.5f}\n"
            f"  nearest ten kept  {verdict.agreement:.3f}\n"
            f"  nDCG@10           {verdict.ndcg:.4f}, original {verdict.ndcg_original:.4f}\n"
            f"  texts a second    {verdict.rate:.1f}, original {verdict.rate_original:.1f}\n"
            f"  resident MB       {verdict.resident / 1e6:.0f}, original {verdict.resident_original / 1e6:.0f}\n"
            f"  MB on disk        {verdict.bytes / 1e6:.1f}, original {verdict.bytes_original / 1e6:.1f}"
        )
        for fault in verdict.faults:
            terminal.notice(f"  {fault}")
    if failing:
        hint = f"passing: {', '.join(passing)}" if passing else "try --precision bf16, or use the original"
        raise EncoderError(f"not blessed: {', '.join(failing)}; {hint}")
    return 0


def _slim_models(name: str) -> list[Path]:
    from index.encoders.place import shelf
    from index.encoders.shelf import is_slim, read_slim, shelved

    path = Path(name).expanduser()
    if is_slim(path):
        return [path]
    slims = {each: folder for each, folder in shelved().items() if is_slim(folder)}
    found = [slims[name]] if name in slims else [f for f in slims.values() if read_slim(f).source == name]
    if not found:
        raise ModelNotFound(
            f"there is no slim model of {name} in {shelf()}: make one with `dubhashi model slim {name}`"
        )
    return found


def _bundle(arguments: argparse.Namespace) -> int:
    from index.encoders.hub import find_model
    from index.encoders.shelf import is_slim, shelved
    from index.slim.bundle import bundle

    path = Path(arguments.model).expanduser()
    folder = path if is_slim(path) else shelved().get(arguments.model) or find_model(arguments.model)
    name = folder.name if is_slim(folder) or path.is_dir() else path.name.lower()
    file = bundle(name, folder, arguments.file)
    print(f"{file}: {file.stat().st_size / 1e6:,.1f} MB; there: dubhashi model install {file.name}")
    return 0


def _install(arguments: argparse.Namespace) -> int:
    from index.slim.bundle import install

    folder = install(arguments.file, name=arguments.as_name, replace=arguments.replace)
    print(f"{folder.name} is in {folder}: --encoder {folder.name}")
    return 0
