"""What each part of the ranking is worth: the same judged folders with parts taken away.

usage: python -m bench.ablation [--name NAME] DIR [DIR …]

Rows: words (and their inflections) alone; + sound keys and romanised reading; + translation table; + words akin;
+ nearness; + dense.
Writes bench/results/NAME.json.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.machine import save
from index.build import rebuild
from index.encoders.base import Encoder
from index.encoders.choose import open_encoder
from index.generation import open_generation
from search.evaluate.folders import JudgedFolder, read_folder
from search.evaluate.measures import measure
from search.evaluate.runs import DEPTH, ranked
from search.searcher import Searcher
from search.types import Mode, SearchRequest, Transliterate
from search.weights import Weights, for_corpus

Row = tuple[str, Weights, Mode, Transliterate]


def rows(full: Weights) -> list[Row]:
    """From the barest to the whole; `dense` alone stands last for comparison."""
    words = replace(
        full,
        sound=0.0,
        enough=0.0,
        translation=0.0,
        related=0.0,
        kin=0.0,
        derived=0.0,
        known_derived=0.0,
        nearness=0.0,
    )
    sounds = replace(words, sound=full.sound, enough=full.enough)
    table = replace(full, kin=0.0, nearness=0.0)
    kin = replace(full, nearness=0.0)
    return [
        ("words", words, "sparse", "off"),
        ("+ sound keys", sounds, "sparse", "auto"),
        ("+ translation table", table, "sparse", "auto"),
        ("+ words akin", kin, "sparse", "auto"),
        ("+ nearness", full, "sparse", "auto"),
        ("+ dense (hybrid)", full, "hybrid", "auto"),
        ("dense alone", full, "dense", "auto"),
    ]


def quality(
    searcher: Searcher, folder: JudgedFolder, mode: Mode, transliterate: Transliterate
) -> dict[str, float]:
    judged = {document for found in folder.qrels.values() for document in found}
    run = {}
    for query in folder.queries:
        request = SearchRequest(
            query.text, limit=DEPTH, mode=mode, transliterate=transliterate, explain=False
        )
        run[query.id] = ranked(searcher.search(request).hits, judged)
    measured = measure(folder.qrels, run, [q.id for q in folder.queries])
    return {name: round(measured[name].mean, 4) for name in ("nDCG@10", "accuracy@1", "MAP")}


def ablate(folders: list[JudgedFolder], encoder: Encoder) -> dict[str, dict[str, dict[str, float]]]:
    """Folder name to row name to measures; one build a corpus."""
    found: dict[str, dict[str, dict[str, float]]] = {folder.name: {} for folder in folders}
    for fingerprint in dict.fromkeys(folder.fingerprint for folder in folders):
        shared = [folder for folder in folders if folder.fingerprint == fingerprint]
        with tempfile.TemporaryDirectory() as place:
            rebuild([shared[0].corpus], Path(place), encoder)
            with open_generation(Path(place)) as generation:
                full = for_corpus(Searcher(generation, encoder).average_length)
                for name, weights, mode, transliterate in rows(full):
                    searcher = Searcher(generation, encoder, weights=weights)
                    for folder in shared:
                        found[folder.name][name] = quality(searcher, folder, mode, transliterate)
                        print(folder.name, name, found[folder.name][name], flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--name", default="ablation")
    args = parser.parse_args()
    encoder = open_encoder("bridge").encoder
    result = ablate([read_folder(folder) for folder in args.folders], encoder)
    print(
        save(
            args.name, {"encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint}, "sets": result}
        )
    )


if __name__ == "__main__":
    main()
