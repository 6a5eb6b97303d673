"""What a rebuild reads where nobody names it: shared by the command and the server.

Not for what a rebuild does: `index.build`.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import IndexError_, IndexNotFound, SourceError

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
