"""A generation written into a folder: passages, vectors and postings of a plan's corpus, with their manifest.

Not for giving the folder its name: see `publish`.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.building import inventory
from index.building.embed import Embedder, pipelined
from index.building.plan import Plan
from index.building.reading import Reading
from index.cache import VectorCache
from index.durable import checksum, sync_file, sync_folder
from index.errors import SourceError
from index.manifest import NAME, FileInfo, Manifest
from index.store.vectors import Kind
from index.store.writer import GenerationWriter, Probe

_BATCH = 1024  # passages


@dataclass(frozen=True, slots=True)
class Made:
    """`probe` is None where no passage has a vector."""

    manifest: Manifest
    probe: Probe | None
    encoded: int
    cached: int


def make(
    plan: Plan, folder: Path, number: int, digests: Sequence[str], keep_since: int, allow_empty: bool
) -> Made:
    """Write generation `number` into an empty folder. Vectors last used before `keep_since` go."""
    cache = _cache(plan, number)
    embedder = Embedder(plan.encoder, cache)
    reading = Reading(plan.corpus, digests, plan.report)
    try:
        with closing(
            GenerationWriter(folder, plan.encoder.dimension, plan.recipe.postings, plan.vectors)
        ) as writer:
            with plan.stage("index"):
                for passages, rows in pipelined(reading.batches(_BATCH), embedder):
                    writer.add(passages, rows)
                    plan.progress("index", plan.corpus.bytes_read, plan.corpus.bytes)
            if not writer.count and not allow_empty:
                raise SourceError(_nothing(plan))
            with plan.stage("finish"):
                kind = writer.finish(plan.progress)
            if cache:
                cache.finish(keep_since)
    finally:
        if cache:
            cache.close()
    plan.stages["encode"] = embedder.seconds
    inventory.write(folder, reading.records)
    manifest = _manifest(plan, folder, number, writer, reading, kind)
    manifest.write(folder)
    return Made(manifest, writer.probe, embedder.encoded, embedder.cached)


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
    plan: Plan, folder: Path, number: int, writer: GenerationWriter, reading: Reading, kind: Kind
) -> Manifest:
    with plan.stage("checksums"):
        files = _files(folder)
    return Manifest(
        generation=number,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        tool=_version(),
        encoder=plan.encoder_info,
        analysis=plan.recipe.analysis,
        vectors=kind,
        documents=reading.documents,
        passages=writer.count,
        languages=dict(writer.languages.most_common()),
        sources=plan.sources,
        files=files,
    )


def _files(folder: Path) -> dict[str, FileInfo]:
    """Every file of a generation, safe on the disk, with what it must look like from now on."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        elif path.name != NAME:
            sync_file(path)
            found[path.relative_to(folder).as_posix()] = FileInfo(path.stat().st_size, checksum(path))
    return found


def _version() -> str:
    try:
        return importlib.metadata.version("dubhashi")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "unknown"
