"""LaBSE and every other model that sentence-transformers loads, from local files alone.

Not for finding the files (`hub`). The one module that imports sentence-transformers, and so torch.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.base import Vectors
from index.encoders.cores import encoder_threads
from index.encoders.hub import find_model
from index.encoders.identity import model_fingerprint
from index.errors import EncoderError
from index.text.tokens import words

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

LABSE = "sentence-transformers/LaBSE"
_BATCH = 32


class SentenceTransformerEncoder:
    """A model with its own prompts for queries and for passages; `name` is what the user called it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = find_model(LABSE if name == "labse" else name)
        self._model = load(self.folder)
        # The tokeniser keeps padding and truncation as mutable state and fails when two threads borrow it.
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        return model_fingerprint(self.folder)

    @cached_property
    def dimension(self) -> int:
        return int(self.encode_queries(["1"]).shape[1])

    @property
    def about(self) -> Mapping[str, str]:
        """For an index's manifest: what a fingerprint does not tell a person."""
        prompts = self._model.prompts or {}
        return {
            "source": self.name,
            "revision": revision_of(self.folder),
            "precision": str(self._model.dtype).removeprefix("torch."),
            "pooling": pooling_of(self._model),
            "query_prompt": prompts.get("query") or "",
            "passage_prompt": prompts.get("document") or "",
        }

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, query=False)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, query=True)

    def _encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        prepared = [unicodedata.normalize("NFC", text) for text in texts]
        if not prepared:
            return np.zeros((0, self.dimension), np.float32)
        encode = self._model.encode_query if query else self._model.encode_document
        with self._lock:
            try:
                rows = encode(
                    prepared,
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
                blind = [self._sees_nothing(text) for text in prepared]
            except (RuntimeError, ValueError, MemoryError) as error:
                raise EncoderError(
                    f"The encoder {self.name} failed on {len(texts)} texts: {error}"
                ) from error
        vectors = np.array(rows, np.float32)
        vectors[blind] = 0
        return vectors

    def _sees_nothing(self, text: str) -> bool:
        """No word in it, or none of whose pieces the tokeniser knows: the model would answer its bias."""
        if not words(text):
            return True
        tokenizer = self._model.tokenizer
        unknown = getattr(tokenizer, "unk_token_id", None)
        if unknown is None or not callable(tokenizer):
            return False
        return all(
            piece == unknown
            for piece in tokenizer(text, add_special_tokens=False, truncation=True)["input_ids"]
        )


def extra_installed() -> bool:
    """Whether sentence-transformers can be imported, found out without importing it."""
    return find_spec("sentence_transformers") is not None


def load(folder: Path, *, on_cpu: bool = False) -> SentenceTransformer:
    """From local files alone. On a GPU, where torch sees one, in half precision."""
    if not extra_installed():
        raise EncoderError(
            f"The encoder in {folder} needs sentence-transformers, which is not installed. "
            f"Install it with: pip install 'dubhashi[labse]'"
        )
    import torch
    from sentence_transformers import SentenceTransformer

    try:
        with _no_progress_bar():
            torch.set_num_threads(encoder_threads())
            model = SentenceTransformer(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                device="cpu" if on_cpu else None,
            )
            return model.to(_half()) if _is_on_gpu(model) else model
    except (
        Exception
    ) as error:  # the libraries below raise many kinds; each means that the folder is not usable
        reason = f"{type(error).__name__}: {error}"
        raise EncoderError(f"sentence-transformers cannot load {folder}: {reason}") from error


def _is_on_gpu(model: SentenceTransformer) -> bool:
    return model.device.type == "cuda"


def _half() -> torch.dtype:
    """bf16 has fp32's range, so that no model overflows; older GPUs know fp16 alone."""
    import torch

    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def pooling_of(model: Any) -> str:
    """How the tokens of a text become one vector: `cls`, `mean`; empty where the model does not say."""
    modes = (getattr(module, "pooling_mode", "") for module in model.children())
    return next((mode if isinstance(mode, str) else "+".join(mode) for mode in modes if mode), "")


def revision_of(folder: Path) -> str:
    """The hub's commit, where the folder is a snapshot in its cache or was fetched from it; else empty."""
    return folder.name if folder.parent.name == "snapshots" else ""


@contextmanager
def _no_progress_bar() -> Iterator[None]:
    """Loading from disk takes seconds, and a server's log is no place for a bar."""
    from transformers.utils import logging

    bars: Any = logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
