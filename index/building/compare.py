"""Whether a rebuild has anything to do.

Not for doing it: see `make`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.building import inventory, roll
from index.building.make import version
from index.building.plan import Plan
from index.errors import DubhashiError
from index.generation import check_files
from index.layout import Layout
from index.manifest import Manifest, read_manifest
from index.sources import SourceFile
from index.store import contents


def in_use(layout: Layout) -> Manifest | None:
    """The manifest of the generation in use; None if there is none, or none that is whole."""
    try:
        current = layout.current()
        folder = layout.folder(current.number)
        manifest = read_manifest(folder)
        check_files(folder, manifest, "size")
    except DubhashiError:
        return None
    return manifest if manifest.seal == current.seal else None


def keepable(plan: Plan, manifest: Manifest | None) -> Path | None:
    """The folder of the generation in use if passages may be kept from it: made alike, and whole to the last bit."""
    if manifest is None or not plan.made_alike(manifest) or manifest.tool != version():
        return None
    if not {contents.NAME, roll.NAME} <= manifest.files.keys():
        return None
    folder = plan.layout.folder(manifest.generation)
    try:
        check_files(folder, manifest, "full")
    except DubhashiError as error:
        plan.notices.append(f"nothing is kept of the generation in use: {error}")
        return None
    return folder


def digests(plan: Plan) -> list[str]:
    """Of every source file, before any is read: one that changes meanwhile differs at the next rebuild."""
    files = plan.corpus.files
    found = []
    for number, file in enumerate(files):
        plan.progress("compare", number, len(files))
        found.append(_digest(file))
    return found


def _digest(file: SourceFile) -> str:
    try:
        return file.digest()
    except OSError:
        return ""


def unchanged(plan: Plan, found: Sequence[str], manifest: Manifest | None) -> bool:
    """Whether the generation in use is what this rebuild would make, and whole to the last bit.

    Then its sources' problems are told again. Damage counts as a change: a rebuild is what mends it.
    """
    if manifest is None or not plan.would_make(manifest):
        return False
    folder = plan.layout.folder(manifest.generation)
    records = inventory.read(folder)
    here = [(file.stem, file.name, digest) for file, digest in zip(plan.corpus.files, found, strict=True)]
    if here != [record.identity for record in records]:
        return False
    if any(record.documents for record in records if not record.digest):  # read in part
        return False
    try:
        check_files(folder, manifest, "full")
    except DubhashiError:
        return False
    for record in records:
        for problem in record.problems:
            plan.report(problem)
    return True
