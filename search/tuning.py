"""The fusion weight that a user tuned, kept beside the index.

Not for finding it: see `search.evaluate.tune`.
"""

from __future__ import annotations

import json
from pathlib import Path

from index.durable import replace
from index.errors import SettingsError
from index.faults import explained

FILE = "tuning.json"


def save_ratio(index_dir: Path, ratio: float, **about: float) -> Path:
    """Write the weight and what is known of it; searchers opened from now on use it. Raises IndexError_."""
    path = index_dir / FILE
    with explained(index_dir):
        replace(path, json.dumps({"semantic_ratio": ratio, **about}, indent=2).encode() + b"\n")
    return path


def saved_ratio(index_dir: Path) -> float | None:
    """The ratio that was saved, or None. Raises SettingsError if the file says anything else than 0 to 1."""
    path = index_dir / FILE
    try:
        ratio = json.loads(path.read_text(encoding="utf8"))["semantic_ratio"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingsError(f"cannot read {path}: {error}; delete it or run `dubhashi tune` again") from error
    if isinstance(ratio, bool) or not isinstance(ratio, int | float) or not 0 <= ratio <= 1:
        raise SettingsError(
            f"{path}: semantic_ratio must be from 0 to 1, not {ratio!r}; delete the file or tune again"
        )
    return float(ratio)
