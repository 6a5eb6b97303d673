"""One small LaBSE-shaped model, and its slim ones, for all tests of this folder."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoders.shelf import Slim
from index.slim.slim import slim
from tests.index.encoder_models import VOCABULARY, save_labse_like

TEXTS = [
    "भारत में चुनाव आयोग 2023",
    "election commission of india",
    "नदी का पुल भारत में",
    "a river bridge in india . votes",
    "मत votes मत 2 0 1 3",
]
FOREIGN = ["выборы", "##ский", "選", "мост", "straße", "##ß"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shelf and a cache of the tests' own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
            patch.delenv(name, raising=False)
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        patch.setenv("HF_HOME", str(folder / "hf"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        yield folder


@pytest.fixture(scope="session")
def original(home: Path) -> Path:
    """Its vocabulary has foreign pieces between ours, so that ids move."""
    folder = home / "labse-like"
    vocabulary = [*VOCABULARY[:9], *FOREIGN[:3], *VOCABULARY[9:], *FOREIGN[3:]]
    save_labse_like(folder, vocabulary)
    return folder


@pytest.fixture(scope="session")
def bf16(original: Path, home: Path) -> Path:
    return _slim(original, home, "bf16")


@pytest.fixture(scope="session")
def int8(original: Path, home: Path) -> Path:
    return _slim(original, home, "int8")


def _slim(original: Path, home: Path, precision: str) -> Path:
    target = home / "data" / "dubhashi" / "models" / f"small-{precision}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made: Slim = slim(str(original), target, precision, TEXTS, lambda _: None)  # type: ignore[arg-type]
    assert made.precision == precision
    return target


@pytest.fixture
def copy(bf16: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bf16, tmp_path / "copy"))
