"""Sources to a published generation: compare, make, verify, publish.

Whatever ends a rebuild, a full disk or a power cut too, readers see the old generation or the new one, whole.
Not for opening what was built: see `generation`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Literal

from index.building import compare
from index.building.make import Made, Order, make
from index.building.plan import Plan
from index.building.publish import publish, verify
from index.building.report import BuildReport
from index.encoders.base import Encoder
from index.errors import IndexError_
from index.faults import explained
from index.layout import Layout
from index.lock import IndexLock
from index.manifest import Manifest
from index.progress import Progress, silent
from index.recipe import Recipe, bundled_recipe
from index.rollback import rollback
from index.sources import Corpus
from index.store.vectors import Kind

__all__ = ["BuildReport", "rebuild", "rollback"]


def rebuild(
    sources: Sequence[Path],
    index_dir: Path,
    encoder: Encoder,
    *,
    strict: bool = False,
    force: bool = False,
    allow_empty: bool = False,
    vectors: Kind | Literal["auto"] = "auto",
    progress: Progress = silent,
    recipe: Recipe | None = None,
) -> BuildReport:
    """Make the index of these sources and put it in use; if nothing changed, nothing is done.

    What the generation in use has of unchanged texts is taken over; the result is the same as from nothing, which
    `force` begins from.
    `strict`: the first problem in a source ends it with SourceError, else problems are skipped and reported.
    No passage at all is a SourceError unless `allow_empty`. Raises IndexLocked, EncoderError, or IndexError_
    where the index cannot be written; then the old generation is still in use.
    """
    began = perf_counter()
    corpus, layout = Corpus(sources), Layout(index_dir)
    places = tuple(str(source.resolve()) for source in sources)
    plan = Plan(corpus, places, layout, encoder, recipe or bundled_recipe(), vectors, strict, progress)
    with explained(index_dir):
        layout.generations.mkdir(parents=True, exist_ok=True)
        with IndexLock(layout.lock_file) as lock:
            layout.clean()
            if lock.died:
                plan.notices.append(f"the last rebuild ({lock.died}) did not end; what it left was removed")
            with plan.stage("compare"):
                before = compare.in_use(layout)
                digests = compare.digests(plan)
                same = not force and compare.unchanged(plan, digests, before)
            if same and before:
                return _report(plan, Made(before), began, unchanged=True)
            with plan.stage("check"):
                keep = None if force else compare.keepable(plan, before)
            return _report(plan, _replace(plan, digests, allow_empty, keep), began)


def _replace(plan: Plan, digests: Sequence[str], allow_empty: bool, keep: Path | None) -> Made:
    """Make the next generation and put it in use; on any failure leave nothing of it."""
    numbers, current = plan.layout.numbers(), _current_number(plan.layout)
    number = max([0, current, *numbers]) + 1
    folder = plan.layout.temporary(number)
    try:
        made = make(plan, folder, Order(number, digests, current, allow_empty, keep))
        with plan.stage("verify"):
            plan.progress("verify", 0, 1)
            verify(folder, made.probe)
            plan.progress("verify", 1, 1)
        with plan.stage("publish"):
            publish(plan.layout, folder, made.manifest, {current})
            plan.progress("publish", 1, 1)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made


def _current_number(layout: Layout) -> int:
    """The generation in use, whole or not; 0 if there is none."""
    try:
        return layout.current().number
    except IndexError_:
        return 0


def _report(plan: Plan, made: Made, began: float, *, unchanged: bool = False) -> BuildReport:
    manifest: Manifest = made.manifest
    return BuildReport(
        generation=manifest.generation,
        unchanged=unchanged,
        files=len(plan.corpus.files),
        documents=manifest.documents,
        passages=manifest.passages,
        languages=manifest.languages,
        seconds=perf_counter() - began,
        bytes=manifest.bytes,
        encoded=made.encoded,
        cached=made.cached,
        kept=made.kept,
        vectors=manifest.vectors,
        problems=tuple(plan.problems),
        notices=tuple(plan.notices),
        stages=dict(plan.stages),
    )
