"""Small stand-ins for what a build is given: an encoder and a postings writer that a reader can follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.manifest import Analysis
from index.recipe import Recipe
from index.text.tokens import words
from index.types import Passage

ANALYSIS = Analysis(analyser="test", splitter="test", lexicon="test")


class HashingEncoder:
    """A text's row is the sum of its words' fixed random rows, made a unit; `seen` counts texts."""

    def __init__(self, name: str = "hashing", dimension: int = 16) -> None:
        self.name = name
        self.fingerprint = hashlib.blake2b(f"{name}{dimension}".encode(), digest_size=8).hexdigest()
        self.dimension = dimension
        self.seen = 0

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += len(texts)
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                row += self._word(word.lower())
            row /= float(np.linalg.norm(row)) or 1.0
        return rows

    encode_queries = encode_passages

    def _word(self, word: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        return np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)


class LinePostings:
    """Writes a line a passage: its id."""

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self._path = folder / "ids.txt"
        self._lines: list[str] = []
        self._before = (before / "ids.txt").read_text("utf-8").splitlines(keepends=True) if before else []

    def add(self, passages: Sequence[Passage], known: Sequence[int] = ()) -> None:
        self._lines += [f"{passage.id}\n" for passage in passages]

    def keep(self, first: int, count: int) -> None:
        self._lines += self._before[first : first + count]

    def close(self) -> None:
        pass

    def finish(self) -> None:
        self._path.write_text("".join(self._lines), encoding="utf-8")


RECIPE = Recipe(ANALYSIS, LinePostings)


def write_records(path: Path, texts: Sequence[str], **fields: object) -> Path:
    """A JSON Lines file with ids r0, r1, …"""
    rows = [{"id": f"r{i}", "text": text, **fields} for i, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def passage(number: int = 1, text: str = "text", **fields: object) -> Passage:
    values: dict[str, object] = {
        "id": f"d:{number}", "document_id": "d", "position": number, "title": "T", "heading": "",
        "text": text, "lang": "en", "script": "latn", "source": "d.txt",
    }  # fmt: skip
    return Passage(**{**values, **fields})  # type: ignore[arg-type]
