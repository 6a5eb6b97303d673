"""How many questions a second one server answers: clients without pause against 100,000 made-up paragraphs.

    python bench/load.py --seconds 20 --clients 32 --threads 2

Not for quality: the paragraphs are words of the seeds in their own frequencies. Writes `bench/results/load.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
PARAGRAPH_WORDS, DOCUMENT_PARAGRAPHS = 55, 20


def words_of(folder: Path) -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt")))
    return text.split()


def make_sources(folder: Path, paragraphs: int) -> None:
    """JSON Lines of paragraphs, each in one language, of runs of three words of the seeds."""
    chance = random.Random(7)
    pools = [words_of(Path("seeds") / lang) for lang in ("en", "hi")]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "made-up.jsonl").open("w", encoding="utf-8") as file:
        for number in range(paragraphs // DOCUMENT_PARAGRAPHS):
            pool = pools[number % 2]
            body = [paragraph(pool, chance) for _ in range(DOCUMENT_PARAGRAPHS)]
            row = {
                "id": f"made-up-{number}",
                "title": " ".join(runs(pool, chance, 1)),
                "text": "\n\n".join(body),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def runs(pool: list[str], chance: random.Random, count: int) -> list[str]:
    starts = [chance.randrange(len(pool) - 3) for _ in range(count)]
    return [word for start in starts for word in pool[start : start + 3]]


def paragraph(pool: list[str], chance: random.Random) -> str:
    return " ".join(runs(pool, chance, PARAGRAPH_WORDS // 3))


def questions(count: int) -> list[str]:
    """Two to six words that stand beside each other in the seeds, half of them Hindi."""
    chance = random.Random(11)
    pools = [words_of(Path("seeds") / lang) for lang in ("en", "hi")]
    found = []
    for number in range(count):
        pool = pools[number % 2]
        start = chance.randrange(len(pool) - 6)
        found.append(" ".join(pool[start : start + chance.randint(2, 6)]))
    return found


async def client(port: int, paths: list[str], until: float, took: list[float], errors: list[str]) -> None:
    """One connection that asks again as soon as it is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chance = random.Random(id(writer))
    while time.perf_counter() < until:
        path = chance.choice(paths)
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])  # type: ignore[index]
        body = await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            errors.append(body.decode())
    writer.close()


async def ask(port: int, clients: int, seconds: float, more: str) -> tuple[list[float], list[str]]:
    paths = [f"/v1/search?q={quote(q)}&{more}" for q in questions(5_000)]
    took: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(client(port, paths, until, took, errors) for _ in range(clients)))
    return took, errors


async def get(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    return answer


def wait_until_ready(port: int) -> None:
    for _ in range(400):
        with suppress(OSError):
            if "200 OK" in asyncio.run(get(port, "/readyz")):
                return
        time.sleep(0.05)
    raise SystemExit("the server does not get ready")


def memory(pid: int) -> int:
    """MiB that are this process's own."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", text)[1]) // 1024  # type: ignore[index]


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stages(metrics: str) -> dict[str, float]:
    """Mean milliseconds of each stage."""
    found = dict(re.findall(r"^dubhashi_stage_seconds_(\w+\{stage=\"\w+\"\}) (\S+)$", metrics, re.MULTILINE))
    means = {}
    for name in ("queue", "encode", "search", "write"):
        count = float(found.get(f'count{{stage="{name}"}}', 0))
        means[name] = round(1000 * float(found.get(f'sum{{stage="{name}"}}', 0)) / max(count, 1), 3)
    return means


def measured(server: subprocess.Popen[str], given: argparse.Namespace) -> dict[str, object]:
    assert server.stderr
    line = next((line for line in server.stderr if line.startswith("open ")), "")
    if not line:
        raise SystemExit("the server did not start")
    port = int(line.partition("/ ")[0].rpartition(":")[2])
    threading.Thread(target=server.stderr.read, daemon=True).start()  # the log, which nobody needs
    wait_until_ready(port)
    asyncio.run(ask(port, given.clients, 2, given.more))  # warm
    before, spent, began = memory(server.pid), processor(server.pid), time.perf_counter()
    took, errors = asyncio.run(ask(port, given.clients, given.seconds, given.more))
    wall = time.perf_counter() - began
    busy = processor(server.pid) - spent
    took.sort()
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load_average_before": round(os.getloadavg()[1], 2),
        "paragraphs": given.paragraphs,
        "clients": given.clients,
        "threads": given.threads or os.cpu_count(),
        "parameters": given.more,
        "seconds": round(wall, 1),
        "answers": len(took),
        "errors": len(errors),
        "per_second": round(len(took) / wall, 1),
        "p50_ms": round(1000 * took[len(took) // 2], 1),
        "p99_ms": round(1000 * took[int(len(took) * 0.99)], 1),
        "server_cores_busy": round(busy / wall, 2),
        "processor_ms_an_answer": round(1000 * busy / len(took), 1),  # whatever else the machine does
        "memory_mib": [before, memory(server.pid)],
        "stages_mean_ms": stages(asyncio.run(get(port, "/metrics"))),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("bench.index"))
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--more", default="limit=10", help="further parameters of each question")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "load.json")
    given = parser.parse_args()
    dubhashi = [sys.executable, "-m", "api.cli"]
    sources = given.index.with_suffix(".sources")
    if not sources.exists():
        make_sources(sources, given.paragraphs)
    subprocess.run([*dubhashi, "rebuild", sources, "--index", given.index, "--encoder", "bridge"], check=True)
    environment = {**os.environ, "DUBHASHI_THREADS": str(given.threads), "DUBHASHI_QUEUE": "1000"}
    server = subprocess.Popen(
        [*dubhashi, "serve", "--port", "0", "--index", given.index],
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    try:
        result = measured(server, given)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
    given.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
