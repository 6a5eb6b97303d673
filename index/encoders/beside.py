"""The bundled encoder in a process of its own, beside the one that writes what it makes.

All that it does for a text is done in Python, of which one process runs one line at a time: a thread would not be
faster than none. Not for encoders that leave Python (torch, OpenVINO), which a thread suits.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from index.encoders.base import Encoder, Vectors
from index.encoders.bridge import BridgeEncoder
from index.encoders.cores import encoder_threads

_WORTH = 8192  # texts after which more are expected, and a process is started for them
_GRACE = 5.0  # seconds for it to end by itself
_ROOT = str(Path(__file__).parent.parent.parent)
_PROGRAM = "import sys; sys.path.insert(0, {!r}); from index.encoders.beside import serve; serve({!r}, {!r})"


@contextmanager
def beside(encoder: Encoder, worth: int = _WORTH) -> Iterator[Encoder]:
    """The encoder for many passages: another process helps where there is a core for it and the encoder gains by it."""
    if not isinstance(encoder, BridgeEncoder) or encoder_threads() < 2:
        yield encoder
        return
    with closing(_Beside(encoder, worth)) as helped:
        yield helped


class _Beside:
    """Encodes here until the other process is ready, and again if it is lost: the rows are the same."""

    def __init__(self, encoder: BridgeEncoder, worth: int) -> None:
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension
        self._encoder = encoder
        self._left = worth
        self._process: _Process | None = None
        self.encode_queries = encoder.encode_queries

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self._process is None and self._left <= 0:
            self._process = _Process(self._encoder)
        self._left -= len(texts)
        rows = self._process.encode(texts) if self._process else None
        return self._encoder.encode_passages(texts) if rows is None else rows

    def close(self) -> None:
        if self._process:
            self._process.end()


class _Process:
    """Not waited for while it starts; one that cannot be started, or ends, is one that never becomes ready."""

    def __init__(self, encoder: BridgeEncoder) -> None:
        self._fingerprint, self._dimension = encoder.fingerprint, encoder.dimension
        self._pipe, theirs = Pipe()
        self._busy = threading.Lock()
        self._state = "starting"
        program = _PROGRAM.format(_ROOT, theirs.fileno(), str(encoder.folder))
        self._process: subprocess.Popen[bytes] | None = None
        with theirs, suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", program],  # -P: nothing is imported from where the user stands
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def encode(self, texts: Sequence[str]) -> Vectors | None:
        """None if it is not there to be asked."""
        with self._busy:
            try:
                if self._state == "starting" and self._pipe.poll():
                    said = self._pipe.recv_bytes().decode()
                    self._state = "ready" if said == self._fingerprint else "lost"
                if self._state != "ready":
                    return None
                self._pipe.send_bytes(_packed(texts))
                return np.frombuffer(self._pipe.recv_bytes(), np.float32).reshape(-1, self._dimension)
            except (OSError, EOFError):
                self._state = "lost"
                return None

    def end(self) -> None:
        """It has ended when this returns."""
        if self._process and self._busy.locked():  # somebody waits for it who is not waited for any more
            self._process.kill()
        with self._busy:
            self._state = "lost"
            self._pipe.close()
        if self._process:
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def serve(pipe: int, folder: str) -> None:
    """The other process: answers texts with rows until nobody holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted rebuild closes the pipe
    encoder = BridgeEncoder(Path(folder))
    with Connection(pipe) as ours, suppress(EOFError, OSError):
        ours.send_bytes(encoder.fingerprint.encode())
        while True:
            ours.send_bytes(encoder.encode_passages(json.loads(ours.recv_bytes())).tobytes())


def _packed(texts: Sequence[str]) -> bytes:
    return json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass")
