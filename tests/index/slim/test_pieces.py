"""The kept pieces tokenise every Hindi and English text as all pieces do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.slim.pieces import is_ours, keep

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_LETTERS = "abcdeéAZकखगचतनभमरलसािीेों्ंँ़०१019"
_FOREIGN = "бкштюß選挙ابγλ"
_SIGNS = " .,-।—₹'\u200d"
# Every letter alone, and pairs and triples in both positions, ours and foreign mixed.
_WORDS = sorted(
    set(_LETTERS + _FOREIGN + "।.,-—₹'")
    | {a + b for a in _LETTERS[:14] + _FOREIGN for b in _LETTERS[::2] + _FOREIGN[::2]}
    | {a + b + c for a in "bकß" for b in _LETTERS[::3] for c in "aनß"}
)
_VOCABULARY = [*_SPECIAL, *(piece for word in _WORDS for piece in (word, f"##{word}"))]


def _tokenizer() -> str:
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [
                {"id": place, "content": sign, "single_word": False, "lstrip": False, "rstrip": False,
                 "normalized": False, "special": True}
                for place, sign in enumerate(_SPECIAL)
            ],
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": False},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
            "decoder": None,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100,
                      "vocab": {piece: place for place, piece in enumerate(_VOCABULARY)}},
        }
    )  # fmt: skip


_KEPT = keep(_tokenizer())
_ALL, _OURS = Tokenizer.from_str(_tokenizer()), Tokenizer.from_str(_KEPT.tokenizer)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from(_LETTERS + _SIGNS), max_size=60))
def test_every_text_of_our_letters_keeps_its_tokenisation_one_to_one(text: str) -> None:
    ours = _OURS.encode(text)
    assert ours.tokens == _ALL.encode(text).tokens
    assert [_KEPT.ids[new] for new in ours.ids] == _ALL.encode(text).ids


def _ours(low: int, high: int) -> st.SearchStrategy[str]:
    return st.characters(min_codepoint=low, max_codepoint=high).filter(is_ours)


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(_ours(32, 126), _ours(0x900, 0x97F), _ours(0x2000, 0x20CF)), max_size=40))
def test_so_does_any_text_of_ascii_devanagari_and_signs(text: str) -> None:
    assert _OURS.encode(text).tokens == _ALL.encode(text).tokens


def test_pieces_with_a_letter_of_another_script_go_and_the_order_stays() -> None:
    assert list(_KEPT.ids) == sorted(_KEPT.ids)
    gone = set(range(len(_VOCABULARY))) - set(_KEPT.ids)
    assert gone == {
        place for place, piece in enumerate(_VOCABULARY) if any(sign in piece for sign in _FOREIGN)
    }


def test_a_word_of_another_script_is_unknown() -> None:
    assert _OURS.encode("aб ab", add_special_tokens=False).tokens[0] == "[UNK]"


def test_other_kinds_of_tokenisers_stay_whole() -> None:
    body = json.dumps({"model": {"type": "Unigram", "vocab": [["a", -1.0], ["б", -2.0]]}, "added_tokens": []})
    kept = keep(body)
    assert (kept.tokenizer, list(kept.ids), kept.before) == (body, [0, 1], 2)


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"model": {"type": "WordPiece"}}'])
def test_what_is_no_tokeniser_is_refused(broken: str) -> None:
    from index.errors import EncoderError

    with pytest.raises(EncoderError, match=r"tokenizer\.json cannot be read"):
        keep(broken)
