"""`dubhashi model fetch`: the one place of the program that downloads, and only when told to.

Into the hub's own cache, so that every program on the machine finds the model. An interrupted download goes
on where it was. Not for loading what was fetched.
"""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.encoders.hub import WAYS_OUT, cached_snapshot, full_name, has_weights, places
from index.errors import EncoderError, ModelNotFound

_PATIENCE = 4.0  # seconds to reach the hub, names and all
_LEAVE = ("onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.onnx", "tf_model*", "coreml/*", "*.bin")
_LABSE_MODULES = ("Transformer", "Pooling", "Dense", "Normalize")


def fetch(name: str, revision: str = "main") -> Path:
    """The snapshot's folder, checked. ModelNotFound within five seconds where the hub cannot be reached."""
    full = full_name(name)
    if find_spec("huggingface_hub") is None:
        raise EncoderError("fetching needs huggingface_hub: pip install 'dubhashi[labse]'")
    commit = _commit(full, revision)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(full, revision=revision, ignore_patterns=list(_LEAVE)))
        if not has_weights(folder):  # an older repository, with its weights in a pickle alone
            folder = Path(snapshot_download(full, revision=revision, ignore_patterns=list(_LEAVE[:-1])))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderError(
            f"The download of {full} at {commit[:12]} did not end: {error}. What came is kept: "
            f"`dubhashi model fetch {name}` goes on from there. {WAYS_OUT}"
        ) from error
    check_modules(folder, full)
    return folder


def check_modules(folder: Path, full: str) -> None:
    """Whether the model is what its name promises: pooling and normalisation decide what a vector means."""
    try:
        kinds = [str(row["type"]).rpartition(".")[2] for row in _json(folder / "modules.json")]
        if full.rpartition("/")[2].lower() != "labse":
            if not kinds or not has_weights(folder):
                raise ValueError("no modules, or no weights")
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


def _commit(full: str, revision: str) -> str:
    """The commit that the hub has for it: a small request first, since the hub's own library tries for a minute."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        raise _unreachable(full, "HF_HUB_OFFLINE forbids it")
    base = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    answers: list[Any] = []

    def ask() -> None:
        try:
            request = urllib.request.Request(f"{base}/api/models/{full}/revision/{revision}")
            if token := os.environ.get("HF_TOKEN"):
                request.add_unredirected_header("Authorization", f"Bearer {token}")
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                answers.append(json.load(answer)["sha"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)  # a name server may keep silent for longer
    thread.start()
    thread.join(_PATIENCE)
    found = answers[0] if answers else TimeoutError(f"no answer from {base} in {_PATIENCE:.0f} s")
    if isinstance(found, urllib.error.HTTPError) and found.code in (401, 404):
        raise ModelNotFound(
            f"The hub has no model {full} at {revision} that may be read: {found}. {places(full)}"
        )
    if isinstance(found, Exception):
        raise _unreachable(full, str(found))
    return str(found)


def _unreachable(full: str, reason: str) -> ModelNotFound:
    here = cached_snapshot(full)
    note = f" It is here already, in {here}." if here else ""
    return ModelNotFound(f"The encoder {full} cannot be fetched: {reason}.{note} {places(full)} {WAYS_OUT}")
