"""How many threads an encoder may use: set once, the same for torch and OpenVINO. Not for threads that search.

OMP_NUM_THREADS, which FAISS and torch read too, else the cores that this process may run on: a container or
`taskset` counts. One encoder works at a time and FAISS searches after it, so that they do not fight over cores.
"""

from __future__ import annotations

import os

_chosen = 0


def one_thread_a_search() -> None:
    """For a server, before numpy or FAISS is imported: whole searches share the cores better than parts of one.
    The encoder, of which there is one, keeps what it would have had."""
    global _chosen
    _chosen = encoder_threads()
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def encoder_threads() -> int:
    """At least 1.

    >>> encoder_threads() >= 1
    True
    """
    if _chosen:
        return _chosen
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1
