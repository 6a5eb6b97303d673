"""Which encoder a name opens, why, and what is said when its files or its packages are missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.encoders import choose, sentence_transformer
from index.encoders.bridge import BUNDLED
from index.encoders.choose import open_encoder
from index.encoders.hub import cache_folder
from index.encoders.identity import model_fingerprint
from index.errors import EncoderError, ModelNotFound, SettingsError
from tests.index.encoder_models import save_labse_like


@pytest.fixture(scope="module")
def labse_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "labse-like"
    save_labse_like(folder)
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache of the test's own."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "hf" / "hub"


def _put(cache: Path, model: Path, name: str = "sentence-transformers--LaBSE") -> Path:
    repository = cache / f"models--{name}"
    snapshot = Path(shutil.copytree(model, repository / "snapshots" / "0123abcd"))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0123abcd", "ascii")
    return snapshot


def test_auto_is_the_bridge_where_labse_is_not(cache: Path) -> None:
    choice = open_encoder("auto")
    assert choice.encoder.name == "bridge"
    assert choice.reason == f"LaBSE is not in {cache}"


def test_auto_is_labse_where_its_weights_are(cache: Path, labse_like: Path) -> None:
    snapshot = _put(cache, labse_like)
    choice = open_encoder("auto")
    assert choice.encoder.name == "labse"
    assert choice.reason == f"LaBSE is in {snapshot}"
    assert choice.encoder.encode_queries(["भारत"]).shape == (1, 32)


def test_auto_is_the_bridge_without_the_extra(
    cache: Path, labse_like: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(cache, labse_like)
    monkeypatch.setattr(choose, "extra_installed", lambda: False)
    choice = open_encoder()
    assert choice.encoder.name == "bridge"
    assert "sentence-transformers is not installed" in choice.reason


def test_auto_does_not_take_an_interrupted_download(cache: Path, labse_like: Path) -> None:
    snapshot = _put(cache, labse_like)
    for weights in snapshot.rglob("*.safetensors"):
        weights.unlink()
        weights.symlink_to(snapshot / "gone")
    assert open_encoder("auto").encoder.name == "bridge"


@pytest.mark.parametrize("name", ["labse", "sentence-transformers/LaBSE", "LaBSE"])
def test_missing_labse_says_what_where_and_what_to_do(cache: Path, name: str) -> None:
    with pytest.raises(ModelNotFound) as caught:
        open_encoder(name)
    message = str(caught.value)
    for part in ("sentence-transformers/LaBSE", str(cache), "--encoder PATH", "DUBHASHI_ENCODER", "HF_HOME"):
        assert part in message


def test_labse_opens_from_the_cache_by_every_name(cache: Path, labse_like: Path) -> None:
    _put(cache, labse_like)
    rows = [
        open_encoder(name).encoder.encode_queries(["नदी"]) for name in ("labse", "LaBSE", str(labse_like))
    ]
    assert np.allclose(rows[0], rows[1], atol=1e-6)
    assert np.allclose(rows[0], rows[2], atol=1e-6)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="does not exist"):
        open_encoder(str(tmp_path / "nowhere"))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"has no modules\.json or config\.json"):
        open_encoder(str(tmp_path))


@pytest.mark.parametrize("name", ["two words", "a\0b", "owner/mo del", "über!"])
def test_what_can_be_no_name_is_a_settings_error(name: str) -> None:
    with pytest.raises(SettingsError, match="is no encoder"):
        open_encoder(name)


def test_a_missing_extra_says_how_to_install_it(labse_like: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_transformer, "extra_installed", lambda: False)
    with pytest.raises(EncoderError, match=r"pip install 'dubhashi\[labse\]'"):
        open_encoder(str(labse_like))


def test_damaged_weights_are_an_encoder_error(labse_like: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(labse_like, tmp_path / "broken"))
    (broken / "model.safetensors").write_bytes(b"rubbish")
    with pytest.raises(EncoderError, match="cannot load"):
        open_encoder(str(broken))


def test_a_bridge_of_ones_own_opens_by_its_path(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "mine"))
    choice = open_encoder(str(copy))
    assert choice.encoder.name == str(copy)
    assert choice.encoder.fingerprint == open_encoder("bridge").encoder.fingerprint


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("HF_HUB_CACHE", "/a/b", "/a/b"),
        ("HF_HOME", "/h", "/h/hub"),
        ("XDG_CACHE_HOME", "/x", "/x/huggingface/hub"),
    ],
)
def test_the_cache_is_where_the_hub_would_look(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.delenv("HF_HOME")
    monkeypatch.setenv(variable, value)
    assert cache_folder() == Path(expected)


def test_the_fingerprint_follows_weights_and_settings_but_not_the_readme(
    labse_like: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(labse_like, tmp_path / "copy"))
    before = model_fingerprint(copy)
    (copy / "README.md").write_text("other words", "utf-8")
    assert model_fingerprint(copy) == before == model_fingerprint(labse_like)
    pooling = copy / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text("utf-8").replace("cls", "mean"), "utf-8")
    changed = model_fingerprint(copy)
    assert changed != before
    weights = copy / "2_Dense" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    assert model_fingerprint(copy) not in (before, changed)
