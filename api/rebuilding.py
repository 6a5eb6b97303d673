"""What a rebuild reads where nobody names it, and its report in JSON: shared by the command and the server.

Not for what a rebuild does: `index.build`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexError_, IndexNotFound, SourceError

if TYPE_CHECKING:
    from index.build import BuildReport

_SEEDS = Path("seeds")


def sources_of(index: Path) -> list[Path]:
    """What the index was built from, else the seeds. Raises SourceError where neither can be told."""
    from index.generation import open_generation

    try:
        with open_generation(index, verify="size") as generation:
            return [Path(source) for source in generation.manifest.sources]
    except IndexNotFound:
        if _SEEDS.is_dir():
            return [_SEEDS]
        found = f"there is no index in {index} and no folder ./seeds"
        raise SourceError(f"nothing to read: name files or folders ({found})") from None
    except IndexError_ as error:
        raise SourceError(
            f"name the files or folders to read, since the index cannot tell: {error}"
        ) from error


def encoder_of(index: Path, setting: str, generation: int | None = None) -> str:
    """The setting; `auto` is the encoder that made the index, since nobody asked for another. Raises IndexError_."""
    from index.layout import Layout
    from index.manifest import read_manifest

    if setting != "auto":
        return setting
    layout = Layout(index)
    number = layout.current().number if generation is None else generation
    return read_manifest(layout.folder(number)).encoder.name


def report_object(report: BuildReport) -> dict[str, object]:
    """Of problems their number: their text names files of this machine."""
    return {
        "generation": report.generation,
        "unchanged": report.unchanged,
        "files": report.files,
        "documents": report.documents,
        "passages": report.passages,
        "kept": report.kept,
        "cached": report.cached,
        "encoded": report.encoded,
        "problems": len(report.problems),
        "seconds": round(report.seconds, 3),
    }
