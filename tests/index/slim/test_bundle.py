"""A bundle carries a model whole, and refuses damage, other files and paths that lead elsewhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from index.encoders.shelf import FILES, Slim, shelved
from index.errors import EncoderError, SettingsError, SourceError
from index.slim.bundle import bundle, install
from index.slim.slim import digest


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "dubhashi" / "models"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Of a slim model's shape; what the files hold does not matter to a bundle."""
    folder = tmp_path / "labse-slim"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(name.encode() * 1000)
    files = {name: digest(folder / name) for name in FILES}
    Slim("labse", "", "int8", 768, 256, 10, 20, "cls", {}, files).write(folder)
    return folder


@pytest.fixture
def file(model: Path, tmp_path: Path) -> Path:
    return bundle("labse-slim", model, tmp_path / "labse.bundle")


def _rewritten(file: Path, changes: dict[str, bytes], listed: dict[str, object] | None = None) -> Path:
    """The same bundle with other content, and perhaps another list."""
    made = file.with_name("changed.bundle")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            data = changes.get(entry.filename, old.read(entry))
            if entry.filename == "bundle.json" and listed is not None:
                data = json.dumps({**json.loads(data), **listed}).encode()
            new.writestr(entry.filename, data)
    return made


def test_what_is_installed_is_what_was_bundled(file: Path, model: Path, shelf: Path) -> None:
    folder = install(file)
    assert folder == shelf / "labse-slim"
    assert shelved() == {"labse-slim": folder}
    for path in model.iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()
    assert [path.name for path in shelf.iterdir()] == ["labse-slim"]


def test_the_same_model_gives_the_same_file(file: Path, model: Path, tmp_path: Path) -> None:
    assert bundle("labse-slim", model, tmp_path / "again").read_bytes() == file.read_bytes()


def test_a_name_in_use_is_kept_unless_told_to_replace(file: Path, shelf: Path) -> None:
    (install(file) / "mark").write_text("old")
    with pytest.raises(SourceError, match="--replace"):
        install(file)
    assert not (install(file, replace=True) / "mark").exists()
    assert install(file, name="other").name == "other"
    assert sorted(path.name for path in shelf.iterdir()) == ["labse-slim", "other"]


def test_one_altered_bit_is_found(file: Path, shelf: Path) -> None:
    data = bytearray(file.read_bytes())
    data[data.index(b"model.binmodel.bin") + 40] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(SourceError):
        install(file)
    assert list(shelf.iterdir()) == []


def test_content_that_is_not_as_listed_is_found(file: Path, shelf: Path) -> None:
    for content in (b"", b"other", b"x" * 100_000):
        with pytest.raises(SourceError, match="checksum"):
            install(_rewritten(file, {"model.bin": content}))
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize("cut", [0, 10, 500, -1, -100])
def test_a_cut_file_is_refused(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(SourceError):
        install(file)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/evil.json",
        "a/../../evil.json",
        "a/b/c.json",
        "x.py",
        "x.pkl",
        ".x.json",
        "a\\b.json",
    ],
)
def test_a_name_that_leads_elsewhere_or_could_run_is_refused(tmp_path: Path, shelf: Path, name: str) -> None:
    made = tmp_path / "evil.bundle"
    listed = {"format": 1, "name": "evil", "files": {name: {"size": 1, "sha256": "0" * 64}}}
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("bundle.json", json.dumps(listed))
        archive.writestr(name, b"x")
    with pytest.raises(SourceError, match="no bundle of a model"):
        install(made)
    assert not shelf.exists()


@pytest.mark.parametrize("name", ["..", "../up", "a/b", ".hidden", "", "x" * 200])
def test_a_models_name_cannot_lead_elsewhere(file: Path, name: str) -> None:
    with pytest.raises((SettingsError, SourceError)):
        install(_rewritten(file, {}, {"name": name}))


@pytest.mark.parametrize(
    "listed",
    [
        {"format": 2},
        {"files": {}},
        {"files": []},
        {"files": {"slim.json": 1}},
        {"files": {"slim.json": {"size": float("inf"), "sha256": ""}}},
    ],
)
def test_a_list_that_is_not_ours_is_refused(file: Path, listed: dict[str, object]) -> None:
    with pytest.raises(SourceError, match="no bundle of a model"):
        install(_rewritten(file, {}, listed))


def test_a_compressed_bundle_is_refused(file: Path) -> None:
    """None of ours is, and damage to what is compressed has as many errors as there are ways to compress."""
    made = file.with_name("compressed.bundle")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    with pytest.raises(SourceError, match="it is compressed"):
        install(made)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dimension", "768"),
        ("dimension", True),
        ("max_length", 0),
        ("prompts", None),
        ("prompts", {"query": 1}),
        ("verified", None),
        ("verified", {"passed": []}),
        ("source", 1),
    ],
)
def test_a_model_that_says_nonsense_of_itself_is_refused(
    model: Path, tmp_path: Path, shelf: Path, field: str, value: object
) -> None:
    told = json.loads((model / "slim.json").read_text())
    (model / "slim.json").write_text(json.dumps(told | {field: value}))
    with pytest.raises(EncoderError, match=r"slim\.json cannot be read"):
        bundle("labse-slim", model, tmp_path / "x.bundle")


def test_a_models_own_checksums_are_the_bundles(file: Path, model: Path, shelf: Path) -> None:
    """They become its fingerprint, by which an index knows its encoder."""
    told = json.loads((model / "slim.json").read_text())
    told["files"]["model.bin"] = "0" * 64
    data = json.dumps(told).encode()
    with zipfile.ZipFile(file) as old:
        files = json.loads(old.read("bundle.json"))["files"]
    files["slim.json"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    with pytest.raises(SourceError, match="names other checksums"):
        install(_rewritten(file, {"slim.json": data}, {"files": files}))
    assert not list(shelf.iterdir())


def test_a_file_that_is_missing_or_no_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        install(tmp_path / "none")
    (tmp_path / "text").write_text("no zip")
    with pytest.raises(SourceError, match="text cannot be installed"):
        install(tmp_path / "text")


def test_a_whole_model_is_carried_without_its_pickles(tmp_path: Path, shelf: Path) -> None:
    folder = tmp_path / "whole"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "onnx" / "deep").mkdir(parents=True)
    for name in ("modules.json", "model.safetensors", "1_Pooling/config.json", "run.py", "onnx/deep/x.json"):
        (folder / name).write_text("{}")
    (folder / "pytorch_model.bin").write_text("pickle")
    installed = install(bundle("labse", folder, tmp_path / "whole.bundle"))
    found = sorted(str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file())
    assert found == ["1_Pooling/config.json", "model.safetensors", "modules.json"]
    shutil.copytree(folder, tmp_path / "old")
    (tmp_path / "old" / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match="pickle"):
        bundle("labse", tmp_path / "old", tmp_path / "old.bundle")
