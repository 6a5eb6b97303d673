"""Fetching says within seconds what is wrong, and checks what came. No network: a server of the test's own."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import EncoderError, ModelNotFound, SettingsError
from index.slim import fetch as fetching
from index.slim.fetch import check_modules, fetch


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "hf" / "hub"


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _message(began: float, caught: pytest.ExceptionInfo[ModelNotFound]) -> str:
    assert time.monotonic() - began < 5
    return str(caught.value)


def test_a_hub_that_refuses_is_told_within_five_seconds(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(ModelNotFound) as caught:
        fetch("labse")
    message = _message(began, caught)
    for part in (
        "sentence-transformers/LaBSE",
        str(cache),
        "dubhashi/models",
        "--encoder PATH",
        "dubhashi model install FILE",
    ):
        assert part in message


def test_a_hub_that_is_silent_is_told_within_five_seconds(
    monkeypatch: pytest.MonkeyPatch, silent_server: str
) -> None:
    assert fetching._PATIENCE < 5
    monkeypatch.setattr(fetching, "_PATIENCE", 0.3)
    monkeypatch.setenv("HF_ENDPOINT", silent_server)
    began = time.monotonic()
    with pytest.raises(ModelNotFound) as caught:
        fetch("intfloat/multilingual-e5-small")
    assert "intfloat/multilingual-e5-small cannot be fetched" in _message(began, caught)


def test_offline_means_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFound, match="HF_HUB_OFFLINE forbids it"):
        fetch("labse")


def test_what_can_be_no_name_is_not_asked_for() -> None:
    with pytest.raises(SettingsError):
        fetch("two words")


def _labse(folder: Path, modules: tuple[str, ...], pooling: object, dense: object) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "2_Dense").mkdir()
    rows = [
        {"idx": place, "type": f"sentence_transformers.models.{name}"} for place, name in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    (folder / "2_Dense" / "config.json").write_text(json.dumps(dense))
    (folder / "model.safetensors").write_text("")
    return folder


_MODULES = ("Transformer", "Pooling", "Dense", "Normalize")
_CLS, _TANH = {"pooling_mode_cls_token": True}, {"activation_function": "torch.nn.modules.activation.Tanh"}


@pytest.mark.parametrize("pooling", [_CLS, {"pooling_mode": "cls"}])
def test_labses_modules_pass_in_both_layouts(tmp_path: Path, pooling: object) -> None:
    check_modules(_labse(tmp_path / "m", _MODULES, pooling, _TANH), "sentence-transformers/LaBSE")


@pytest.mark.parametrize(
    ("modules", "pooling", "dense", "said"),
    [
        (_MODULES[:3], _CLS, _TANH, "its modules are"),
        (_MODULES, {"pooling_mode_mean_tokens": True}, _TANH, "first token"),
        (_MODULES, _CLS, {"activation_function": "torch.nn.Identity"}, "tanh"),
        (_MODULES, [], _TANH, "is not sentence-transformers/LaBSE"),
    ],
)
def test_another_model_under_labses_name_is_refused(
    tmp_path: Path, modules: tuple[str, ...], pooling: object, dense: object, said: str
) -> None:
    with pytest.raises(EncoderError, match=said):
        check_modules(_labse(tmp_path / "m", modules, pooling, dense), "sentence-transformers/LaBSE")
