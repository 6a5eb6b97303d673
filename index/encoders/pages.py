"""Pages of a mapped file given back to the system, once what they hold was copied elsewhere.

Not for files that are written: nothing is lost only because the mapping can be read again. OpenVINO maps the
weights, repacks most of them for the processor and never looks at those pages again; the system would take
them back only when memory is short, and till then they count as resident.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from pathlib import Path


def give_back(path: Path) -> int:
    """How many bytes of mappings of this file were given back; 0 where the system has no such call."""
    advice = getattr(mmap, "MADV_DONTNEED", None)
    if advice is None:
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    return sum(
        size
        for start, size in _read_only_mappings(path.resolve())
        if library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), advice) == 0
    )


def _read_only_mappings(path: Path) -> Iterator[tuple[int, int]]:
    """Start and size, from the lines of /proc/self/maps: `7f00-7f80 r--s 0 fe:00 12 /a/model.bin`."""
    try:
        lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        parts = line.split(maxsplit=5)
        if len(parts) == 6 and parts[5] == str(path) and parts[1].startswith("r--"):
            start, end = (int(number, 16) for number in parts[0].split("-"))
            yield start, end - start
