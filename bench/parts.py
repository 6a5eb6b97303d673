"""What a question costs, part by part: processor time in one process, the parts of the search and of its JSON.

    python -m bench.parts INDEX_DIR

Not for how many a server answers: see `load`.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api import wire
from bench.made_up import questions
from search import legs, searcher
from search.types import SearchRequest

WARM_UP, QUESTIONS = 2_000, 1_000


def timed(spent: dict[str, float], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def measured(*args: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return work(*args, **named)
        finally:
            spent[name] += time.thread_time() - began

    return measured


def measure(index: Path) -> dict[str, float]:
    """Mean milliseconds a question; `other` is what is in none of the parts."""
    spent: dict[str, float] = defaultdict(float)
    opened = searcher.Searcher.open(index)
    for owner, method, name in (
        (opened._understanding, "read", "understand"),
        (opened, "_encode", "encode"),
        (opened._legs._expansion, "concepts", "expand"),
        (opened._legs._sparse, "score", "words"),
        (legs, "best", "words"),
        (opened._legs._vectors, "search", "vectors"),
        (opened._legs._vectors, "scores_of", "vectors"),
        (opened._legs._nearness, "shares", "nearness"),
        (searcher.Explainer, "explain", "reasons"),
        (opened._generation.passages, "get", "texts"),
    ):
        setattr(owner, method, timed(spent, name, getattr(owner, method)))
    written = timed(spent, "json", lambda answer: wire.written(wire.answer_object(answer)))
    asked = questions(WARM_UP + QUESTIONS)
    for question in asked[:WARM_UP]:
        written(opened.search(SearchRequest(question)))
    spent.clear()
    began = time.thread_time()
    for question in asked[WARM_UP:]:
        written(opened.search(SearchRequest(question)))
    spent["other"] = time.thread_time() - began - sum(spent.values())
    opened.close()
    return {name: round(1000 * seconds / QUESTIONS, 3) for name, seconds in spent.items()}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), indent=1))
