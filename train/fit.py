"""Learns the table of piece vectors by contrast: what belongs together against everything else in the batch.

Beside it, where there is a teacher, by following the vectors that it gives. Not for where batches come from: see
`batches` and `lessons`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from train.batches import Batch, Taught, clashes
from train.ragged import Ragged


@dataclass(frozen=True, slots=True)
class Schedule:
    steps: int = 1000
    rate: float = 0.01
    warm: int = 50
    scale: float = 20.0


def initial_table(shares: np.ndarray, dimension: int, seed: int, smooth: float = 1e-4) -> Tensor:
    """Random directions, length by rarity (a/(a + p), Arora et al. 2017): before any learning, the sum of a
    text's rows already compares its rare words."""
    generator = torch.Generator().manual_seed(seed)
    table = torch.randn(len(shares), dimension, generator=generator) / dimension**0.5
    return table * torch.from_numpy(smooth / (smooth + shares)).float()[:, None]


def contrast(table: Tensor, batch: Batch, pieces: Ragged, scale: float) -> Tensor:
    """Cross-entropy of finding each left row's right row in the batch, and the reverse."""
    left, right = encode(table, batch.left, pieces), encode(table, batch.right, pieces)
    alike = (left.bfloat16() @ right.bfloat16().T).float() * scale
    alike = alike.masked_fill(torch.from_numpy(clashes(batch)), -1e4)
    target = torch.arange(len(left))
    return (functional.cross_entropy(alike, target) + functional.cross_entropy(alike.T, target)) / 2


def follow(table: Tensor, taught: Taught, pieces: Ragged) -> Tensor:
    """How far the rows' vectors are from the teacher's: one less the cosine, on average."""
    ours, theirs = encode(table, taught.rows, pieces), torch.from_numpy(taught.vectors)
    return 1 - (ours * theirs).sum(1).mean()


def encode(table: Tensor, rows: Ragged, pieces: Ragged) -> Tensor:
    cut = rows.through(pieces)
    sums = functional.embedding_bag(
        torch.from_numpy(cut.flat), table, torch.from_numpy(cut.offsets[:-1]), mode="sum"
    )
    return functional.normalize(sums, dim=1)


def fit(
    table: Tensor,
    pieces: Ragged,
    tasks: Callable[[], Iterable[tuple[float, Batch | Taught]]],
    schedule: Schedule,
    say: Callable[[str], None] = lambda _: None,
) -> Tensor:
    """`tasks()` yields a step's weighted batches; their losses are added."""
    table = table.clone().requires_grad_()
    optimiser = torch.optim.Adam([table], lr=schedule.rate, betas=(0.9, 0.98))
    start = time.monotonic()
    for step in range(schedule.steps):
        optimiser.param_groups[0]["lr"] = schedule.rate * _rate(step, schedule)
        optimiser.zero_grad()
        losses = []
        for weight, batch in tasks():
            if isinstance(batch, Taught):
                loss = follow(table, batch, pieces) * weight
            else:
                loss = contrast(table, batch, pieces, schedule.scale) * weight
            loss.backward()  # type: ignore[no-untyped-call]
            losses.append(float(loss.detach()) / weight)
        optimiser.step()
        if step % 100 == 0 or step == schedule.steps - 1:
            shown = " ".join(f"{loss:.3f}" for loss in losses)
            say(f"step {step:5d}  loss {shown}  {time.monotonic() - start:.0f} s")
    return table.detach()


def _rate(step: int, schedule: Schedule) -> float:
    if step < schedule.warm:
        return (step + 1) / schedule.warm
    return max(0.02, 1 - (step - schedule.warm) / max(1, schedule.steps - schedule.warm))
