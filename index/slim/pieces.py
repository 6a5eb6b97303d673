"""Which word pieces Hindi and English texts can use, and a tokeniser with these alone.

A WordPiece tokeniser takes the longest piece that matches, so that a text written in some letters can only
ever use pieces of these letters: keeping all of them keeps its tokenisation, whatever the words. Not for
tokenisers of other kinds (BPE, Unigram): there every piece stays. A word with a letter of another script
becomes one unknown piece.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import EncoderError

_BLOCKS = ((0x0020, 0x007E), (0x0300, 0x036F), (0x0900, 0x097F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF))
_LOANS = frozenset("éèêçñïöüÉÈÊÇÑÏÖÜ")  # café, naïve, façade, El Niño, Löwe
_SIGNS = ("P", "S", "Z", "Cf", "No", "Nl")  # punctuation, currency, arrows, ½: of no script


@dataclass(frozen=True, slots=True)
class Kept:
    """A tokeniser's JSON with `ids[new] = old`: pieces keep their order, so ids map one to one."""

    tokenizer: str
    ids: Sequence[int]
    before: int


def is_ours(letter: str) -> bool:
    """Whether a Hindi or English text may hold this character.

    >>> [is_ours(letter) for letter in "aक१₹é"], [is_ours(letter) for letter in "бকß中"]
    ([True, True, True, True, True], [False, False, False, False])
    """
    code = ord(letter)
    if any(first <= code <= last for first, last in _BLOCKS) or letter in _LOANS:
        return True
    return unicodedata.category(letter).startswith(_SIGNS)


def keep(tokenizer: str) -> Kept:
    """`tokenizer` is the content of a tokenizer.json. Raises EncoderError where it makes no sense."""
    try:
        body = json.loads(tokenizer)
        if body["model"]["type"] != "WordPiece":
            count = 1 + max(_all_ids(body))
            return Kept(tokenizer, range(count), count)
        return _cut(body)
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"the model's tokenizer.json cannot be read: {error!r}") from error


def _cut(body: dict[str, Any]) -> Kept:
    model = body["model"]
    prefix = model["continuing_subword_prefix"]
    special = {added["content"] for added in body["added_tokens"]} | {model["unk_token"]}
    by_id = sorted(model["vocab"].items(), key=lambda pair: int(pair[1]))
    pairs = [
        (piece, old)
        for piece, old in by_id
        if piece in special or all(map(is_ours, piece.removeprefix(prefix)))
    ]
    new_id = {old: new for new, (_, old) in enumerate(pairs)}
    model["vocab"] = {piece: new_id[old] for piece, old in pairs}
    for added in body["added_tokens"]:
        added["id"] = new_id[added["id"]]
    _renumber(body.get("post_processor"), new_id)
    body["truncation"] = body["padding"] = None
    return Kept(json.dumps(body, ensure_ascii=False), [old for _, old in pairs], len(by_id))


def _renumber(processor: dict[str, Any] | None, new_id: dict[int, int]) -> None:
    """Of the two kinds that BERT's tokenisers have: a template, or [CLS] and [SEP] as pairs."""
    if processor is None:
        return
    for sign in processor.get("special_tokens", {}).values():
        sign["ids"] = [new_id[old] for old in sign["ids"]]
    for edge in ("cls", "sep"):
        if edge in processor:
            piece, old = processor[edge]
            processor[edge] = [piece, new_id[old]]


def _all_ids(body: dict[str, Any]) -> list[int]:
    vocabulary = body["model"]["vocab"]
    known = list(vocabulary.values()) if isinstance(vocabulary, dict) else list(range(len(vocabulary)))
    return known + [added["id"] for added in body["added_tokens"]]
