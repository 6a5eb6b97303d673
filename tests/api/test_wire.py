import dataclasses
import json

from api import wire
from api.http import models
from search import types
from search.types import SearchRequest
from tests.api.fakes import PASSAGES, FakeSearcher


def answer(q: str = "corridor", *, latin: bool = False) -> dict[str, object]:
    return wire.answer_object(FakeSearcher().search(SearchRequest(q=q)), latin=latin)


def names(kind: type) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]


def test_every_field_of_an_answer_is_sent_in_its_order() -> None:
    assert list(answer()) == names(types.Answer)
    assert list(answer()["hits"][0]) == names(types.Hit)  # type: ignore[index]


def test_the_documented_shape_is_the_sent_one() -> None:
    for latin in (False, True):
        sent = answer("corridor rover", latin=latin)
        told = models.Answer.model_validate_json(wire.dumps(sent)).model_dump(exclude_unset=True)
        assert told == sent
        assert list(told) == list(sent)
        assert list(told["hits"][0]) == list(sent["hits"][0])  # type: ignore[index]


def test_latin_letters_come_on_request_only() -> None:
    assert "text_latin" not in answer()["hits"][0]  # type: ignore[index]
    hit = answer(latin=True)["hits"][0]  # type: ignore[index]
    assert hit["heading_latin"] == "Parivahan galiyara"
    (light,) = hit["highlights_latin"]
    assert hit["text_latin"][light["start"] : light["end"]] == "galiyare"
    assert hit["why"][0]["matched_latin"] == "galiyare"


def test_no_path_of_this_machine_is_sent() -> None:
    text = wire.dumps([wire.passage_object(passage) for passage in PASSAGES])
    assert "/srv" not in text and '"moon.txt"' in text
    assert wire.info_object({"encoder": "/srv/models/labse"}) == {"encoder": "labse"}
    assert wire.public_name(r"C:\models\labse") == "labse"


def test_what_json_has_no_word_for_is_null() -> None:
    assert wire.passage_object(PASSAGES[2])["metadata"] == {"field": "space", "odd": None}


def test_devanagari_is_sent_as_letters_and_half_characters_never() -> None:
    assert wire.dumps({"q": "हिंदी"}) == '{"q":"हिंदी"}'
    assert json.loads(wire.dumps({"q": "\ud800"})) == {"q": "?"}
