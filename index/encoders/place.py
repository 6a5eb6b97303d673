"""The folder that this program keeps models in: XDG_DATA_HOME/dubhashi/models, else below ~/.local/share.

Not for what lies there: see `shelf`.
"""

from __future__ import annotations

import os
from pathlib import Path


def shelf() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "dubhashi" / "models"
