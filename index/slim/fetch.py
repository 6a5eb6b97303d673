"""`dubhashi model fetch`: the one place of the program that downloads, and only when told to.

Into the hub's own cache, so that every program on the machine finds the model. An interrupted download goes
on where it was. Not for loading what was fetched.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.encoders.hub import WAYS_OUT, cache_folder, full_name, has_weights
from index.errors import EncoderError
from index.slim.download import HubFile, download
from index.slim.listing import hub, listed

Progress = Callable[[int, int], None]  # bytes done, bytes in all
_LEAVE = (
    "onnx/*",
    "openvino/*",
    "coreml/*",
    "*.h5",
    "*.msgpack",
    "*.ot",
    "*.onnx",
    "tf_model*",
    ".*",
    "*.py",
)
_LABSE_MODULES = ("Transformer", "Pooling", "Dense", "Normalize")


def fetch(name: str, revision: str = "main", progress: Progress = lambda done, total: None) -> Path:
    """The snapshot's folder, checked. ModelNotFound within five seconds where the hub cannot be reached."""
    full = full_name(name)
    commit, files = listed(full, revision)
    repository = cache_folder() / f"models--{full.replace('/', '--')}"
    folder = repository / "snapshots" / commit
    wanted = _wanted(files)
    total, done = sum(file.size for file in wanted), 0

    def arrived(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    def get(file: HubFile) -> None:
        url = f"{hub()}/{full}/resolve/{commit}/{quote(file.path)}"
        download(file, url, repository, commit, arrived)

    settings = [file for file in wanted if file.path.endswith(".json")]
    try:
        for file in settings:
            get(file)
        check_modules(folder, full)  # before the weights: they are much
        for file in wanted:
            if file not in settings:
                get(file)
    except (OSError, http.client.HTTPException) as error:
        raise EncoderError(
            f"The download of {full} at {commit[:12]} did not end: {error}. What came is kept: "
            f"`dubhashi model fetch {name}` goes on from there. {WAYS_OUT}"
        ) from error
    if not has_weights(folder):
        raise EncoderError(f"what was fetched into {folder} is not {full}: there are no weights in it")
    if revision != commit:
        (reference := repository / "refs" / revision).parent.mkdir(parents=True, exist_ok=True)
        reference.write_text(commit, "ascii")
    return folder


def _wanted(files: list[HubFile]) -> list[HubFile]:
    """Small files first. Weights for other run times stay there, and pickles where there are safetensors."""
    kept = [file for file in files if not any(fnmatch(file.path, pattern) for pattern in _LEAVE)]
    if any(file.path.endswith(".safetensors") for file in kept):
        kept = [file for file in kept if not file.path.endswith(".bin")]
    return sorted(kept, key=lambda file: file.size)


def check_modules(folder: Path, full: str) -> None:
    """Whether the model is what its name promises: pooling and normalisation decide what a vector means."""
    try:
        kinds = [str(row["type"]).rpartition(".")[2] for row in _json(folder / "modules.json")]
        if full.rpartition("/")[2].lower() != "labse":
            if not kinds:
                raise ValueError("it has no modules")
            return
        pooling, dense = (
            _json(folder / "1_Pooling" / "config.json"),
            _json(folder / "2_Dense" / "config.json"),
        )
        if tuple(kinds) != _LABSE_MODULES:
            raise ValueError(f"its modules are {', '.join(kinds)}, not {', '.join(_LABSE_MODULES)}")
        if not (pooling.get("pooling_mode_cls_token") or pooling.get("pooling_mode") == "cls"):
            raise ValueError("its pooling does not take the first token")
        if not str(dense.get("activation_function", "")).endswith("Tanh"):
            raise ValueError("its Dense module has no tanh")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(f"what was fetched into {folder} is not {full}: {error}") from error


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
