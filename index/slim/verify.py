"""`dubhashi model verify`: a slim model beside its original, on real paragraphs and judged queries.

A model is blessed where every figure keeps its bound; the bounds stand below. Not for absolute quality.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import log2
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Encoder, Vectors
from index.encoders.openvino import OpenVinoEncoder
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from index.encoders.shelf import FILES, Slim, read_slim, size_of
from index.errors import EncoderError
from index.slim.judged import Judged
from index.slim.slim import digest

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least that a precision may reach; `ndcg_loss` is the most."""

    cosine_mean: float
    cosine_min: float
    agreement: float
    ndcg_loss: float


BOUNDS = {
    "bf16": Bounds(cosine_mean=0.999, cosine_min=0.99, agreement=0.95, ndcg_loss=0.005),
    "int8": Bounds(cosine_mean=0.99, cosine_min=0.95, agreement=0.85, ndcg_loss=0.01),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cosines of a text's two rows; `agreement` is the share of the original's ten nearest that stay so.

    nDCG@10 is of the dense leg alone. Rates are texts a second. `resident` is of a process that has answered
    one query, in bytes; 0 where the system does not tell.
    """

    precision: str
    texts: int
    queries: int
    cosine_mean: float
    cosine_min: float
    agreement: float
    ndcg: float
    ndcg_original: float
    rate: float
    rate_original: float
    bytes: int
    bytes_original: int
    resident: int = 0
    resident_original: int = 0

    @property
    def faults(self) -> list[str]:
        """Which bounds it does not keep; empty for a model that passes."""
        bounds = BOUNDS[self.precision]
        found = [
            f"{name} {getattr(self, name):.4f} is below {getattr(bounds, name)}"
            for name in ("cosine_mean", "cosine_min", "agreement")
            if not getattr(self, name) >= getattr(bounds, name)
        ]
        if not self.ndcg_original - self.ndcg <= bounds.ndcg_loss:
            found.append(
                f"nDCG@10 fell from {self.ndcg_original:.4f} to {self.ndcg:.4f}, by more than {bounds.ndcg_loss}"
            )
        return found


def verify(folder: Path, original: str, judged: Judged, *, memory: bool = True) -> Verdict:
    """Measure, and write the verdict into the model's slim.json. Raises EncoderError where a file is damaged."""
    about = check_files(folder)
    theirs = SentenceTransformerEncoder(original)
    ours = OpenVinoEncoder(folder)
    verdict = compare(theirs, ours, judged, about.precision, (theirs.folder, folder))
    if memory:
        sizes = (_resident(str(folder)), _resident(str(theirs.folder)))
        verdict = Verdict(**{**asdict(verdict), "resident": sizes[0], "resident_original": sizes[1]})
    about.with_verdict({**asdict(verdict), "passed": not verdict.faults}).write(folder)
    return verdict


def check_files(folder: Path) -> Slim:
    """Every checksum that slim.json holds."""
    about = read_slim(folder)
    for name in FILES:
        if not (folder / name).is_file() or digest(folder / name) != about.files[name]:
            raise EncoderError(f"{folder / name} is missing or altered: make or install the model again")
    return about


def compare(
    theirs: Encoder, ours: Encoder, judged: Judged, precision: str, folders: tuple[Path, Path]
) -> Verdict:
    theirs.encode_passages(judged.texts[:8]), ours.encode_passages(judged.texts[:8])
    old, old_rate = _timed(theirs, judged.texts)
    new, new_rate = _timed(ours, judged.texts)
    queries = judged.queries or judged.texts[:100]
    old_queries, new_queries = theirs.encode_queries(queries), ours.encode_queries(queries)
    cosines = np.concatenate([_cosines(old, new), _cosines(old_queries, new_queries)])
    old_ranks, new_ranks = _ranks(old_queries, old), _ranks(new_queries, new)
    return Verdict(
        precision=precision,
        texts=len(judged.texts),
        queries=len(judged.queries),
        cosine_mean=float(cosines.mean()),
        cosine_min=float(cosines.min()),
        agreement=_agreement(old_ranks, new_ranks),
        ndcg=_ndcg(new_ranks, judged.relevant),
        ndcg_original=_ndcg(old_ranks, judged.relevant),
        rate=new_rate,
        rate_original=old_rate,
        bytes=size_of(folders[1]),
        bytes_original=size_of(folders[0]),
    )


def _timed(encoder: Encoder, texts: Sequence[str]) -> tuple[Vectors, float]:
    began = perf_counter()
    rows = encoder.encode_passages(texts)
    return rows, len(texts) / (perf_counter() - began)


def _cosines(left: Vectors, right: Vectors) -> Vectors:
    """Of unit rows; two rows of zeros (nothing to see) agree."""
    blind = ~left.any(axis=1) & ~right.any(axis=1)
    found: Vectors = np.where(blind, np.float32(1), np.einsum("ij,ij->i", left, right))
    return found


def _ranks(queries: Vectors, passages: Vectors) -> NDArray[np.intp]:
    return np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :_DEPTH]


def _agreement(old: NDArray[np.intp], new: NDArray[np.intp]) -> float:
    shared = [len(set(left) & set(right)) / len(left) for left, right in zip(old, new, strict=True)]
    return float(np.mean(shared))


def _ndcg(ranks: NDArray[np.intp], relevant: Sequence[frozenset[int]]) -> float:
    """nDCG@10 with judgements of yes or no; 0 without any."""
    if not relevant:
        return 0.0
    scores = []
    for row, wanted in zip(ranks, relevant, strict=True):
        gain = sum(1 / log2(rank + 2) for rank, place in enumerate(row) if int(place) in wanted)
        scores.append(gain / sum(1 / log2(rank + 2) for rank in range(min(len(wanted), _DEPTH))))
    return float(np.mean(scores))


_RESIDENT = """
import sys
from pathlib import Path
from index.encoders.choose import open_encoder
open_encoder(sys.argv[1]).encoder.encode_queries(["भारत India"])
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmRSS:"):
        print("resident", int(line.split()[1]) * 1024)
"""


def _resident(encoder: str) -> int:
    done = subprocess.run([sys.executable, "-c", _RESIDENT, encoder], capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("resident "):
            return int(line.split()[1])
    return 0
