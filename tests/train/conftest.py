"""Forty made-up parallel lines and a glossary of one entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.train.words import WORDS


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """For matrices this small more threads only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(0)
    lines = []
    for _ in range(40):
        chosen = random.choice(list(WORDS), 4, replace=False)
        lines.append(f"the {' '.join(chosen)}\t{' '.join(WORDS[word] for word in chosen)} है")
    (folder / "tico19.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "glossary").mkdir()
    (folder / "glossary" / "a.tsv").write_text("river | stream\tनदी | दरिया\n", "utf-8")
    return folder
