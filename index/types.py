"""What flows through a build: documents come from sources, passages go into the index.

Not for answers to queries: see `search.types`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Metadata = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading (`""` before the first); `start` its text's offset in the document."""

    heading: str
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One article, page or record as a reader found it, before it is cut into passages.

    `id` is unique in a build: a record's own id, else the path below the source without its suffix.
    `date` is ISO 8601 (`2023-08-23`, or a prefix: `2023-08`); `lang` is `""` where the source does not say.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    source: str
    url: str = ""
    date: str = ""
    lang: str = ""
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a part of a long one: what is indexed and returned.

    `id` is the document's id, a colon and the position from 1 (`hi/chandrayaan-3-landing:4`).
    `text` is the source's own text, not normalised; `heading` is that of its section.
    `start` is the offset of `text` in the document's text, in code points.
    """

    id: str
    document_id: str
    position: int
    title: str
    heading: str
    text: str
    lang: str
    script: str
    source: str
    start: int = 0
    url: str = ""
    date: str = ""
    metadata: Metadata = field(default_factory=dict)

    @property
    def titled_text(self) -> str:
        """Heading and text: what both legs index. Not the title, which would make all its passages alike."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


class Kept(NamedTuple):
    """A stretch of the passages of the generation before that stand unchanged in the new one."""

    first: int
    number: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of something was done in how long."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds if self.seconds > 0 else 0.0
