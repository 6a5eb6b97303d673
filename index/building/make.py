"""A generation written into a folder: passages, vectors and postings of a plan's corpus, with their manifest.

Not for giving the folder its name: see `publish`.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.building import inventory
from index.building.batch import Batch
from index.building.earlier import Earlier
from index.building.embed import Embedder, pipelined
from index.building.plan import Plan
from index.building.reading import Reading
from index.building.sealing import Sealing
from index.cache import VectorCache
from index.encoders.beside import beside
from index.errors import SourceError
from index.manifest import FileInfo, Manifest
from index.store.before import Before
from index.store.vectors import Kind
from index.store.writer import GenerationWriter, Probe
from index.types import Kept

_BATCH = 1024  # passages


@dataclass(frozen=True, slots=True)
class Order:
    """Which generation to make: its number, the sources' digests, and the folder of the one to keep passages from.

    Vectors last used before `keep_since` leave the cache.
    """

    number: int
    digests: Sequence[str]
    keep_since: int
    allow_empty: bool
    before: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """`probe` is None where no passage has a vector."""

    manifest: Manifest
    probe: Probe | None = None
    encoded: int = 0
    cached: int = 0
    kept: int = 0


def make(plan: Plan, folder: Path, order: Order) -> Made:
    """Write a generation into an empty folder."""
    with ExitStack() as stack:
        cache = _cache(plan, order.number)
        if cache:
            stack.enter_context(closing(cache))
        before = stack.enter_context(closing(Before(order.before))) if order.before else None
        writer = GenerationWriter(folder, plan.encoder.dimension, plan.recipe.postings, plan.vectors, before)
        stack.enter_context(closing(writer))
        embedder = Embedder(stack.enter_context(beside(plan.encoder, plan.notices.append)), cache, before)
        reading = Reading(
            plan.corpus, order.digests, plan.report, Earlier(order.before) if order.before else None
        )
        with plan.stage("index"):
            _fill(plan, writer, reading, embedder)
        if not writer.count and not order.allow_empty:
            raise SourceError(_nothing(plan))
        sealing = stack.enter_context(Sealing(folder))
        with plan.stage("finish"):
            kind = writer.finish(plan.progress, sealing.begin)
        if cache:
            cache.use(writer.digests)
            cache.finish(order.keep_since)
        inventory.write(folder, reading.records)
        reading.roll.write(folder)
        with plan.stage("checksums"):
            files = sealing.finish()
    plan.stages["encode"] = embedder.seconds
    manifest = _manifest(plan, order.number, writer, reading, kind, files)
    manifest.write(folder)
    return Made(manifest, writer.probe, embedder.encoded, embedder.cached, writer.kept + embedder.known)


def _fill(plan: Plan, writer: GenerationWriter, reading: Reading, embedder: Embedder) -> None:
    written = 0

    def encoded(batch: Batch, share: float) -> None:
        plan.progress("index", written + int(share * (batch.end - written)), plan.corpus.bytes)

    for batch, texts in pipelined(reading.batches(_BATCH), embedder, encoded):
        for piece in batch.spans():
            if isinstance(piece, Kept):
                writer.keep(piece)
            else:
                writer.add(texts.part(piece))
        written = batch.end
        plan.progress("index", written, plan.corpus.bytes)
    plan.progress("index", plan.corpus.bytes_read, plan.corpus.bytes)


def _cache(plan: Plan, number: int) -> VectorCache | None:
    """None for an encoder that is about as fast as the cache would be."""
    if getattr(plan.encoder, "cheap", False):
        return None
    encoder = plan.encoder_info
    return VectorCache(
        plan.layout.cache_file, encoder.fingerprint, encoder.dimension, number, plan.notices.append
    )


def _nothing(plan: Plan) -> str:
    message = f"no passage found in {', '.join(plan.sources)}"
    if plan.problems:
        return f"{message}: {len(plan.problems)} problems, the first: {plan.problems[0]}"
    return (
        f"{message} ({len(plan.corpus.files)} files): nothing would be searchable, so nothing was published"
    )


def _manifest(
    plan: Plan, number: int, writer: GenerationWriter, reading: Reading, kind: Kind, files: Mapping[str, FileInfo],
) -> Manifest:  # fmt: skip
    return Manifest(
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        tool=version(),
        encoder=plan.encoder_info,
        analysis=plan.recipe.analysis,
        vectors=kind,
        documents=len(reading.roll.ids),
        passages=writer.count,
        languages=dict(writer.languages.most_common()),
        sources=plan.sources,
        files=files,
    )


def version() -> str:
    """This program's own."""
    try:
        return importlib.metadata.version("dubhashi")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "unknown"
