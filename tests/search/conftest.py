"""The seed index, built once with the bundled encoder, and a small corpus whose scores can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import rebuild
from index.encoders.choose import open_encoder
from search.searcher import Searcher

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed-index")
    rebuild([SEEDS], folder, open_encoder("bridge").encoder)
    return folder


@pytest.fixture(scope="session")
def seeds(seed_index: Path) -> Iterator[Searcher]:
    searcher = Searcher.open(seed_index, "bridge")
    yield searcher
    searcher.close()
