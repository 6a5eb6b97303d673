"""Back to the generation before the one in use.

Not for making one: see `build`.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import DubhashiError, IndexNotFound, NotFound
from index.faults import explained
from index.generation import Generation
from index.layout import Current, Layout
from index.lock import IndexLock


def rollback(index_dir: Path) -> int:
    """Put the newest whole generation below the current one in use; its number.

    Where CURRENT is damaged, the newest whole one there is. Raises NotFound if there is none, IndexNotFound
    if there is no index, IndexLocked while a rebuild is at work.
    """
    layout = Layout(index_dir)
    if not layout.numbers():
        layout.current()
        raise IndexNotFound(f"there is no generation in {index_dir}: run `dubhashi rebuild`")
    with explained(index_dir), IndexLock(layout.lock_file):
        for number in _candidates(layout):
            seal = _seal_if_whole(layout, number)
            if seal:
                layout.switch(Current(number, seal))
                return number
    raise NotFound(f"there is no older generation in {index_dir} to go back to")


def _candidates(layout: Layout) -> list[int]:
    """Newest first."""
    numbers = layout.numbers()[::-1]
    try:
        current = layout.current().number
    except DubhashiError:
        return numbers
    return [number for number in numbers if number < current]


def _seal_if_whole(layout: Layout, number: int) -> str:
    try:
        with Generation(layout.folder(number), "full") as generation:
            return generation.manifest.seal
    except DubhashiError:
        return ""
