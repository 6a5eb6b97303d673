"""One file of the hub into the hub's cache, going on where it was cut off, and checked.

Not for which files: see `fetch`. huggingface_hub throws away what came of a file when a download ends early, and
LaBSE's weights are one file of 1.9 GB. The layout is its own, so that every program on the machine finds the model:
https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any

from index.errors import EncoderError

Arrived = Callable[[int], None]  # bytes more, or fewer where a file must begin anew
_SILENCE = 10.0  # seconds
_TRIES = 3  # in a row that bring nothing
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class HubFile:
    """`blob` is the name of its content: a sha256 of large files, git's own sha1 of small ones."""

    path: str
    size: int
    blob: str

    def is_whole(self, file: BufferedRandom) -> bool:
        file.seek(0)
        if len(self.blob) == 64:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.blob
        return hashlib.sha1(b"blob %d\0" % self.size + file.read()).hexdigest() == self.blob


def download(file: HubFile, url: str, repository: Path, commit: str, arrived: Arrived) -> None:
    """Its content among the blobs, its name in the snapshot. Raises OSError, http's errors, or EncoderError."""
    blob = repository / "blobs" / file.blob
    if blob.exists():
        arrived(file.size)
    else:
        _complete(file, url, blob, arrived)
    name = repository / "snapshots" / commit / file.path
    name.parent.mkdir(parents=True, exist_ok=True)
    if not name.exists():
        name.unlink(missing_ok=True)  # a link whose blob was gone
        try:
            name.symlink_to(os.path.relpath(blob, name.parent))
        except OSError:  # a file system without links
            shutil.copyfile(blob, name)


def _complete(file: HubFile, url: str, blob: Path, arrived: Arrived) -> None:
    blob.parent.mkdir(parents=True, exist_ok=True)
    partial = blob.with_name(f"{blob.name}.incomplete")
    with partial.open("a+b") as sink:
        try:
            fcntl.flock(sink, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EncoderError(f"{file.path} is being downloaded by another process: wait for it") from None
        arrived(sink.tell())
        tries = _TRIES
        while (before := sink.tell()) < file.size and tries:
            try:
                _append(file, url, sink, arrived)
            except (OSError, http.client.HTTPException) as error:
                tries = _TRIES if sink.tell() > before else tries - 1
                if not tries or (isinstance(error, urllib.error.HTTPError) and error.code != 503):
                    raise
        if sink.tell() != file.size or not file.is_whole(sink):
            _emptied(sink)
            raise EncoderError(f"{file.path} came damaged from the hub and was thrown away: fetch it again")
        os.fsync(sink.fileno())
        partial.replace(blob)


def _append(file: HubFile, url: str, sink: BufferedRandom, arrived: Arrived) -> None:
    """What is missing at the end; all of it from a server that knows no parts."""
    request = asking(url)
    if have := sink.tell():
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.urlopen(request, timeout=_SILENCE) as answer:
        if have and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            _emptied(sink)
            arrived(-have)
        while (left := file.size - sink.tell()) > 0 and (block := answer.read(min(_BLOCK, left))):
            sink.write(block)
            sink.flush()
            arrived(len(block))
    if sink.tell() < file.size:
        raise ConnectionError(f"{file.path} ended after {sink.tell():,} of {file.size:,} bytes")


def _emptied(sink: BufferedRandom) -> None:
    sink.seek(0)
    sink.truncate()


def asking(url: str) -> Any:
    """A request with the token of HF_TOKEN, which is not sent on to where the hub redirects."""
    request = urllib.request.Request(url)
    if token := os.environ.get("HF_TOKEN"):
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return request
