"""Where in a passage's own text the words stand that its row of word ids names.

Not for what they stand for: see `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

from index.store.postings import Ints, Postings
from index.text.analyse import Units
from index.text.stem import stem
from index.text.tokens import TOKEN, words
from index.types import Passage
from search.standing import Standing

Field = Literal["text", "heading", "title"]
Place = tuple[int, int, int]  # start and end in the field, word id


class Located:
    """Finds words and units in the fields of one corpus's passages."""

    def __init__(self, postings: Postings, units: Units) -> None:
        self._postings = postings
        self._units = units
        self._word = lru_cache(1 << 16)(postings.word)

    def units_among(self, word_ids: Iterable[int]) -> list[int]:
        """Those that are no single words."""
        return [word_id for word_id in word_ids if " " in self._word(word_id)]

    def places(
        self, ordinal: int, passage: Passage, field: Field, standing: Standing, units: Sequence[int]
    ) -> list[Place]:
        """The words of the field that stand for a concept, in order; then those of `units` that are there."""
        tokens = self._tokens(ordinal, passage, field)
        at = standing.places(tokens).tolist()
        # Few passages have any unit, as the units' rows say at once: words are put together in those alone.
        wanted = {unit for unit in units if self._has(unit, ordinal)}
        if not at and not wanted:
            return []
        enough = len(tokens) if wanted else at[-1] + 1
        spans = [match.span() for match in islice(TOKEN.finditer(getattr(passage, field)), enough)]
        found = [(*spans[i], word_id) for i, word_id in zip(at, tokens[at].tolist(), strict=True)]
        if wanted:
            found += [(spans[i][0], spans[j][1], unit) for i, j, unit in self._find_units(tokens, wanted)]
        return found

    def _tokens(self, ordinal: int, passage: Passage, field: Field) -> Ints:
        """The field's word ids: a token each, as `TOKEN` finds them."""
        if field == "title":
            return self._postings.title(ordinal)
        heading = len(words(passage.heading)) if passage.heading else 0
        body = self._postings.body(ordinal)
        return body[:heading] if field == "heading" else body[heading:]

    def _find_units(self, tokens: Ints, wanted: set[int]) -> Iterator[Place]:
        """First and last token, and id, of the units that are wanted."""
        at = (tokens >= 0).nonzero()[0].tolist()
        stems: Sequence[str] = [stem(self._word(word_id)) for word_id in tokens[at].tolist()]
        for first, end in self._units.find(stems):
            unit = self._postings.word_id(" ".join(stems[first:end]))
            if unit in wanted:
                yield at[first], at[end - 1], unit

    def _has(self, word_id: int, ordinal: int) -> bool:
        passages, _ = self._postings.row(word_id)
        at = int(passages.searchsorted(ordinal))
        return at < len(passages) and int(passages[at]) == ordinal
