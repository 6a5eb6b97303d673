"""Clients without pause, in a process of their own so that what they cost is counted apart: JSON of what they saw.

    python bench/client.py PORT CLIENTS SECONDS < paths

Each path is asked once, in order; when all were asked, they are asked again. Not for starting a server: see `load`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, paths: Iterator[bytes], until: float, took: list[float], errors: list[str]) -> None:
        self.paths, self.until, self.took, self.errors = paths, until, took, errors
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.held, self.length = b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.held, self.length, self.began = b"", 0, time.perf_counter()
        if self.began >= self.until:
            self.transport.close()
            return
        self.transport.write(b"GET " + next(self.paths) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.held += data
        if not self.length and b"\r\n\r\n" in self.held:
            head, _, body = self.held.partition(b"\r\n\r\n")
            self.length = (
                len(head) + 4 + int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            )
            if not head.startswith(b"HTTP/1.1 200"):
                self.errors.append(body.decode(errors="replace"))
        if self.length and len(self.held) >= self.length:
            self.took.append(time.perf_counter() - self.began)
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self.errors.append(str(error))
        self.done.set_result(None)


async def ask(port: int, clients: int, seconds: float, paths: list[bytes]) -> dict[str, object]:
    took: list[float] = []
    errors: list[str] = []
    began, once = time.perf_counter(), itertools.cycle(paths)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Client(once, began + seconds, took, errors), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.gather(*(client.done for _, client in made))
    wall = time.perf_counter() - began
    took.sort()
    return {
        "seconds": round(wall, 1),
        "answers": len(took),
        "distinct_questions": min(len(took), len(set(paths))),
        "errors": len(errors),
        "first_error": errors[0] if errors else "",
        "per_second": round(len(took) / wall, 1),
        "p50_ms": round(1000 * took[len(took) // 2], 1),
        "p99_ms": round(1000 * took[int(len(took) * 0.99)], 1),
        "client_processor_seconds": round(time.process_time(), 2),
    }


def main() -> None:
    port, clients, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    paths = [line.strip().encode() for line in sys.stdin]
    with suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    print(json.dumps(asyncio.run(ask(port, clients, seconds, paths))))


if __name__ == "__main__":
    main()
