"""The process that searches for a server: opens one generation, then answers one question after the other.

Not for the server's side: see `workers`. It ends when the server lets go of its pipe, however the server ended.
"""

from __future__ import annotations

import gc
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from api import messages
from api.answering import Answerer
from api.opener import Opener
from api.settings import Settings


def main(pipe: Connection, index: str, encoder: str, generation: int | None) -> None:
    """Says what it opened, or why it could not, then answers. Without a generation it opens the one in use."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which then ends its workers
        signal.signal(ending, signal.SIG_IGN)
    with suppress(
        OSError
    ):  # short of memory, Linux then ends a worker, which is replaced, and not the server
        Path("/proc/self/oom_score_adj").write_text("200")
    os.environ["OMP_NUM_THREADS"] = "1"  # a worker is a core's; before faiss is imported
    stages: list[tuple[str, float]] = []

    def observe(stage: str, seconds: float) -> None:
        stages.append((stage, seconds))

    try:
        answerer = Opener(Settings(Path(index), encoder, processes=1), observe).open(generation)
        answerer.warm()
        gc.collect()
        gc.freeze()  # what there is now stays: going through it all for garbage would hold up a question in a hundred
    except Exception as error:
        pipe.send_bytes(messages.error_bytes(error))
        return
    try:
        pipe.send_bytes(messages.answer_bytes({"info": dict(answerer.info())}))
        while True:
            asked = pipe.recv_bytes()
            stages.clear()
            pipe.send_bytes(_answered(answerer, asked, stages))
    except (EOFError, OSError):  # the server is gone, or wants no more
        answerer.close()


def _answered(answerer: Answerer, asked: bytes, stages: list[tuple[str, float]]) -> bytes:
    try:
        body = answerer.answer(messages.question_of(asked))
        return messages.answer_bytes({"stages": stages}, body)
    except Exception as error:
        return messages.error_bytes(error)
