"""How texts are analysed and their postings written, as one thing that a build can be given.

Not for the analysis itself: see `index.text` and `index.store.postings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.manifest import Analysis
from index.passages import SPLITTER_VERSION
from index.types import Passage


class PostingsSink(Protocol):
    """Takes all passages in order, then writes its files into the folder it was made for."""

    def add(self, passages: Sequence[Passage], known: Sequence[int] = ()) -> None:
        """`known`: for each the passage of the generation before that has the same heading and text, or -1."""

    def keep(self, first: int, count: int) -> None:
        """The next passages are so many of the generation before."""

    def finish(self) -> None: ...

    def close(self) -> None: ...


class PostingsMaker(Protocol):
    """A sink for a folder, from the folder of the generation before if passages may be kept from it."""

    def __call__(self, folder: Path, before: Path | None = None, /) -> PostingsSink: ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """`analysis` names the versions of what `postings` does."""

    analysis: Analysis
    postings: PostingsMaker


def bundled_analysis() -> Analysis:
    """This program's own: what an index must have been made by to be searched by it."""
    from index.lexicon import bundled_lexicon
    from index.text.analyse import ANALYSER_VERSION

    return Analysis(ANALYSER_VERSION, SPLITTER_VERSION, bundled_lexicon().fingerprint)


def bundled_recipe() -> Recipe:
    from index.store.postings_writer import PostingsWriter

    return Recipe(bundled_analysis(), PostingsWriter)
