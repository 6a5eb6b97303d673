"""Questions answered end to end on the seed index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.errors import NotFound, QueryError
from search.legs import weigh
from search.searcher import Searcher
from search.sparse import SparseScores
from search.types import MAX_QUERY_CHARS, Answer, SearchRequest

CORRIDOR = "hi/jaishankar-russia-2023:5"


def ask(seeds: Searcher, q: str, **more: object) -> Answer:
    return seeds.search(SearchRequest(q, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        "Chennai-Vladivostok corridor", "चेन्नई व्लादिवोस्तोक गलियारा", "chennai vladivostok galiyara",
        "vladivostok corridor", "चेन्नई-व्लादिवोस्तोक मार्ग",
    ],
)  # fmt: skip
def test_the_paragraph_on_the_corridor_is_first_however_it_is_asked(seeds: Searcher, query: str) -> None:
    assert ask(seeds, query).hits[0].id == CORRIDOR


def test_ranks_count_on_over_pages_and_pages_join(seeds: Searcher) -> None:
    whole = ask(seeds, "monsoon rain", limit=10).hits
    pages = [*ask(seeds, "monsoon rain", limit=4).hits, *ask(seeds, "monsoon rain", limit=6, offset=4).hits]
    assert [h.id for h in pages] == [h.id for h in whole]
    assert [h.rank for h in pages] == list(range(1, 11))


def test_scores_fall_and_are_shares(seeds: Searcher) -> None:
    scores = [h.score for h in ask(seeds, "space mission", limit=30).hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("lang", ["en", "hi"])
def test_a_language_filter_lets_only_that_language_through(seeds: Searcher, lang: str) -> None:
    assert {h.lang for h in ask(seeds, "election", lang=lang).hits} == {lang}


def test_dates_are_inclusive(seeds: Searcher) -> None:
    answer = ask(seeds, "Chandrayaan", date_from="2023-08", date_to="2023-08")
    assert answer.hits
    assert all(h.date.startswith("2023-08") for h in answer.hits)


def test_any_metadata_field_filters(seeds: Searcher) -> None:
    assert {h.metadata["field"] for h in ask(seeds, "India", where={"field": "cricket"}).hits} == {"cricket"}


def test_a_filter_that_nothing_meets_gives_no_hits(seeds: Searcher) -> None:
    answer = ask(seeds, "India", where={"field": "no such field"})
    assert (answer.hits, answer.total) == ((), 0)


def test_min_score_cuts_the_tail(seeds: Searcher) -> None:
    assert all(h.score >= 0.4 for h in ask(seeds, "repo rate", min_score=0.4).hits)


def test_every_highlight_lies_in_the_text_and_none_overlap(seeds: Searcher) -> None:
    for query in ("corridor", "मंत्री", "chunaav", "free trade agreement", "national anthem"):
        for hit in ask(seeds, query).hits:
            end = 0
            for mark in hit.highlights:
                assert end <= mark.start < mark.end <= len(hit.text)
                end = mark.end


def test_corridor_lights_up_its_hindi_word(seeds: Searcher) -> None:
    hits = ask(seeds, "corridor", lang="hi", limit=3).hits
    lit = {(hit.text[m.start : m.end], m.kind) for hit in hits for m in hit.highlights}
    assert any(word.startswith("गलियार") and kind == "translation" for word, kind in lit)


def test_shares_of_the_reasons_add_up(seeds: Searcher) -> None:
    for hit in ask(seeds, "Lavrov supports Made in India military production").hits:
        assert sum(match.share for match in hit.why) == pytest.approx(1, abs=0.02)


def test_a_hit_by_meaning_alone_shows_its_best_sentence(seeds: Searcher) -> None:
    answer = ask(seeds, "How did the spacecraft touch down softly?", mode="dense", limit=3)
    for hit in answer.hits:
        assert [m.kind for m in hit.highlights] == ["meaning"]
        assert hit.highlights[0].end - hit.highlights[0].start < len(hit.text)


def test_without_explain_there_are_no_reasons(seeds: Searcher) -> None:
    assert all(h.why == h.highlights == () for h in ask(seeds, "monsoon", explain=False).hits)


def test_modes_use_one_leg_or_both(seeds: Searcher) -> None:
    assert all(
        m.kind != "meaning" or m.query for h in ask(seeds, "monsoon", mode="sparse").hits for m in h.why
    )
    assert ask(seeds, "monsoon", mode="dense").hits[0].score <= 1


def test_semantic_ratio_moves_between_the_legs(seeds: Searcher) -> None:
    one = [h.id for h in ask(seeds, "rain", semantic_ratio=1.0).hits]
    assert one == [h.id for h in ask(seeds, "rain", mode="dense").hits]


@pytest.mark.parametrize(
    ("words_see", "meaning_sees", "ratio", "named"),
    [
        (True, True, 0.2, ""),
        (True, False, 0.0, "dense leg"),
        (False, True, 1.0, "sparse leg"),
        (False, False, 0.0, "neither"),
    ],
)
def test_a_blind_leg_has_no_weight_and_is_named(
    words_see: bool, meaning_sees: bool, ratio: float, named: str
) -> None:
    sparse = SparseScores(np.asarray([float(words_see)], np.float32), (1.0,))
    query = np.asarray([float(meaning_sees)], np.float32)
    found, warnings = weigh(SearchRequest("rain"), sparse, query, 0.2)
    assert found == ratio
    assert [named in warning for warning in warnings] == [True] * bool(named)


def test_punctuation_alone_is_answered_without_hits(seeds: Searcher) -> None:
    answer = ask(seeds, "?!…")
    assert answer.hits == ()
    assert answer.warnings


def test_more_like_this_finds_the_same_story_and_not_itself(seeds: Searcher) -> None:
    found = seeds.similar("hi/chandrayaan-3-landing:1", SearchRequest("", limit=5)).hits
    assert "hi/chandrayaan-3-landing:1" not in [h.id for h in found]
    assert any("chandrayaan" in h.document_id for h in found)


def test_collapse_folds_and_never_loses(seeds: Searcher) -> None:
    loose = {h.id for h in ask(seeds, "world cup", limit=20).hits}
    folded = ask(seeds, "world cup", limit=20, collapse=True).hits
    kept = {h.id for h in folded} | {d for h in folded for d in h.duplicates}
    assert loose <= kept


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"q": "  "}, "empty"), ({"q": "a" * (MAX_QUERY_CHARS + 1)}, str(MAX_QUERY_CHARS)), ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"), ({"offset": -1}, "offset"), ({"mode": "magic"}, "mode"),
        ({"semantic_ratio": 1.5}, "semantic_ratio"), ({"min_score": float("nan")}, "min_score"),
        ({"transliterate": "yes"}, "transliterate"), ({"date_from": "last week"}, "date"),
    ],
)  # fmt: skip
def test_an_impossible_request_says_what_is_wrong(seeds: Searcher, bad: dict[str, object], says: str) -> None:
    with pytest.raises(QueryError, match=says):
        seeds.search(SearchRequest(**{"q": "rain", **bad}))  # type: ignore[arg-type]


def test_an_unknown_passage_is_not_found(seeds: Searcher) -> None:
    with pytest.raises(NotFound, match="no/such"):
        seeds.similar("no/such:1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_is_answered_or_refused_with_a_typed_error(seeds: Searcher, text: str) -> None:
    try:
        answer = ask(seeds, text, limit=2)
    except QueryError:
        return
    assert len(answer.hits) <= 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("chs", 660)  # sounds like one letter, and no Hindi word is spelled so: a chance of 10 ** -5000
@given(st.text(st.sampled_from("abcdeghikmnoprstuyचकसटएी."), min_size=1, max_size=4), st.integers(1, 660))
def test_however_long_a_word_repeats_itself_it_is_answered(
    seeds: Searcher, syllable: str, times: int
) -> None:
    query = syllable * times
    if query.strip("."):
        assert seeds.search(SearchRequest(query[:MAX_QUERY_CHARS])).query


def test_the_seed_queries_of_each_kind_are_answered_well(seeds: Searcher) -> None:
    """A floor under the figures of docs/evaluation.md, far enough below them that only a defect breaks it."""
    from search.evaluate.folders import read_folder
    from search.evaluate.runs import run_folder
    from tests.search.conftest import SEEDS

    result = run_folder(seeds, read_folder(SEEDS), "hybrid", None)
    by_kind: dict[str, list[float]] = {}
    for query, value in zip(result.folder.queries, result.measured["nDCG@10"].values, strict=True):
        by_kind.setdefault(query.lang, []).append(value)
    assert {kind: sum(values) / len(values) > 0.9 for kind, values in by_kind.items()} == dict.fromkeys(
        by_kind, True
    )
