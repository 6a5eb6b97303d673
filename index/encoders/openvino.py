"""A slim model on OpenVINO: openvino, tokenizers and numpy, no torch.

Not for making one: see `index.slim`. The one module of the run time that imports openvino.
"""

from __future__ import annotations

import hashlib
import json
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.base import Vectors
from index.encoders.batches import by_length
from index.encoders.cores import encoder_threads
from index.encoders.place import shelf
from index.encoders.shelf import FILES, NETWORK, TOKENIZER, read_slim
from index.errors import EncoderError
from index.text.tokens import words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BUDGET = 4096  # pieces a batch, padding included: 32 rows of 128
_UNKNOWN = ("[UNK]", "<unk>")


class OpenVinoEncoder:
    """A folder with `slim.json`. One text batch is computed at a time, by all the threads of `cores`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name if folder.parent == shelf() else str(folder)
        self._slim = read_slim(folder)
        self.fingerprint = _fingerprint(self._slim.files, self._slim.prompts, self._slim.max_length)
        self.dimension = self._slim.dimension
        self._tokenizer = _open_tokenizer(folder / TOKENIZER, self._slim.max_length)
        self._unknown = next(
            (n for sign in _UNKNOWN if (n := self._tokenizer.token_to_id(sign)) is not None), -1
        )
        self._network = _compile(folder)
        self._lock = threading.Lock()  # one request: its buffers are its own state

    @property
    def about(self) -> Mapping[str, str]:
        """For an index's manifest: what a fingerprint does not tell a person."""
        slim = self._slim
        return {
            "source": slim.source,
            "revision": slim.revision,
            "precision": slim.precision,
            "pooling": slim.pooling,
            "query_prompt": slim.prompts.get("query", ""),
            "passage_prompt": slim.prompts.get("document", ""),
        }

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._slim.prompts.get("document", ""))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._slim.prompts.get("query", ""))

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        prepared = [unicodedata.normalize("NFC", text) for text in texts]
        seen = [place for place, text in enumerate(prepared) if self._sees(text)]
        try:
            pieces = [
                np.array(found.ids, np.int64)
                for found in self._tokenizer.encode_batch([prompt + prepared[place] for place in seen])
            ]
            for batch in by_length([len(ids) for ids in pieces], _BUDGET):
                rows[[seen[place] for place in batch]] = self._run([pieces[place] for place in batch])
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EncoderError(f"The encoder {self.name} failed on {len(texts)} texts: {error}") from error
        return rows

    def _run(self, pieces: Sequence[np.ndarray[Any, np.dtype[np.int64]]]) -> Vectors:
        ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(pieces):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        with self._lock:
            made = np.array(self._network({"input_ids": ids, "attention_mask": mask})[0], np.float32)
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        np.divide(made, lengths, out=made, where=lengths > 0)
        return made

    def _sees(self, text: str) -> bool:
        """A word in it, of which the tokeniser knows a piece: else the model would answer its bias."""
        if not words(text):
            return False
        return any(
            piece != self._unknown for piece in self._tokenizer.encode(text, add_special_tokens=False).ids
        )


def openvino_installed() -> bool:
    """Found out without importing it."""
    return find_spec("openvino") is not None


def _open_tokenizer(path: Path, max_length: int) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise EncoderError(f"{path} is damaged ({error}). Make or install the model again.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _compile(folder: Path) -> Any:
    if not openvino_installed():
        raise EncoderError(
            f"The encoder in {folder} needs openvino, which is not installed. "
            f"Install it with: pip install 'dubhashi[openvino]'"
        )
    import openvino

    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderError(f"{folder} lacks {', '.join(missing)}. Make or install the model again.")
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": str(encoder_threads()),
    }
    precise = read_slim(folder).precision == "fp32"
    settings["INFERENCE_PRECISION_HINT"] = "f32" if precise else "bf16"
    try:
        return openvino.Core().compile_model(str(folder / NETWORK), "CPU", settings)
    except Exception as error:  # openvino raises RuntimeError and kinds of its own
        raise EncoderError(f"OpenVINO cannot load {folder}: {error}") from error


def _fingerprint(files: Mapping[str, str], prompts: Mapping[str, str], max_length: int) -> str:
    """Over the checksums that `slim.json` keeps: reading the files again would cost more than opening."""
    parts = json.dumps([dict(files), dict(prompts), max_length], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
