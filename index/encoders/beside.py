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
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import numpy as np

from index.encoders.base import Encoder, Vectors
from index.encoders.bridge import BridgeEncoder
from index.encoders.cores import encoder_threads

_WORTH = 8192  # texts after which more are expected, and a process is started for them
_GRACE = 5.0  # seconds for it to end by itself
_PROGRAM = "import sys; sys.path[:] = {!r}; from index.encoders.beside import serve; serve({!r}, {!r})"
_LOST = "the process that helps to encode did not start, or ended: encoding went on without it, more slowly"

Notify = Callable[[str], None]


@contextmanager
def beside(encoder: Encoder, notify: Notify = lambda _: None, worth: int = _WORTH) -> Iterator[Encoder]:
    """The encoder for many passages: another process helps where there is a core for it and the encoder gains by it.

    `notify` hears if that process is lost.
    """
    if not isinstance(encoder, BridgeEncoder) or encoder_threads() < 2:
        yield encoder
        return
    with closing(Beside(encoder, notify, worth)) as helped:
        yield helped


class Beside:
    """Encodes here until the other process is ready, and again if it is lost: the rows are the same."""

    def __init__(self, encoder: BridgeEncoder, notify: Notify, worth: int) -> None:
        self.name, self.fingerprint, self.dimension = encoder.name, encoder.fingerprint, encoder.dimension
        self.encode_queries = encoder.encode_queries
        self._encoder = encoder
        self._notify = notify
        self._left = worth
        self._deciding = threading.Lock()
        self._ended = False
        self.helper: Helper | None = None

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        helper = self._helper(len(texts))
        rows = helper.encode(texts) if helper else None
        if helper and helper.state == "lost":
            self._without()
        return self._encoder.encode_passages(texts) if rows is None else rows

    def stop(self) -> None:
        """From another thread: whoever waits for rows need not have them."""
        with self._deciding:
            self._ended = True
        if self.helper:
            self.helper.kill()

    def close(self) -> None:
        with self._deciding:
            self._ended = True
        if self.helper:
            self.helper.end()

    def _helper(self, texts: int) -> Helper | None:
        with self._deciding:
            if self.helper is None and self._left <= 0 and not self._ended:
                self.helper = Helper(self._encoder)
            self._left -= texts
            return None if self._ended else self.helper

    def _without(self) -> None:
        with self._deciding:
            told, self._ended = self._ended, True
        if not told:
            self._notify(_LOST)


class Helper:
    """The other process. It is not waited for while it starts; one that cannot be started, or ends, is `lost`."""

    def __init__(self, encoder: BridgeEncoder) -> None:
        self.state: Literal["starting", "ready", "lost"] = "starting"
        self._fingerprint, self._dimension = encoder.fingerprint, encoder.dimension
        self._pipe, theirs = Pipe()
        self._busy = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        # Modules come from where this process has them, and with -P from nowhere else: not from where the user stands.
        program = _PROGRAM.format(sys.path, theirs.fileno(), str(encoder.folder.resolve()))
        with theirs, suppress(OSError, TypeError, ValueError):  # Python need not know its own program
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", program],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def encode(self, texts: Sequence[str]) -> Vectors | None:
        """None if it is not there to be asked."""
        with self._busy:
            try:
                if self.state == "starting" and self._pipe.poll():
                    same = self._pipe.recv_bytes().decode() == self._fingerprint
                    self.state = "ready" if same else "lost"
                if self.state != "ready":
                    return None
                self.state = "lost"  # unless it answers: nobody else may get what is meant for these texts
                self._pipe.send_bytes(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
                rows = np.frombuffer(bytearray(self._pipe.recv_bytes()), np.float32)
                self.state = "ready"
                return rows.reshape(len(texts), self._dimension)
            except (OSError, EOFError):
                self.state = "lost"
                return None

    def kill(self) -> None:
        if self.process:
            self.process.kill()

    def end(self) -> None:
        """It has ended when this returns: by itself, but for one that still starts or is asked something."""
        if self.state == "starting" or self._busy.locked():
            self.kill()
        with self._busy:
            self.state = "lost"
            self._pipe.close()
        if self.process:
            try:
                self.process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def serve(pipe: int, folder: str) -> None:
    """The other process: answers texts with rows until nobody holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted rebuild closes the pipe
    encoder = BridgeEncoder(Path(folder))
    with Connection(pipe) as ours, suppress(EOFError, OSError):
        ours.send_bytes(encoder.fingerprint.encode())
        while True:
            ours.send_bytes(encoder.encode_passages(json.loads(ours.recv_bytes())).tobytes())
