"""What a rebuild was asked for, and what it hears and says on its way.

Not for doing it: see `build`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

from index.encoders.base import Encoder
from index.layout import Layout
from index.manifest import EncoderInfo, Manifest
from index.progress import Progress
from index.recipe import Recipe
from index.sources import Corpus, Problem, strictly
from index.store.vectors import Kind, kind_for


@dataclass(slots=True)
class Plan:
    """The fields without defaults never change; the others grow while the rebuild runs."""

    corpus: Corpus
    sources: tuple[str, ...]
    layout: Layout
    encoder: Encoder
    recipe: Recipe
    vectors: Kind | Literal["auto"]
    strict: bool
    progress: Progress
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def encoder_info(self) -> EncoderInfo:
        encoder = self.encoder
        about = dict(getattr(encoder, "about", {}))
        return EncoderInfo(encoder.name, encoder.fingerprint, encoder.dimension, about)

    def would_make(self, manifest: Manifest) -> bool:
        """Whether the same sources would give the same generation as this one."""
        kind = kind_for(manifest.passages, self.encoder.dimension) if self.vectors == "auto" else self.vectors
        return self._same_way(manifest) and manifest.vectors == kind and manifest.sources == self.sources

    def made_alike(self, manifest: Manifest) -> bool:
        """Whether passages of that generation are as this rebuild would make them; a graph's rows are not exact."""
        return self._same_way(manifest) and manifest.vectors in ("exact", "sketch")

    def _same_way(self, manifest: Manifest) -> bool:
        made = manifest.encoder
        return (
            made.fingerprint,
            made.dimension,
            manifest.analysis,
        ) == (self.encoder.fingerprint, self.encoder.dimension, self.recipe.analysis)

    def report(self, problem: Problem) -> None:
        """Keep a problem of the sources, or end the rebuild for it."""
        if self.strict:
            strictly(problem)
        self.problems.append(problem)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of a stage."""
        began = perf_counter()
        yield
        self.stages[name] = self.stages.get(name, 0.0) + perf_counter() - began
