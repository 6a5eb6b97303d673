"""What a caller asks and what comes back; the same objects for the command line, HTTP and evaluation.

Not for parsing or printing: `api` turns these into JSON and text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.types import Metadata

Mode = Literal["hybrid", "dense", "sparse"]
Transliterate = Literal["auto", "off", "only"]
Language = Literal["en", "hi", "hi-Latn", "number", "other"]
MatchKind = Literal["word", "stem", "sound", "translation", "meaning"]

MAX_QUERY_CHARS = 2_000
MAX_LIMIT = 100
MAX_OFFSET = 10_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question with its bounds. `where` asks for equality of metadata fields; dates are ISO 8601, inclusive.

    `semantic_ratio` is the weight of the dense leg in hybrid mode, 0 to 1; None takes the index's tuned value.
    `transliterate`: read Latin tokens as romanised Hindi where they look it (`auto`), never (`off`), or all (`only`).
    `min_score` drops hits below it (scores are 0 to 1). `collapse` folds reprints and translations of one passage.
    """

    q: str
    limit: int = 10
    offset: int = 0
    lang: str | None = None
    script: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "hybrid"
    semantic_ratio: float | None = None
    transliterate: Transliterate = "auto"
    min_score: float = 0.0
    collapse: bool = False
    explain: bool = True  # without reasons and highlights a search is a little faster


@dataclass(frozen=True, slots=True)
class Match:
    """Why a hit is one: a query word, what stands for it there, how they are related, its share of the score."""

    query: str
    matched: str
    kind: MatchKind
    share: float


@dataclass(frozen=True, slots=True)
class Highlight:
    """`text[start:end]` of the hit's own text (code points) answers to the query."""

    start: int
    end: int
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage. `rank` counts from 1 over all pages; `score` is 0 to 1, higher is better."""

    rank: int
    score: float
    id: str
    document_id: str
    position: int
    title: str
    heading: str
    text: str
    lang: str
    script: str
    source: str
    url: str = ""
    date: str = ""
    metadata: Metadata = field(default_factory=dict)
    why: tuple[Match, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    duplicates: tuple[str, ...] = ()  # ids of the passages that `collapse` folded into this one


@dataclass(frozen=True, slots=True)
class Reading:
    """How one query token was read. `confidence` is 0 to 1; `words` are the Hindi words a Latin token may stand for."""

    token: str
    language: Language
    words: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How the query was understood. `text` is what the dense leg was given."""

    script: str
    language: str
    text: str
    confidence: float
    tokens: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered."""

    generation: int
    encoder: str
    passages: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` is the number of hits that can be paged through; `took_ms` the time inside the searcher."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    took_ms: float
    index: IndexInfo
    read_as: ReadAs
    mode: Mode
    warnings: tuple[str, ...] = ()
