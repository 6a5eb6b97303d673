"""Where a sentence-transformers model is on this machine: a folder, or a snapshot in the hub's cache.

Not for downloading, and not for loading: this imports nothing heavy, so that `auto` can look without cost.
The cache's layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import regex

from index.encoders.place import shelf
from index.errors import ModelNotFound, SettingsError

_HUB_NAME = regex.compile(r"[\w][\w.-]*(?:/[\w][\w.-]*)?")
_DEFAULT_OWNER = "sentence-transformers"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


def cache_folder() -> Path:
    """The hub's cache as the hub's own library finds it: HF_HUB_CACHE, else HF_HOME, else below ~/.cache."""
    if named := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(named).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("HF_HOME") or f"{base}/huggingface").expanduser() / "hub"


def find_model(name: str) -> Path:
    """The folder of a model named by path or by hub name. ModelNotFound says where it was looked for."""
    if looks_like_path(name):
        return _at_path(Path(name).expanduser())
    full = full_name(name)
    folder = on_shelf(full) or cached_snapshot(full)
    if folder is None:
        raise ModelNotFound(
            f"The encoder {full} is not on this machine. {places(full)} Nothing is downloaded on its own: "
            f"`dubhashi model fetch {name}` does it on purpose. {WAYS_OUT}"
        )
    return folder


def full_name(name: str) -> str:
    """`owner/model` of a hub name; `labse` is LaBSE's. SettingsError for what can be none."""
    if name == "labse":
        return f"{_DEFAULT_OWNER}/LaBSE"
    if not _HUB_NAME.fullmatch(name):
        raise SettingsError(f"{name!r} is no encoder: give auto, bridge, labse, a folder or a hub name.")
    return name if "/" in name else f"{_DEFAULT_OWNER}/{name}"


def places(full_name: str) -> str:
    """Where a model was looked for, as a sentence."""
    owner, _, short = full_name.rpartition("/")
    return (
        f"Looked for a folder {full_name!r} here, for {short.lower()} in {shelf()}, and for "
        f"models--{owner}--{short} in the hub's cache, {cache_folder()}."
    )


WAYS_OUT = (
    "Without a network there are two ways: give the folder that holds the model (--encoder PATH or "
    "DUBHASHI_ENCODER=PATH; HF_HOME for another cache), or install a bundle made where the model is "
    "(dubhashi model install FILE). The bundled encoder is always there (--encoder bridge)."
)


def on_shelf(full_name: str) -> Path | None:
    """A whole model that was installed from a bundle, under its short name."""
    folder = shelf() / full_name.rpartition("/")[2].lower()
    return folder if has_weights(folder) else None


def looks_like_path(name: str) -> bool:
    return name.startswith((".", "~", "/")) or os.sep in name.partition("/")[2] or Path(name).is_dir()


def cached_snapshot(full_name: str) -> Path | None:
    """The snapshot that the hub calls `main`, if its weights are there: not an interrupted download."""
    repository = cache_folder() / f"models--{full_name.replace('/', '--')}"
    try:
        revision = (repository / "refs" / "main").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = repository / "snapshots" / revision
    return folder if revision and has_weights(folder) else None


def has_weights(folder: Path) -> bool:
    """Whether there is a configuration and at least one weights file that is not a dangling link."""
    described = any((folder / name).is_file() for name in ("modules.json", "config.json"))
    return described and any(path.is_file() for path in weight_files(folder))


def weight_files(folder: Path) -> Iterator[Path]:
    """In the model's root and its module folders; not of other run times (`onnx/`, `openvino/`)."""
    for pattern in _WEIGHTS:
        yield from folder.glob(pattern)
        yield from folder.glob(f"[0-9]*_*/{pattern}")


def _at_path(folder: Path) -> Path:
    if has_weights(folder):
        return folder
    what = (
        "has no modules.json or config.json with weights beside it" if folder.is_dir() else "does not exist"
    )
    raise ModelNotFound(
        f"The encoder's folder {folder} {what}. Give the folder of a sentence-transformers model "
        f"(--encoder PATH or DUBHASHI_ENCODER=PATH), or use the bundled encoder (--encoder bridge)."
    )
