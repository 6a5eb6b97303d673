"""What filters ask of each passage, mapped from disk: language, script, date, and which metadata it has.

Files, by ordinal: `lang.npy` uint8 (a place in `columns.json`'s `langs`), `script.npy` uint8 (a place in
SCRIPTS), `date.npy` int32 (days since 1970 of the first day meant, NO_DATE if none). Metadata, by run of
neighbouring passages that have a field with a value: `facet_keys.npy` uint64 (a hash of both, ascending),
`facet_runs.npy` uint32 (runs, 2) (first ordinal, number). Not for showing metadata: passages carry their own.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, QueryError, SourceError
from index.sources.fields import date as iso_date
from index.store.arrays import load
from index.store.facets import facet_key
from index.store.runs import Runs
from index.types import Metadata, Passage

Mask = NDArray[np.bool_]

SCRIPTS = ("none", "deva", "latn", "mixed")
NO_DATE = -(2**31)
_MAX_LANGS = 256
_ARRAYS = ("lang", "script", "date", "facet_keys", "facet_runs")


def days(date: str, *, end: bool = False) -> int:
    """Days since 1970 of an ISO date; of a month or year its first day, or its last with `end`.

    >>> days("1970-01-02"), days("1970-02"), days("1970-02", end=True)
    (1, 31, 58)
    """
    unit = {4: "Y", 7: "M", 10: "D"}[len(date)]
    first = np.datetime64(date, unit)  # type: ignore[call-overload]
    return (
        int((first + 1).astype("datetime64[D]").astype(int)) - 1
        if end
        else int(first.astype("datetime64[D]").astype(int))
    )


class ColumnWriter:
    """Collects passages in order and writes their columns; holds seven bytes a passage, and the runs.

    `before` are earlier columns, from which those of passages may be kept.
    """

    def __init__(self, folder: Path, before: Columns | None = None) -> None:
        self._folder = folder
        self._before = before
        self._langs = {lang: code for code, lang in enumerate(before.langs if before else ())}
        self._lang, self._script, self._date = array("H"), array("B"), array("i")
        self._days: dict[str, int] = {"": NO_DATE}
        self._metadata: Metadata = {}
        self._open: dict[int, int] = {}  # facet -> ordinal at which its run began
        self._keys, self._firsts, self._counts = array("Q"), array("I"), array("I")
        self._kept: list[tuple[int, int, int]] = []  # first ordinal before, first here, number

    def add(self, passages: Sequence[Passage]) -> None:
        for passage in passages:
            if passage.metadata is not self._metadata:  # a document's passages share it
                self._metadata = passage.metadata
                self._turn({facet_key(name, value) for name, value in passage.metadata.items()})
            self._lang.append(self._langs.setdefault(passage.lang, len(self._langs)))
            self._script.append(SCRIPTS.index(passage.script))
            day = self._days.get(passage.date)
            if day is None:
                day = self._days[passage.date] = days(passage.date)
            self._date.append(day)

    def keep(self, first: int, count: int) -> None:
        """The next passages are `count` of the earlier ones."""
        assert self._before is not None
        self._turn(set())
        self._metadata = {}
        self._kept.append((first, len(self._lang), count))
        place = slice(first, first + count)
        self._lang.frombytes(self._before.lang[place].astype(np.uint16).tobytes())
        self._script.frombytes(self._before.script[place].tobytes())
        self._date.frombytes(self._before.date[place].tobytes())

    def finish(self) -> Counter[str]:
        """Write the files; how many passages each language has, in the order in which languages came."""
        self._turn(set())
        runs = [Runs.of(self._keys, self._firsts, self._counts)]
        if self._before:
            runs.append(self._before.runs.moved(self._kept))
        joined = Runs.joined(runs)
        lang, languages = self._languages()
        self._save("lang", lang)
        self._save("script", np.asarray(self._script, np.uint8))
        self._save("date", np.asarray(self._date, np.int32))
        self._save("facet_keys", joined.keys)
        self._save("facet_runs", np.stack([joined.firsts, joined.counts], axis=1).astype(np.uint32))
        (self._folder / "columns.json").write_text(json.dumps({"langs": list(languages)}), encoding="utf-8")
        return languages

    def _languages(self) -> tuple[NDArray[np.uint8], Counter[str]]:
        """Each passage's language, numbered as they came, and their counts."""
        lang = np.asarray(self._lang, np.uint16)
        codes, firsts, counts = np.unique(lang, return_index=True, return_counts=True)
        if len(codes) > _MAX_LANGS:
            raise SourceError(
                f"more than {_MAX_LANGS} languages in one index: check the field lang of the sources"
            )
        order = np.argsort(firsts)
        final = np.zeros(len(self._langs), np.uint8)
        final[codes[order]] = np.arange(len(codes))
        names = list(self._langs)
        return final[lang], Counter({names[codes[place]]: int(counts[place]) for place in order})

    def _turn(self, facets: set[int]) -> None:
        """From the next passage on these facets hold: end the runs of others, begin those that are new."""
        here = len(self._lang)
        for facet in self._open.keys() - facets:
            first = self._open.pop(facet)
            self._keys.append(facet)
            self._firsts.append(first)
            self._counts.append(here - first)
        for facet in facets - self._open.keys():
            self._open[facet] = here

    def _save(self, name: str, values: NDArray[np.generic]) -> None:
        np.save(self._folder / f"{name}.npy", values, allow_pickle=False)


class Columns:
    """Reads the columns of a folder. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self.lang, self.script, self.date, keys, runs = (load(folder / f"{name}.npy") for name in _ARRAYS)
        self.runs = Runs(keys, runs[:, 0], runs[:, 1])
        try:
            self.langs: tuple[str, ...] = tuple(
                json.loads((folder / "columns.json").read_text("utf-8"))["langs"]
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"cannot read {folder / 'columns.json'}: {error}; rebuild the index"
            ) from error
        self._where = lru_cache(maxsize=64, typed=True)(self._mask_where)

    def __len__(self) -> int:
        return len(self.lang)

    def mask(
        self,
        *,
        lang: str | None = None,
        script: str | None = None,
        date_from: str | None = None,
        date_to: str | None = None,
        where: Mapping[str, str] | None = None,
    ) -> Mask | None:
        """True for the passages that meet every condition; None if there is none. The dates are inclusive.

        A passage without a date is in no range. Raises QueryError for a date that is not ISO 8601.
        """
        masks = [self._where(name, value) for name, value in (where or {}).items()]
        if lang is not None:
            masks.append(self.lang == self.langs.index(lang) if lang in self.langs else self._none())
        if script is not None:
            masks.append(self.script == SCRIPTS.index(script) if script in SCRIPTS else self._none())
        if date_from:
            masks.append(self.date >= days(_checked(date_from)))
        if date_to:
            masks.append((self.date <= days(_checked(date_to), end=True)) & (self.date != NO_DATE))
        return np.logical_and.reduce(masks) if masks else None

    def ordinals_where(self, name: str, value: str | int | float | bool) -> NDArray[np.int64]:
        """The passages whose metadata has this field with this value, ascending."""
        return np.flatnonzero(self._where(name, value))

    def _mask_where(self, name: str, value: str | int | float | bool) -> Mask:
        key = np.uint64(facet_key(name, value))
        mask = self._none()
        for first, number in self.runs.of_key(key):
            mask[first : first + number] = True
        mask.flags.writeable = False
        return mask

    def _none(self) -> Mask:
        return np.zeros(len(self), np.bool_)


def _checked(date: str) -> str:
    understood = iso_date(date)
    if not understood:
        raise QueryError(f"{date[:40]!r} is not an ISO 8601 date: write 2023-08-23, 2023-08 or 2023")
    return understood
