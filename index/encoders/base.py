"""The contract that every encoder keeps.

Not for choosing one: see `choose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """Texts to vectors whose inner product is their similarity.

    `encode_*` return float32 of shape (len(texts), dimension) with unit rows; a text in which the encoder
    sees nothing (empty, or only unknown signs) has a row of zeros. The same text gives the same row, whatever
    stands beside it (to 1e-5). Texts are given as they are in the source; an encoder normalises for itself.
    Safe to call from several threads. Raises EncoderError.
    """

    @property
    def name(self) -> str:
        """What a person calls it: `bridge`, `labse`, a hub name or a path."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: 16 hexadecimal digits over weights, tokeniser and settings."""

    @property
    def dimension(self) -> int: ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...
