"""What the hub says of a model: its commit, and its files with size and checksum.

Not for getting them: see `download`. The answer comes within seconds or counts as none.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

import regex

from index.encoders.hub import WAYS_OUT, cached_snapshot, places
from index.errors import EncoderError, ModelNotFound
from index.slim.download import HubFile, asking

_PATIENCE = 4.0  # seconds to reach the hub, names and all
_COMMIT = regex.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def listed(full: str, revision: str) -> tuple[str, list[HubFile]]:
    """The commit that the hub has for it, and its files."""
    body = _answer(full, revision)
    try:
        rows = [(row["rfilename"], row.get("lfs") or {}, row) for row in body["siblings"]]
        files = [
            HubFile(path, int(row["size"]), str(large.get("sha256") or row["blobId"]))
            for path, large, row in rows
        ]
        if not _COMMIT.fullmatch(commit := str(body["sha"])):
            raise ValueError(f"{commit!r} is no commit")
        if odd := [f for f in files if not (_COMMIT.fullmatch(f.blob) and _is_below(f.path))]:
            raise ValueError(f"{odd[0].path!r} is no name of a file")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(f"{hub()} does not answer as a hub does: {error!r}") from error
    return commit, files


def _is_below(path: str) -> bool:
    return not path.startswith("/") and not {"", ".", ".."} & set(path.split("/"))


def hub() -> str:
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def _answer(full: str, revision: str) -> Any:
    """What the hub says of the model."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        raise _unreachable(full, "HF_HUB_OFFLINE forbids it")
    answers: list[Any] = []

    def ask() -> None:
        try:
            url = f"{hub()}/api/models/{full}/revision/{quote(revision, safe='')}?blobs=true"
            with urllib.request.urlopen(asking(url), timeout=_PATIENCE) as answer:
                answers.append(json.load(answer))
        except (OSError, ValueError, http.client.HTTPException) as error:
            answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)  # a name server may keep silent for longer
    thread.start()
    thread.join(_PATIENCE)
    found = answers[0] if answers else TimeoutError(f"no answer from {hub()} in {_PATIENCE:.0f} s")
    if isinstance(found, urllib.error.HTTPError) and found.code in (401, 404):
        raise ModelNotFound(
            f"The hub has no model {full} at {revision} that may be read: {found}. {places(full)} {WAYS_OUT}"
        )
    if isinstance(found, Exception):
        raise _unreachable(full, str(found))
    return found


def _unreachable(full: str, reason: str) -> ModelNotFound:
    here = cached_snapshot(full)
    note = f" It is here already, in {here}." if here else ""
    return ModelNotFound(f"The encoder {full} cannot be fetched: {reason}.{note} {places(full)} {WAYS_OUT}")
