"""A slim model on OpenVINO: openvino, tokenizers and numpy, no torch.

Not for making one: see `index.slim`. Nor for how the network runs: see `network`.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoders.base import Vectors
from index.encoders.batches import by_length
from index.encoders.network import MANY, QUICK, Network, Pieces, check, padded
from index.encoders.place import shelf
from index.encoders.shelf import TOKENIZER, read_slim
from index.errors import EncoderError
from index.text.tokens import words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BUDGET = 1024  # pieces a batch, padding included: 8 rows of 128; more makes nothing faster, but takes memory
_FEW = 4  # texts that all threads work at together
_UNKNOWN = ("[UNK]", "<unk>")


class OpenVinoEncoder:
    """A folder with `slim.json`, ready at once: a first text was computed when this returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name if folder.parent == shelf() else str(folder)
        self._slim = read_slim(folder)
        check(folder)
        self.fingerprint = _fingerprint(self._slim.files, self._slim.prompts, self._slim.max_length)
        self.dimension = self._slim.dimension
        self._tokenizer = _open_tokenizer(folder / TOKENIZER, self._slim.max_length)
        self._unknown = next(
            (n for sign in _UNKNOWN if (n := self._tokenizer.token_to_id(sign)) is not None), -1
        )
        self._network = Network(folder, self._slim.max_length, precise=self._slim.precision == "fp32")
        if self._network.dimension != self.dimension:
            raise EncoderError(
                f"{folder} says that its rows have {self.dimension} values, and they have {self._network.dimension}. "
                "Make or install the model again."
            )

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
        return self._encode(texts, self._slim.prompts.get("document", ""), few=_FEW)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._slim.prompts.get("query", ""), few=len(texts))

    def _encode(self, texts: Sequence[str], prompt: str, *, few: int) -> Vectors:
        """`few` texts or less go through the network's quick form."""
        steps = MANY if len(texts) > few else QUICK
        rows = np.zeros((len(texts), self.dimension), np.float32)
        prepared = [unicodedata.normalize("NFC", text) for text in texts]
        seen = [place for place, text in enumerate(prepared) if self._sees(text)]
        try:
            pieces: Pieces = [
                np.array(found.ids, np.int64)
                for found in self._tokenizer.encode_batch([prompt + prepared[place] for place in seen])
            ]
            batches = [
                ([seen[place] for place in batch], [pieces[place] for place in batch])
                for batch in by_length([padded(len(ids), steps) for ids in pieces], _BUDGET)
            ]
            if steps == MANY:
                self._network.many(batches, rows)
            else:
                for places, batch in batches:
                    rows[places] = self._network.quick(batch)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EncoderError(f"The encoder {self.name} failed on {len(texts)} texts: {error}") from error
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows

    def _sees(self, text: str) -> bool:
        """A word in it, of which the tokeniser knows a piece: else the model would answer its bias."""
        if not words(text):
            return False
        return any(
            piece != self._unknown for piece in self._tokenizer.encode(text, add_special_tokens=False).ids
        )


def _open_tokenizer(path: Path, max_length: int) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise EncoderError(f"{path} is damaged ({error}). Make or install the model again.") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _fingerprint(files: Mapping[str, str], prompts: Mapping[str, str], max_length: int) -> str:
    """Over the checksums that `slim.json` keeps: reading the files again would cost more than opening."""
    parts = json.dumps([dict(files), dict(prompts), max_length], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
