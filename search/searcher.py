"""Answers questions over one generation of an index: understand, both legs, fuse, explain.

Not for serving several generations: the caller opens a new searcher and drops the old one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from index.encoders.base import Encoder, Vectors
from index.encoders.choose import open_encoder
from index.errors import NotFound
from index.generation import Generation, open_again, open_generation
from index.lexicon import bundled_lexicon
from index.recipe import bundled_analysis
from index.store.postings import Postings
from index.types import Passage
from search.collapse import groups
from search.expand import Expansion
from search.explain import Explainer, Explanation, best_sentence
from search.fusion import Ranking
from search.legs import Legs, Retrieved
from search.located import Located
from search.nearness import Nearness
from search.request import check
from search.sparse import SparseLeg
from search.tuning import saved_ratio
from search.types import Answer, Hit, IndexInfo, SearchRequest
from search.understand import QueryToken, Understanding, Understood
from search.weights import Weights, for_corpus

_COLLAPSE_SPARE = 50  # further candidates that collapsing may use up
_SIMILAR_WORDS = 25  # most telling words of a passage that stand for it in "more like this"
_NO_REASONS = Explanation((), ())


class Searcher:
    """An open index with its encoder; safe to call from several threads until closed."""

    def __init__(
        self, generation: Generation, encoder: Encoder, semantic_ratio: float | None = None,
        weights: Weights | None = None,
    ) -> None:  # fmt: skip
        """Without `weights` those that suit the corpus; without `semantic_ratio` theirs."""
        lexicon = bundled_lexicon()
        postings = Postings(generation.postings)
        self.average_length = postings.average_length
        weights = weights or for_corpus(postings.average_length)
        self.semantic_ratio = weights.semantic_ratio if semantic_ratio is None else semantic_ratio
        self._generation = generation
        self._encoder = encoder
        self._lexicon = lexicon
        self._understanding = Understanding(lexicon, postings, keep_function_words=weights.function_words)
        self._legs = Legs(
            generation, Expansion(lexicon, postings, weights), SparseLeg(postings, weights), Nearness(postings),
            weights,
        )  # fmt: skip
        self._located = Located(postings, lexicon.unit_finder)

    @classmethod
    def open(cls, index_dir: Path, encoder: str = "auto") -> Self:
        """The current generation with the encoder it was built with (`auto`), or with the one named.

        Raises IndexNotFound, IndexDamaged, IndexMismatch, ModelNotFound, EncoderError, SettingsError.
        """
        generation = open_generation(index_dir)
        try:
            name = generation.manifest.encoder.name if encoder == "auto" else encoder
            opened = open_encoder(name).encoder
        except BaseException:
            generation.close()
            raise
        return cls._matched(generation, opened, index_dir)

    @classmethod
    def open_with(cls, index_dir: Path, encoder: Encoder, generation: int | None = None) -> Self:
        """The same with an encoder that is already open; or a `generation` that was checked before."""
        opened = open_generation(index_dir) if generation is None else open_again(index_dir, generation)
        return cls._matched(opened, encoder, index_dir)

    @classmethod
    def _matched(cls, generation: Generation, encoder: Encoder, index_dir: Path) -> Self:
        try:
            generation.expect(encoder, bundled_analysis())
            return cls(generation, encoder, saved_ratio(index_dir))
        except BaseException:
            generation.close()
            raise

    @property
    def generation(self) -> int:
        return self._generation.number

    def search(self, request: SearchRequest) -> Answer:
        """Ranked passages for a question. Raises QueryError for a request that cannot be answered."""
        started = time.perf_counter()
        check(request)
        understood = self._understanding.read(request.q, request.transliterate)
        query = self._encode(understood.dense_text) if request.mode != "sparse" else None
        return self._answer(request, understood, understood.content, query, started)

    def similar(self, passage_id: str, request: SearchRequest | None = None) -> Answer:
        """More like a passage of the index; `request` bounds the hits, its `q` is not looked at. Raises NotFound."""
        started = time.perf_counter()
        ordinal = self._generation.passages.ordinal_of(passage_id)
        passage = self._generation.passages.get([ordinal])[0]
        request = replace(request or SearchRequest(passage_id), q=passage_id)
        check(request)
        understood = self._understanding.read(passage.titled_text, "off")
        query = self._generation.vectors.rows(np.asarray([ordinal]))[0]
        tokens = _most_telling(understood.content, self._lexicon.zipf)
        return self._answer(request, understood, tokens, query, started, without=ordinal)

    def passage(self, passage_id: str) -> Passage:
        """Raises NotFound."""
        return self._generation.passages.by_id(passage_id)

    def holds(self, identifier: str) -> bool:
        """Whether it is the id of a passage or of a document."""
        for ask in (self._generation.passages.ordinal_of, self._generation.passages.document):
            with suppress(NotFound):
                ask(identifier)
                return True
        return False

    def info(self) -> dict[str, object]:
        """What the index is: generation, encoder, counts, when it was built."""
        made = self._generation.manifest
        return {
            "generation": made.generation,
            "encoder": made.encoder.name,
            "fingerprint": made.encoder.fingerprint,
            "dimension": made.encoder.dimension,
            "passages": made.passages,
            "documents": made.documents,
            "languages": dict(made.languages),
            "built": made.created,
            "version": made.tool,
            "bytes": made.bytes,
            "semantic_ratio": self.semantic_ratio,
        }

    def close(self) -> None:
        self._generation.close()

    def _encode(self, text: str) -> Vectors:
        row: Vectors = self._encoder.encode_queries([text])[0]
        return row

    def _answer(
        self, request: SearchRequest, understood: Understood, tokens: Sequence[QueryToken], query: Vectors | None,
        started: float, without: int | None = None,
    ) -> Answer:  # fmt: skip
        ratio = self.semantic_ratio if request.semantic_ratio is None else request.semantic_ratio
        depth = request.offset + request.limit + (_COLLAPSE_SPARE if request.collapse else 0)
        found = self._legs.retrieve(request, tokens, query, ratio, depth, without)
        ranking, folded = self._collapsed(found.ranking, depth) if request.collapse else (found.ranking, {})
        page = slice(request.offset, request.offset + request.limit)
        hits = self._hits(request, ranking, page, folded, found, query)
        return Answer(
            query=request.q, hits=hits, total=found.total - sum(map(len, folded.values())),
            took_ms=round((time.perf_counter() - started) * 1000, 3),
            index=IndexInfo(self.generation, self._encoder.name, len(self._generation.passages)),
            read_as=understood.read_as, mode=request.mode, warnings=found.warnings,
        )  # fmt: skip

    def _collapsed(self, ranking: Ranking, depth: int) -> tuple[Ranking, dict[int, list[int]]]:
        """The ranking without near-duplicates among its first `depth`, and the ordinals folded into each head."""
        head = ranking.ordinals[:depth]
        langs = [p.lang for p in self._generation.passages.get(head)]
        found = groups(self._generation.vectors.rows(head), langs)
        heads = [group[0] for group in found] + list(range(len(head), len(ranking)))
        folded = {
            int(head[group[0]]): [int(head[row]) for row in group[1:]] for group in found if len(group) > 1
        }
        return ranking.at(heads), folded

    def _hits(
        self, request: SearchRequest, ranking: Ranking, page: slice, folded: dict[int, list[int]], found: Retrieved,
        query: Vectors | None,
    ) -> tuple[Hit, ...]:  # fmt: skip
        ordinals = ranking.ordinals[page].tolist()
        explainer = Explainer(self._located, found.concepts, found.idf)
        nearest = partial(best_sentence, self._encoder, query) if query is not None else lambda _: None
        hits = []
        for row, (ordinal, passage) in enumerate(
            zip(ordinals, self._generation.passages.get(ordinals), strict=True), page.start
        ):
            score = float(ranking.scores[row])
            share = float(ranking.dense[row] / ranking.scores[row])
            reasons = explainer.explain(ordinal, passage, share, nearest) if request.explain else _NO_REASONS
            duplicates = self._generation.passages.get(folded[ordinal]) if ordinal in folded else ()
            hits.append(_hit(row + 1, score, passage, reasons, duplicates))
        return tuple(hits)


def _most_telling(tokens: Sequence[QueryToken], zipf: Callable[[str], float]) -> list[QueryToken]:
    """A passage's rarest distinct words."""
    distinct = {token.text.lower(): token for token in tokens}
    return sorted(distinct.values(), key=lambda t: min(map(zipf, (s.folded for s in t.senses))))[
        :_SIMILAR_WORDS
    ]


def _hit(rank: int, score: float, p: Passage, reasons: Explanation, duplicates: Sequence[Passage]) -> Hit:
    return Hit(
        rank, round(score, 6), p.id, p.document_id, p.position, p.title, p.heading, p.text, p.lang, p.script, p.source,
        p.url, p.date, p.metadata, reasons.why, reasons.highlights, tuple(d.id for d in duplicates),
    )  # fmt: skip
