"""Half precision where torch sees a GPU, with a processor that passes for one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from index.encoders import sentence_transformer
from index.encoders.sentence_transformer import SentenceTransformerEncoder
from tests.index.encoder_models import save_labse_like

TEXTS = ["भारत में चुनाव आयोग", "a river bridge in india", "", "votes 2023"]


@pytest.fixture(scope="module")
def labse_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "labse-like"
    save_labse_like(folder)
    return folder


@pytest.mark.parametrize(("knows", "precision"), [(True, "bfloat16"), (False, "float16")])
def test_a_gpu_computes_in_half_precision_and_rows_stay_units_of_float32(
    labse_like: Path, monkeypatch: pytest.MonkeyPatch, knows: bool, precision: str
) -> None:
    whole = SentenceTransformerEncoder(str(labse_like))
    monkeypatch.setattr(sentence_transformer, "_is_on_gpu", lambda model: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: knows)
    half = SentenceTransformerEncoder(str(labse_like))
    assert (whole.about["precision"], half.about["precision"]) == ("float32", precision)
    rows = half.encode_passages(TEXTS)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 1], atol=1e-3)
    assert np.einsum("ij,ij->i", rows, whole.encode_passages(TEXTS))[[0, 1, 3]].min() > 0.99


def test_slimming_stays_on_the_processor(labse_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def opened(*_: object, device: str | None, **__: object) -> object:
        asked.append(device)
        return SimpleNamespace(device=SimpleNamespace(type=device))

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", opened)
    sentence_transformer.load(labse_like, on_cpu=True)
    assert asked == ["cpu"]
