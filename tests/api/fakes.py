"""A searcher of four passages that finds a passage by any word of it: what the ways in are tested against."""

from __future__ import annotations

from collections.abc import Mapping

from index.errors import NotFound
from index.types import Passage
from search.types import Answer, Highlight, Hit, IndexInfo, Match, ReadAs, Reading, SearchRequest

ROUTE = "चेन्नई-व्लादिवोस्तोक मार्ग पर बातचीत हुई। इस गलियारे से समय घटेगा।"
PASSAGES = (
    Passage(
        *("hi/russia:5", "hi/russia", 5, "रूस दौरा", "परिवहन गलियारा", ROUTE, "hi", "deva", "hi/russia.txt"),
        date="2023-12-29",
        metadata={"field": "diplomacy"},
    ),
    Passage(
        *("en/moon:1", "en/moon", 1, "Moon landing", "", "Chandrayaan-3 landed near the south pole."),
        *("en", "latn", "/srv/data/moon.txt"),
        url="https://example.in/moon",
        date="2023-08-23",
        metadata={"field": "space", "words": 6},
    ),
    Passage(
        *(
            "en/moon:2",
            "en/moon",
            2,
            "Moon landing",
            "<b>Rover</b>",
            "The rover: \x1b[31mred\x1b[0m <i>dust</i>.",
        ),
        *("en", "latn", "/srv/data/moon.txt"),
        metadata={"field": "space", "odd": float("nan")},
    ),
    Passage(
        "hi/upi:1", "hi/upi", 1, "UPI", "", "UPI से payment आसान हुआ।", "hi", "mixed", "hi/upi.txt", date="2024"
    ),
)
TRANSLATED = {"corridor": "गलियारे"}


class FakeSearcher:
    """Counts its closings, and can be told to fail."""

    def __init__(self, generation: int = 1, failure: Exception | None = None) -> None:
        self.generation, self.failure = generation, failure
        self.closed = 0
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> Answer:
        self.asked.append(request)
        if self.failure:
            raise self.failure
        found = [hit for hit in (_hit(passage, request.q) for passage in PASSAGES) if hit is not None]
        if request.lang:
            found = [hit for hit in found if hit.lang == request.lang]
        return self._answer(request, found)

    def similar(self, passage_id: str, request: SearchRequest | None = None) -> Answer:
        given = self.passage(passage_id)
        request = request or SearchRequest(q="")
        self.asked.append(request)
        others = [_hit(p, "") for p in PASSAGES if p.lang == given.lang and p.id != given.id]
        return self._answer(request, [hit for hit in others if hit is not None])

    def passage(self, passage_id: str) -> Passage:
        for passage in PASSAGES:
            if passage.id == passage_id:
                return passage
        raise NotFound(f"no passage has the id {passage_id!r}")

    def info(self) -> Mapping[str, object]:
        return {
            "generation": self.generation,
            "encoder": "/srv/models/labse",
            "dimension": 256,
            "passages": len(PASSAGES),
            "documents": 3,
            "languages": {"hi": 2, "en": 2},
            "built": "2026-01-02T03:04:05Z",
        }

    def close(self) -> None:
        self.closed += 1

    def _answer(self, request: SearchRequest, found: list[Hit]) -> Answer:
        page = found[request.offset : request.offset + request.limit]
        read_as = ReadAs("latn", "en", request.q, 0.9, (Reading("corridor", "en", (), 0.9),))
        return Answer(
            request.q,
            tuple(page),
            len(found),
            1.234,
            IndexInfo(self.generation, "bridge", 4),
            read_as,
            request.mode,
        )


def _hit(passage: Passage, q: str) -> Hit | None:
    why, lights = [], []
    for word in q.lower().split():
        seen = TRANSLATED.get(word, word)
        at = passage.text.lower().find(seen)
        if at >= 0:
            kind = "translation" if seen != word else "word"
            why.append(Match(word, seen, kind, 1.0))
            lights.append(Highlight(at, at + len(seen), kind))
    if q and not why:
        return None
    names = (
        "id",
        "document_id",
        "position",
        "title",
        "heading",
        "text",
        "lang",
        "script",
        "source",
        "url",
        "date",
    )
    fields = {name: getattr(passage, name) for name in (*names, "metadata")}
    return Hit(rank=1, score=0.5, why=tuple(why), highlights=tuple(lights), **fields)
