"""What filters ask of each passage, mapped from disk: language, script, date, and which metadata it has.

Files, by ordinal: `lang.npy` uint8 (a place in `columns.json`'s `langs`), `script.npy` uint8 (a place in
SCRIPTS), `date.npy` int32 (days since 1970 of the first day meant, NO_DATE if none). Metadata, by run of
neighbouring passages that have a field with a value: `facet_keys.npy` uint64 (a hash of both, ascending),
`facet_runs.npy` uint32 (runs, 2) (first ordinal, number). Not for showing metadata: passages carry
their own; nor for writing: see `column_writer`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, QueryError
from index.sources.fields import date as iso_date
from index.store.arrays import load
from index.store.facets import facet_key
from index.store.runs import Runs

Mask = NDArray[np.bool_]

SCRIPTS = ("none", "deva", "latn", "mixed")
NO_DATE = -(2**31)
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
