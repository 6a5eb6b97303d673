"""A slim model's network on OpenVINO: pieces in, rows out. The one module that imports openvino.

Not for texts: see `openvino`. The network is compiled in two forms, the second when it is first needed: `quick`
has all threads at one batch, for a query; `many` has a batch a thread, which does more texts a second because no
thread waits for another.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import Vectors
from index.encoders.batches import rounded
from index.encoders.cores import encoder_threads
from index.encoders.pages import give_back
from index.encoders.shelf import FILES, NETWORK, WEIGHTS
from index.errors import EncoderError

Pieces = Sequence[NDArray[np.int64]]  # a batch: a text each
QUICK, MANY = 2, 4  # lengths between two powers of two, in the two forms
_LEAST = 16  # pieces that a text is padded to
_ONE_CORE = threading.Lock()


class Network:
    """Safe to call from several threads; one call is computed at a time."""

    def __init__(self, folder: Path, longest: int, *, precise: bool = False) -> None:
        self._folder = folder
        self._longest = longest  # pieces, that the model has positions for
        self._precise = precise
        self._lock = threading.Lock()
        self._files = self._state()
        self._many: Any = None
        self._quick = self._compiled("LATENCY").create_infer_request()
        self._warm()

    def quick(self, batch: Pieces) -> Vectors:
        with self._lock:
            self._quick.infer(_filled(batch, self._longest, QUICK))
            return np.array(self._quick.get_output_tensor().data[: len(batch)], np.float32)

    def many(self, batches: Iterable[tuple[list[int], Pieces]], rows: Vectors) -> None:
        """Writes each batch's rows to its places in `rows`."""
        with self._lock:
            if first := self._many is None:
                self._many = library().AsyncInferQueue(self._compiled("THROUGHPUT"))
            wrong: list[Exception] = []

            def put(request: Any, places: list[int]) -> None:
                try:
                    _put(rows, places, request)
                except Exception as error:  # raised in a thread of OpenVINO's it could end the process
                    wrong.append(error)

            self._many.set_callback(put)
            try:
                for places, batch in batches:
                    self._many.start_async(_filled(batch, self._longest, MANY), places)
            finally:  # whatever happens, nothing is left that would still write
                self._many.wait_all()
            if wrong:
                raise wrong[0]
            if first:
                give_back(self._folder / WEIGHTS)

    @property
    def dimension(self) -> int:
        return int(self._quick.get_output_tensor().shape[-1])

    def _warm(self) -> None:
        """The first batch repacks the weights; then the file's own are of no more use, but for the table's rows."""
        self.quick([np.ones(2, np.int64)])
        give_back(self._folder / WEIGHTS)

    def _state(self) -> list[tuple[int, int, int]]:
        """Another where a file was replaced: the second form must not become another model's."""
        try:
            found = [(self._folder / name).stat() for name in (NETWORK, WEIGHTS)]
        except OSError as error:
            raise EncoderError(f"cannot read the model in {self._folder}: {error}") from error
        return [(stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in found]

    def _compiled(self, hint: str) -> Any:
        settings = {
            "PERFORMANCE_HINT": hint,
            "INFERENCE_NUM_THREADS": str(encoder_threads()),
            "INFERENCE_PRECISION_HINT": "f32" if self._precise else "bf16",
        }
        if hint == "LATENCY":
            settings["NUM_STREAMS"] = "1"
        if self._state() != self._files:
            raise EncoderError(
                f"the model in {self._folder} was replaced while it was in use: start this program again"
            )
        try:
            return _core().compile_model(str(self._folder / NETWORK), "CPU", settings)
        except Exception as error:  # openvino raises RuntimeError and kinds of its own
            raise EncoderError(f"OpenVINO cannot load {self._folder}: {error}") from error


def check(folder: Path) -> None:
    """Raises EncoderError where openvino or a file is missing."""
    if not installed():
        raise EncoderError(
            f"The encoder in {folder} needs openvino, which is not installed. "
            f"Install it with: pip install 'dubhashi[openvino]'"
        )
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderError(f"{folder} lacks {', '.join(missing)}. Make or install the model again.")


def installed() -> bool:
    """Found out without importing it."""
    return find_spec("openvino") is not None


def library() -> Any:
    """openvino without the telemetry that it, and nncf after it, would send to their maker unasked."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def _core() -> Any:
    """The process's one runtime, which is never let go.

    It gives the thread that first uses it a stack for signals, and frees that stack when it goes. If it went in another
    thread, the next signal that reached the first (SIGTERM, SIGINT) would be a segmentation fault.
    """
    with _ONE_CORE:
        return _made_core()


@cache
def _made_core() -> Any:
    return library().Core()


def padded(length: int, steps: int) -> int:
    """How many pieces a text of so many is given. For every new number of pieces in a batch OpenVINO compiles kernels
    and keeps them, 5 MB at LaBSE's size: so there are few lengths, and few numbers of rows."""
    return rounded(length, steps, _LEAST)


def _filled(batch: Pieces, longest: int, steps: int) -> dict[str, NDArray[np.int64]]:
    """Rows that only fill up have one piece."""
    width = min(padded(max(map(len, batch)), steps), longest)
    ids = np.zeros((rounded(len(batch), 1), width), np.int64)
    mask = np.zeros_like(ids)
    mask[:, 0] = 1
    for row, found in enumerate(batch):
        ids[row, : len(found)] = found
        mask[row, : len(found)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def _put(rows: Vectors, places: list[int], request: Any) -> None:
    rows[places] = request.get_output_tensor().data[: len(places)]
