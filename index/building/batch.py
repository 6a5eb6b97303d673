"""A stretch of the corpus on its way: passages that were read, and between them those that are kept from before.

Not for where they come from: see `reading`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.types import Kept, Passage


@dataclass(slots=True)
class Batch:
    """`pieces` are in order: a number of `passages`, or what is kept."""

    passages: list[Passage] = field(default_factory=list)
    pieces: list[Kept | int] = field(default_factory=list)
    kept: int = 0  # passages
    end: int = 0  # bytes of the sources read when it was full

    def read(self, passage: Passage) -> None:
        self.passages.append(passage)
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, int):
            self.pieces[-1] = last + 1
        else:
            self.pieces.append(1)

    def keep(self, kept: Kept) -> None:
        self.kept += kept.number
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, Kept) and last.first + last.number == kept.first:
            self.pieces[-1] = Kept(last.first, last.number + kept.number)
        else:
            self.pieces.append(kept)

    def spans(self) -> Iterator[Kept | slice]:
        """The pieces, those that were read as places in `passages`."""
        start = 0
        for piece in self.pieces:
            if isinstance(piece, Kept):
                yield piece
            else:
                yield slice(start, start + piece)
                start += piece
