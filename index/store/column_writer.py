"""Writes the columns that filters ask of, passage by passage, or takes them over from an earlier generation.

Not for reading them: see `columns`, which says what they hold.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import SourceError
from index.store.columns import NO_DATE, SCRIPTS, Columns, days
from index.store.facets import facet_key
from index.store.runs import Runs
from index.types import Metadata, Passage

_MAX_LANGS = 256


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
