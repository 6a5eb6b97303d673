"""How many questions a second one server answers: clients without pause against 100,000 made-up paragraphs.

    python -m bench.load --seconds 20 --clients 32

Every question is asked once, and none that warmed the server is asked again. The clients are a process of their own and
counted apart, as is what everything else on the machine took. Writes `bench/results/load.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from bench.machine import machine
from bench.made_up import make_sources, questions
from bench.parts import measure

HERE = Path(__file__).parent
WARM_UP = 1_500  # questions
TICKS = os.sysconf("SC_CLK_TCK")


async def get(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    return answer


def wait_until_ready(port: int) -> None:
    for _ in range(1_000):
        with suppress(OSError):
            if "200 OK" in asyncio.run(get(port, "/readyz")):
                return
        time.sleep(0.05)
    raise SystemExit("the server does not get ready")


def ask(port: int, clients: int, seconds: float, paths: list[str]) -> dict[str, float]:
    command = [sys.executable, HERE / "client.py", str(port), str(clients), str(seconds)]
    done = subprocess.run(command, input="\n".join(paths), stdout=subprocess.PIPE, text=True, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def workers_of(pid: int) -> list[int]:
    """The processes that search: those that one has started and that hold an index."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    children = [int(child) for found in lists for child in found]
    return [child for child in children if "docs.npy" in Path(f"/proc/{child}/maps").read_text()]


def memory(pid: int) -> int:
    """MiB that are this process's own."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", text)[1]) // 1024  # type: ignore[index]


def processor(*pids: int) -> float:
    """Seconds of processor time so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / TICKS


def machine_busy() -> float:
    """Seconds of processor time that the machine's cores have worked."""
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def stages(metrics: str) -> dict[str, float]:
    """Mean milliseconds of each stage, by the clock."""
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
    paths = [f"/v1/search?q={quote(q)}&{given.more}" for q in questions(WARM_UP + given.questions)]
    ask(port, given.clients, 4, paths[:WARM_UP])
    workers = workers_of(server.pid)
    before = [memory(pid) for pid in (server.pid, *workers)]
    front, search, busy = processor(server.pid), processor(*workers), machine_busy()
    seen = ask(port, given.clients, given.seconds, paths[WARM_UP:])
    front, search = processor(server.pid) - front, processor(*workers) - search
    wall, answers, client = seen["seconds"], seen["answers"], seen.pop("client_processor_seconds")
    others = machine_busy() - busy - front - search - client
    return {
        "machine": machine(),
        "paragraphs": given.paragraphs,
        "clients": given.clients,
        "processes": len(workers),
        "parameters": given.more,
        **seen,
        "processor_ms_an_answer": {
            "server": round(1000 * front / answers, 2),
            "workers": round(1000 * search / answers, 2),
            "client": round(1000 * client / answers, 2),
        },
        "cores_busy": {
            "server": round((front + search) / wall, 2),
            "client": round(client / wall, 2),
            "everything_else": round(others / wall, 2),
        },
        "memory_mib": {"before": before, "after": [memory(pid) for pid in (server.pid, *workers)]},
        "stages_mean_ms": stages(asyncio.run(get(port, "/metrics"))),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, default=Path("bench.index"))
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--questions", type=int, default=12_000)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--more", default="limit=10", help="further parameters of each question")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "load.json")
    given = parser.parse_args()
    dubhashi = [sys.executable, "-m", "api.cli"]
    sources = given.index.with_suffix(".sources")
    if not sources.exists():
        make_sources(sources, given.paragraphs)
    subprocess.run([*dubhashi, "rebuild", sources, "--index", given.index, "--encoder", "bridge"], check=True)
    environment = {**os.environ, "DUBHASHI_PROCESSES": str(given.processes), "DUBHASHI_QUEUE": "1000"}
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
        server.wait(60)
    result["parts_processor_ms"] = measure(given.index)
    given.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
