"""The shapes of requests and answers: what OpenAPI documents and what a request is read with.

Answers are written by `api.wire`, which the command line shares; a test holds that these models fit them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api import ask
from search.types import MAX_LIMIT, MAX_OFFSET, MAX_QUERY_CHARS, MatchKind, Mode, SearchRequest, Transliterate

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", examples=["2023-08"])]


class _Bounds(BaseModel):
    """What bounds the hits, whatever they are sought by."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(10, ge=1, le=MAX_LIMIT, description="Hits in this answer.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Hits to leave out before the first.")
    lang: Literal["en", "hi"] | None = Field(None, description="Passages' language.")
    script: Literal["deva", "latn", "mixed", "none"] | None = None
    date_from: Date | None = Field(None, description="Inclusive; ISO 8601 or a beginning.")
    date_to: Date | None = None
    min_score: Share = Field(0.0, description="Leave out hits below this score.")
    collapse: bool = Field(False, description="Fold reprints and translations of one passage into one hit.")
    explain: bool = Field(True, description="Give reasons and highlights.")
    latin: bool = Field(False, description="Also give Hindi in Latin letters: `text_latin` and its like.")


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        min_length=1,
        max_length=MAX_QUERY_CHARS,
        description="English, Hindi, or Hindi in Latin letters.",
        examples=["Chennai-Vladivostok corridor", "मुक्त व्यापार समझौता", "mukt vyapar samjhauta"],
    )
    mode: Mode = Field("hybrid", description="Which legs answer: meaning (dense), words (sparse), or both.")
    semantic_ratio: Share | None = Field(None, description="Weight of the dense leg in hybrid mode.")
    transliterate: Transliterate = Field(
        "auto", description="Read Latin letters as Hindi where they look it, never, or always."
    )


_CONDITIONS = "Metadata that passages must have, as `field:value`; all of them."


class SearchParameters(
    _Bounds, _Question
):  # fields come in the order of the bases from the last to the first
    """`GET /v1/search`."""

    where: list[str] = Field(
        [], max_length=ask.MAX_CONDITIONS, description=_CONDITIONS, examples=[["field:space"]]
    )


class SearchBody(_Bounds, _Question):
    """`POST /v1/search`."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,  # JSON has numbers and truth values of its own: "5" and 0 are not meant for them
        json_schema_extra={
            "examples": [{"q": "mukt vyapar samjhauta", "limit": 5, "where": {"field": "diplomacy"}}]
        },
    )

    where: dict[str, str] = Field(
        {}, max_length=ask.MAX_CONDITIONS, description="Metadata that passages must have."
    )


class SimilarParameters(_Bounds):
    """`GET /v1/passages/{id}/similar`."""

    where: list[str] = Field([], max_length=ask.MAX_CONDITIONS, description=_CONDITIONS)


class PassageParameters(BaseModel):
    """`GET /v1/passages/{id}`."""

    model_config = ConfigDict(extra="forbid")

    latin: bool = False


class NoParameters(BaseModel):
    """An address that takes none."""

    model_config = ConfigDict(extra="forbid")


def search_request(given: SearchParameters | SearchBody | SimilarParameters, q: str = "") -> SearchRequest:
    """The question as `search` takes it. Raises QueryError."""
    fields = given.model_dump(exclude={"latin"})
    if isinstance(given.where, list):
        fields["where"] = ask.conditions(given.where)
    return ask.checked(SearchRequest(**({"q": q} | fields)))


class Match(BaseModel):
    """Why a hit is one: a query word, what stands for it in the passage, and its share of the score."""

    query: str
    matched: str
    kind: MatchKind
    share: float
    matched_latin: str | None = Field(None, description="Only with `latin=true`.")


class Highlight(BaseModel):
    """`text[start:end]`, in code points."""

    start: int
    end: int
    kind: MatchKind


class _Place(BaseModel):
    rank: int = Field(description="From 1, over all pages.")
    score: float = Field(description="0 to 1, higher is better.")


class _Text(BaseModel):
    id: str = Field(examples=["hi/jaishankar-russia-2023:5"])
    document_id: str
    position: int = Field(description="From 1, in the document.")
    title: str
    heading: str
    text: str = Field(description="The source's own text.")
    lang: str
    script: str
    source: str
    url: str
    date: str
    metadata: dict[str, str | int | float | bool | None]


class _Reasons(BaseModel):
    why: list[Match]
    highlights: list[Highlight]
    duplicates: list[str] = Field(description="Ids that `collapse` folded into this hit.")


class _Latin(BaseModel):
    title_latin: str | None = Field(None, description="These four only with `latin=true`.")
    heading_latin: str | None = None
    text_latin: str | None = None
    highlights_latin: list[Highlight] | None = None


class Passage(_Latin, _Text):
    """A paragraph, or a part of a long one."""


class Hit(_Latin, _Reasons, _Text, _Place):
    """A ranked passage."""


class Reading(BaseModel):
    """How one word of the query was read; `words` are Hindi words that Latin letters may stand for."""

    token: str
    language: Literal["en", "hi", "hi-Latn", "number", "other"]
    words: list[str]
    confidence: float


class ReadAs(BaseModel):
    script: str
    language: str
    text: str
    confidence: float
    tokens: list[Reading]


class IndexInfo(BaseModel):
    generation: int
    encoder: str
    passages: int


class Answer(BaseModel):
    query: str
    hits: list[Hit]
    total: int = Field(description="Hits that can be paged through.")
    took_ms: float
    index: IndexInfo
    read_as: ReadAs
    mode: Mode
    warnings: list[str]


class Index(BaseModel):
    """Which index answers. More fields may be added."""

    model_config = ConfigDict(extra="allow")

    generation: int
    encoder: str
    passages: int


class State(BaseModel):
    status: Literal["ok"]


class RebuildBody(BaseModel):
    """`POST /v1/index/rebuild`; all of it may be left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    force: bool = Field(default=False, description="Build anew even if nothing changed.")
    strict: bool = Field(default=False, description="Stop at a broken file instead of leaving it out.")


class JobReport(BaseModel):
    """What a rebuild that is done has built, or found unchanged."""

    generation: int
    unchanged: bool
    files: int
    documents: int
    passages: int
    kept: int = Field(description="Passages taken over from the generation before.")
    cached: int = Field(description="Passages whose vectors were in the cache.")
    encoded: int = Field(description="Passages that had to be encoded.")
    problems: int = Field(
        description="Places in the sources that were left out; the server's log names them."
    )
    seconds: float


class JobError(BaseModel):
    code: str
    title: str


class Job(BaseModel):
    """A rebuild."""

    id: str
    state: Literal["running", "done", "failed", "cancelled"]
    started: str
    ended: str
    stage: str
    done: int = Field(description="Steps of this stage.")
    total: int
    error: JobError | None
    report: JobReport | None


class ProblemError(BaseModel):
    at: str = Field(examples=["query.limit"])
    message: str


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `instance` is the request's id, also in the header X-Request-ID."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[ProblemError] | None = None
