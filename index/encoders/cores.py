"""How many threads an encoder may use: set once, the same for torch and OpenVINO.

OMP_NUM_THREADS, which FAISS and torch read too, else the cores that this process may run on: a container or
`taskset` counts. One encoder works at a time and FAISS searches after it, so that they do not fight over cores.
"""

from __future__ import annotations

import os


def encoder_threads() -> int:
    """At least 1.

    >>> encoder_threads() >= 1
    True
    """
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1
