"""The bundled encoder: a table of piece vectors for Hindi and English, read with numpy and tokenizers alone.

Not for training the table: see `train/bridge.py`. Nothing here imports torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.base import Vectors
from index.encoders.table import open_table
from index.errors import EncoderError, ModelNotFound
from index.text.fold import fold
from index.text.tokens import for_words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = Path(__file__).parent.parent / "models" / "bridge"
# Raise it when `for_words` or `fold` change what they return: the same table then gives other vectors.
PREPARATION = 2
FORMAT = 2
_UNKNOWN = "[UNK]"
_MEND = "Reinstall dubhashi, or train the encoder again (train/bridge.py)."


class BridgeEncoder:
    """The sum of the rows of a text's pieces, made a unit; a piece's weight is the length of its row.

    Word order plays no part, and passages and queries are encoded alike.
    """

    cheap = True  # adding rows up takes no longer than finding a sum in the cache of vectors

    def __init__(self, folder: Path = BUNDLED) -> None:
        self.name = "bridge" if folder == BUNDLED else str(folder)
        self.folder = folder
        about = _read_about(folder)
        self._table = open_table(folder / "model.safetensors")
        tokenizer = _open_tokenizer(folder / "tokenizer.json")
        if len(self._table) != tokenizer.get_vocab_size():
            raise EncoderError(f"{folder}: table and tokenizer.json are not of one training. {_MEND}")
        self._pieces = for_words(partial(_pieces_of, tokenizer))
        self.fingerprint = _fingerprint(about)

    @property
    def dimension(self) -> int:
        return self._table.dimension

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        pieces = list(map(self._pieces, texts))
        ends = list(accumulate(map(len, pieces)))
        numbers = np.fromiter(chain.from_iterable(pieces), np.intp, ends[-1] if ends else 0)
        sums = self._table.sums(numbers, ends)
        lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
        np.divide(sums, lengths, out=sums, where=lengths > 0)
        return sums

    encode_queries = encode_passages


def _pieces_of(tokenizer: Tokenizer, word: str) -> tuple[int, ...]:
    unknown = tokenizer.token_to_id(_UNKNOWN)
    pieces = tokenizer.encode(fold(word), add_special_tokens=False).ids
    return tuple(piece for piece in pieces if piece != unknown)


def _read_about(folder: Path) -> dict[str, Any]:
    path = folder / "bridge.json"
    try:
        about = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelNotFound(
            f"The bundled encoder is not in {folder}: there is no bridge.json. {_MEND}"
        ) from None
    except (OSError, ValueError) as error:
        raise EncoderError(f"{path} cannot be read ({error}). {_MEND}") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise EncoderError(f"{path} is not of format {FORMAT}, so of another version. {_MEND}")
    return about


def _open_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise EncoderError(f"{path} is damaged ({error}). {_MEND}") from error


def _fingerprint(about: dict[str, Any]) -> str:
    """Over the checksums that the training wrote: reading the files again would cost more than opening."""
    parts = json.dumps([PREPARATION, about["format"], about["sha256"]], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
