"""The bundled lexicon: what a stem or unit of one language means in the other, and how common each word is.

One safetensors file, mapped. Tensors (T terms, W words):
`terms` the trie of stems and units, `rows` int32 (T + 1), `targets` int32, `probabilities` uint8 (255 = 1): row i of
`targets` holds the translations of term i, the likeliest first; `kin_rows` int32 (T + 1), `kin` int32, `kin_cosines`
uint8 (255 = 1): English stems near term i in meaning; `words` the trie of folded word forms of both
languages, `zipf` uint8 (W,): log10 of the frequency a billion words, times 25; `keys` the trie of sound keys of the
Hindi words, `key_rows` int32, `key_words` int32: their word ids; `spellings` the trie of Latin spellings that the
sound keys do not explain, `spelling_words` int32: the Hindi word of each.
"""

from __future__ import annotations

import hashlib
from functools import cache, cached_property, lru_cache
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from index.errors import IndexDamaged
from index.text.analyse import Units

BUNDLED = Path(__file__).parent.parent / "models" / "lexicon" / "lexicon.safetensors"
ZIPF_STEPS = 25.0
_REMEMBERED = 1 << 14  # terms

Ints = NDArray[np.int32]
Shares = tuple[tuple[str, float], ...]  # terms, each with a number of 0 to 1


def _trie(data: NDArray[np.uint8]) -> marisa_trie.Trie:
    return marisa_trie.Trie().frombytes(data.tobytes())


class Lexicon:
    """Read only, and safe to read from several threads."""

    def __init__(self, path: Path) -> None:
        try:
            with safe_open(path, framework="numpy") as file:
                names = file.keys()
                data = {name: file.get_tensor(name) for name in names}
        except (OSError, SafetensorError) as error:
            raise IndexDamaged(f"cannot read the lexicon {path}: {error}; reinstall dubhashi") from error
        self._path = path
        self._terms, self._words = _trie(data["terms"]), _trie(data["words"])
        self._rows, self._targets, self._probabilities = data["rows"], data["targets"], data["probabilities"]
        self._kin_rows, self._kin, self._kin_cosines = data["kin_rows"], data["kin"], data["kin_cosines"]
        self._zipf = data["zipf"]
        self._keys, self._key_rows, self._key_words = _trie(data["keys"]), data["key_rows"], data["key_words"]
        self._spellings, self._spelling_words = _trie(data["spellings"]), data["spelling_words"]
        self.translations = lru_cache(_REMEMBERED)(self._translations)

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits of the file's content."""
        return hashlib.blake2b(self._path.read_bytes(), digest_size=8).hexdigest()

    @cached_property
    def units(self) -> tuple[tuple[str, ...], ...]:
        """Every multiword term, as its stems."""
        return tuple(tuple(name.split(" ")) for name in self.unit_names)

    @cached_property
    def unit_names(self) -> list[str]:
        """The same as they are written: their stems with spaces between."""
        terms: list[str] = list(self._terms.iterkeys())
        return [term for term in terms if " " in term]

    @cached_property
    def unit_finder(self) -> Units:
        """Finds those terms in a row of stems; made once, since there are tens of thousands."""
        return Units(self.units)

    def _translations(self, term: str, most: int = 255) -> Shares:
        """Stems and units of the other language with their probabilities, the likeliest first; empty if unknown."""
        return self._listed(term, self._rows, self._targets, self._probabilities, most)

    def kin(self, term: str) -> Shares:
        """English stems near an English one in meaning, with their cosine, the nearest first; empty if unknown."""
        return self._listed(term, self._kin_rows, self._kin, self._kin_cosines)

    def _listed(
        self, term: str, rows: Ints, others: Ints, shares: NDArray[np.uint8], most: int = 255
    ) -> Shares:
        """The first terms of a term's row with their shares."""
        row = self._terms.get(term)
        if row is None:
            return ()
        start = int(rows[row])
        span = slice(start, min(int(rows[row + 1]), start + most))
        restored = map(self._terms.restore_key, others[span].tolist())
        named = zip(restored, shares[span].tolist(), strict=True)
        return tuple((other, share / 255.0) for other, share in named)

    def knows(self, term: str) -> bool:
        row = self._terms.get(term)
        return row is not None and bool(self._rows[row + 1] > self._rows[row])

    def zipf(self, word: str) -> float:
        """log10 of how often the folded word occurs a billion words of its language; 0.0 if it is not known."""
        row = self._words.get(word)
        return float(self._zipf[row]) / ZIPF_STEPS if row is not None else 0.0

    def hindi_words_with_key(self, key: str) -> list[str]:
        """Folded Hindi words of that sound key, in no particular order."""
        row = self._keys.get(key)
        if row is None:
            return []
        return [
            self._words.restore_key(i)
            for i in self._key_words[self._key_rows[row] : self._key_rows[row + 1]].tolist()
        ]

    def spelling(self, latin: str) -> str | None:
        """The Hindi word that an attested Latin spelling stands for, where its sound would not tell."""
        row = self._spellings.get(latin)
        return self._words.restore_key(int(self._spelling_words[row])) if row is not None else None


@cache
def bundled_lexicon() -> Lexicon:
    """The lexicon in the package, read once a process."""
    return Lexicon(BUNDLED)
