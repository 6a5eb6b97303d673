"""Fetching says within seconds what is wrong, and checks what came. No network: a server of the test's own."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.main import main
from index.encoders.hub import find_model
from index.encoders.sentence_transformer import revision_of
from index.errors import EncoderError, ModelNotFound, SettingsError
from index.slim import listing
from index.slim.fetch import check_modules, fetch
from tests.index.slim.fake_hub import COMMIT, Hub, running


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
    assert listing._PATIENCE < 5
    monkeypatch.setattr(listing, "_PATIENCE", 0.3)
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


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """With LaBSE as far as fetching looks: settings, weights of 100,000 bytes, and what is to be left there."""
    folder = _labse(tmp_path / "there", _MODULES, _CLS, _TANH)
    (folder / "model.safetensors").write_bytes(bytes(range(250)) * 400)
    for name in ("pytorch_model.bin", "README.md", "onnx/model.onnx", "run.py", ".gitattributes"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    with running("sentence-transformers/LaBSE", folder) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def test_a_fetched_model_is_found_by_its_name_with_its_revision(hub: Hub, cache: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = fetch("labse", progress=lambda done, total: told.append((done, total)))
    assert folder == cache / "models--sentence-transformers--LaBSE" / "snapshots" / COMMIT
    assert find_model("labse") == folder
    assert revision_of(folder) == COMMIT
    got = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert got == [
        "1_Pooling/config.json",
        "2_Dense/config.json",
        "README.md",
        "model.safetensors",
        "modules.json",
    ]
    assert all((folder / name).read_bytes() == (hub.folder / name).read_bytes() for name in got)
    assert told[-1] == (told[0][1],) * 2 == (sum((folder / name).stat().st_size for name in got),) * 2
    asked = len(hub.asked)
    assert fetch("labse") == folder
    assert len(hub.asked) == asked  # nothing again


def test_huggingface_hub_finds_what_was_fetched(hub: Hub, cache: Path) -> None:
    from huggingface_hub import snapshot_download, try_to_load_from_cache

    name, folder = "sentence-transformers/LaBSE", fetch("labse")
    found = snapshot_download(name, cache_dir=cache, local_files_only=True)
    assert Path(found) == folder
    assert try_to_load_from_cache(name, "modules.json", cache_dir=cache) == str(folder / "modules.json")


def test_an_interrupted_download_goes_on_where_it_was(hub: Hub, cache: Path) -> None:
    hub.breaks, hub.fails_parts = {"model.safetensors": 60_000}, True
    with pytest.raises(EncoderError, match="goes on from there"):
        fetch("labse")
    with pytest.raises(ModelNotFound):
        find_model("labse")
    hub.fails_parts, told = False, list[int]()
    folder = fetch("labse", progress=lambda done, total: told.append(done))
    assert hub.asked[-1] == ("model.safetensors", "bytes=60000-")
    assert (folder / "model.safetensors").read_bytes() == (hub.folder / "model.safetensors").read_bytes()
    assert not list(cache.rglob("*.incomplete"))
    assert told == sorted(told)


def test_a_connection_that_breaks_again_and_again_is_taken_up_as_long_as_something_comes(hub: Hub) -> None:
    hub.breaks = {"model.safetensors": 9_000}
    fetch("labse")
    starts = [part for path, part in hub.asked if path == "model.safetensors"]
    assert starts == ["", *(f"bytes={9_000 * number}-" for number in range(1, 12))]


def test_a_server_that_knows_no_parts_begins_anew(hub: Hub) -> None:
    hub.breaks, hub.fails_parts = {"model.safetensors": 60_000}, True
    with pytest.raises(EncoderError):
        fetch("labse")
    hub.breaks, hub.fails_parts, hub.knows_parts = {}, False, False
    folder = fetch("labse")
    assert (folder / "model.safetensors").stat().st_size == 100_000


def test_what_came_damaged_is_thrown_away(hub: Hub, cache: Path) -> None:
    blobs = cache / "models--sentence-transformers--LaBSE" / "blobs"
    blobs.mkdir(parents=True)
    name = hashlib.sha256((hub.folder / "model.safetensors").read_bytes()).hexdigest()
    (blobs / f"{name}.incomplete").write_bytes(b"x" * 60_000)
    with pytest.raises(EncoderError, match="came damaged"):
        fetch("labse")
    assert fetch("labse").is_dir()


def test_wrong_pooling_is_refused_before_the_weights_are_asked_for(hub: Hub, cache: Path) -> None:
    (hub.folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    with pytest.raises(EncoderError, match="first token"):
        fetch("labse")
    assert "model.safetensors" not in dict(hub.asked)
    with pytest.raises(ModelNotFound):
        find_model("labse")


def test_the_token_goes_to_the_hub_and_not_to_where_it_redirects(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    fetch("labse")
    assert hub.tokens == {"api Bearer secret", "sentence-transformers Bearer secret", "cdn -"}


@pytest.mark.parametrize("path", ["../../evil", "/etc/evil", "a/../../../evil"])
def test_a_hub_cannot_write_elsewhere(hub: Hub, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    row = {"rfilename": path, "size": 1, "blobId": "a" * 40}
    monkeypatch.setattr(hub, "listed", lambda: {"sha": COMMIT, "siblings": [row]})
    with pytest.raises(EncoderError, match="no name of a file"):
        fetch("labse")


def test_the_command_says_where_the_model_is(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "fetch", "labse"]) == 0
    assert f"(revision {COMMIT})" in capsys.readouterr().out
