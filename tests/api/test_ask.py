from dataclasses import replace

import pytest

from api.ask import checked, checked_id, condition
from index.errors import NotFound, QueryError
from search.types import SearchRequest

GOOD = SearchRequest(q="मुक्त व्यापार", lang="hi", date_from="2023", date_to="2023-12", where={"field": "space"})


def test_a_good_question_passes_unchanged() -> None:
    assert checked(GOOD) is GOOD


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"q": "a\x00b"}, "NUL"),
        ({"q": "\ud800"}, "lone surrogate"),
        ({"q": " \n"}, "empty"),
        ({"q": "a" * 2001}, "2001 characters"),
        ({"limit": 0}, "limit must be from 1 to 100, not 0"),
        ({"offset": 10_001}, "offset must be from 0 to 10000, not 10001"),
        ({"lang": "ta"}, "lang must be one of en, hi, not 'ta'"),
        ({"script": "x" * 200}, "script must be one of"),
        ({"min_score": float("nan")}, "min_score must be from 0 to 1, not nan"),
        ({"semantic_ratio": 1.5}, "semantic_ratio must be from 0 to 1, not 1.5"),
        ({"where": {"": "x"}}, "where takes fields and values of 1 to 500 characters"),
        ({"where": {str(i): "x" for i in range(17)}}, "where has 17 conditions"),
        ({"date_from": "2023-02-30"}, "date_from must be a date such as"),
        ({"date_to": "tomorrow"}, "date_to must be a date such as"),
        ({"date_from": "2024"}, "date_from 2024 is after date_to 2023-12"),
    ],
)
def test_a_bad_one_is_refused_with_the_reason(change: dict[str, object], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        checked(replace(GOOD, **change))  # type: ignore[arg-type]
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("first", "last"), [("2023-12-31", "2023"), ("2023-08-31", "2023-08"), ("2023", "2023-01")]
)
def test_a_beginning_of_a_date_covers_all_its_days(first: str, last: str) -> None:
    assert checked(replace(GOOD, date_from=first, date_to=last))


@pytest.mark.parametrize("text", ["field", ":space", "field:", ""])
def test_a_condition_needs_a_field_and_a_value(text: str) -> None:
    with pytest.raises(QueryError, match="field:value"):
        condition(text)


@pytest.mark.parametrize("passage_id", ["", "a\x00", "\udcff", "x" * 501])
def test_what_can_be_no_id_is_not_found(passage_id: str) -> None:
    with pytest.raises(NotFound):
        checked_id(passage_id)
