"""Speed, size, memory and load time of a slim LaBSE against `SentenceTransformer.encode`, at full size.

    python -m bench.labse --work FOLDER --out bench/results/labse.json

The weights are random, since speed does not depend on them: 471 million parameters in LaBSE's shape, with a
vocabulary of 501,153 pieces of which `--kept` are Hindi and English. Each model is measured in a process of its
own (`labse_process`), with the same texts and threads, in turn for `--rounds`; of each figure the best round
counts, of memory the most. Cosines are of random weights: no figure of quality.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.labse_process import passages

PIECES = 501_153
SHAPE = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the models: 2.5 GB, kept")
    parser.add_argument("--out", type=Path, default=Path("bench/results/labse.json"))
    parser.add_argument("--texts", type=int, default=96, help="paragraphs of the seeds, evenly spread")
    parser.add_argument("--kept", type=int, default=60_000)
    parser.add_argument("--calibration", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    folders = make(arguments.work, arguments.kept, arguments.calibration)
    rounds = [
        {name: measured(folder, arguments) for name, folder in folders.items()}
        for _ in range(arguments.rounds)
    ]
    results = {name: best([each[name] for each in rounds]) for name in folders}
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "python -m bench.labse " + " ".join(sys.argv[1:]),
        "machine": machine(),
        "texts": arguments.texts,
        "kept_pieces": arguments.kept,
        "results": results,
        "ratios": ratios(results, arguments.work),
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))


def machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    says = dict(line.split(":", 1) for line in lines if ":" in line)
    flags = next((text for key, text in says.items() if key.strip() == "flags"), "").split()
    name = next((text.strip() for key, text in says.items() if key.strip() == "model name"), "")
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
    return {
        "cpu": name,
        "cores": len(os.sched_getaffinity(0)),
        "amx": "amx_int8" in flags,
        "flags": [flag for flag in wanted if flag in flags],
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
    }


def make(work: Path, kept: int, calibration: int) -> dict[str, Path]:
    """The original and its slim models; those that are there already are taken."""
    from index.slim.slim import slim

    work.mkdir(parents=True, exist_ok=True)
    original = work / "labse-shaped"
    if not (original / "modules.json").exists():
        save_original(original, kept)
    folders = {"original": original}
    for precision in ("bf16", "int8"):
        target = folders[precision] = work / f"labse-shaped-{precision}"
        if not target.exists():
            began = time.perf_counter()
            slim(
                str(original),
                target,
                precision,
                passages(calibration),
                lambda text: print(text, file=sys.stderr),
            )
            print(f"{precision} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return folders


def save_original(folder: Path, kept: int) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(1)
    pieces = vocabulary(kept)
    raw = folder.with_name(folder.name + "-bert")
    BertModel(BertConfig(vocab_size=len(pieces), **SHAPE)).save_pretrained(raw)
    BertTokenizer(vocab={p: n for n, p in enumerate(pieces)}, do_lower_case=False).save_pretrained(raw)
    bert = Transformer(str(raw), max_seq_length=256)
    modules = [
        bert,
        Pooling(768, pooling_mode="cls"),
        Dense(768, 768, activation_function=torch.nn.Tanh()),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder))
    for path in raw.iterdir():
        path.unlink()


def vocabulary(kept: int) -> list[str]:
    """Letters and the commonest words of both languages, spread among as many foreign pieces as LaBSE has others."""
    from wordfreq import top_n_list

    letters = [chr(code) for low, high in ((0x21, 0x7F), (0x900, 0x980)) for code in range(low, high)]
    ours = dict.fromkeys(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{a}" for a in letters), "।", "—"]
    )
    english, hindi = top_n_list("en", kept), top_n_list("hi", kept)
    for place in range(kept):
        for words in (english, hindi):
            if place < len(words) and len(ours) < kept - 1:
                ours[words[place]] = None
                if len(words[place]) <= 4:
                    ours[f"##{words[place]}"] = None
        if place < len(english) and len(ours) < kept - 1:
            ours[english[place].capitalize()] = None
    step = PIECES // kept
    pieces = [f"ж{number}" for number in range(PIECES)]
    for place, piece in enumerate(list(ours)[:kept]):
        pieces[place if place < 5 else place * step] = piece  # the special ones first
    return pieces


def measured(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    rows = arguments.work / f"{folder.name}.npy"
    done = subprocess.run(
        [sys.executable, "-m", "bench.labse_process", str(folder), str(rows), str(arguments.texts)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["bytes"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder.name}: {found}", file=sys.stderr)
    return found


def best(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Other work on the machine only ever makes a figure worse; memory counts at its most."""
    found = {}
    for name, first in rounds[0].items():
        values = [each[name] for each in rounds]
        if isinstance(first, dict):
            found[name] = {kind: max(value[kind] for value in values) for kind in first}
        else:
            found[name] = (max if "_per_" in name else min)(values)
    return found


def ratios(results: dict[str, dict[str, Any]], work: Path) -> dict[str, dict[str, float]]:
    """Of each slim model to the original; cosines are means of the passages' rows."""
    import numpy as np

    old, rows = results["original"], np.load(work / "labse-shaped.npy")
    found = {}
    for name in ("bf16", "int8"):
        new = results[name]
        cosines = np.einsum("ij,ij->i", rows, np.load(work / f"labse-shaped-{name}.npy"))
        found[name] = {
            "throughput": new["passages_per_s"] / old["passages_per_s"],
            "throughput_cpu": new["passages_per_cpu_s"] / old["passages_per_cpu_s"],
            "latency": old["query_ms_median"] / new["query_ms_median"],
            "latency_cpu": old["query_cpu_ms"] / new["query_cpu_ms"],
            "latency_best": old["query_ms_best"] / new["query_ms_best"],
            "clients_16": new["queries_per_s_16"] / new["queries_per_s_one"],
            "clients_16_cpu": new["queries_per_cpu_s_16"] / new["queries_per_cpu_s_one"],
            "bytes": new["bytes"] / old["bytes"],
            "memory_serving": new["memory_serving"]["rss"] / old["memory_serving"]["rss"],
            "memory_serving_private": new["memory_serving"]["private"] / old["memory_serving"]["private"],
            "load": new["load_s"] / old["load_s"],
            "cosine_mean": float(cosines.mean()),
            "cosine_min": float(cosines.min()),
        }
    return found


if __name__ == "__main__":
    main()
