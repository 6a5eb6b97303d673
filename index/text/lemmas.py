"""Which headword a known form is an inflection of: a table made by `train/lemmas.py`, part of the lexicon's file.

Not for unknown forms: those go by rule, see `stem`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import marisa_trie
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from index.errors import IndexDamaged

BUNDLED = Path(__file__).parent.parent / "models" / "lexicon" / "lexicon.safetensors"


class Lemmas:
    """Read only, and safe to read from several threads.

    Tensors: `lemma_names` the trie of forms and headwords, `lemmas` int32 (N,): the headword's id of each, its own
    for a headword.
    """

    def __init__(self, names: NDArray[np.uint8], lemmas: NDArray[np.int32]) -> None:
        self._names = marisa_trie.Trie().frombytes(names.tobytes())
        self._lemmas = lemmas

    @classmethod
    def read(cls, path: Path) -> Self:
        try:
            with safe_open(path, framework="numpy") as file:
                return cls(file.get_tensor("lemma_names"), file.get_tensor("lemmas"))
        except (OSError, SafetensorError) as error:
            raise IndexDamaged(f"cannot read the lexicon {path}: {error}; reinstall dubhashi") from error

    def get(self, form: str) -> str | None:
        """The headword, the form itself if it is one; None if the table does not know the form."""
        row = self._names.get(form)
        return None if row is None else self._names.restore_key(int(self._lemmas[row]))


def tensors(table: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """A table of form -> headword as `Lemmas` takes it."""
    names = marisa_trie.Trie(sorted({*table, *table.values()}))
    lemmas = np.arange(len(names), dtype=np.int32)
    for form, lemma in table.items():
        lemmas[names[form]] = names[lemma]
    return {"names": np.frombuffer(names.tobytes(), np.uint8), "lemmas": lemmas}


_in_use: list[Lemmas] = []


def bundled_lemmas() -> Lemmas:
    """The table in the package, read once a process."""
    if not _in_use:
        _in_use.append(Lemmas.read(BUNDLED))
    return _in_use[0]


def use(table: Mapping[str, str]) -> None:
    """For the training, which makes the table before it stems anything: take this one instead."""
    _in_use[:] = [Lemmas(**tensors(table))]
