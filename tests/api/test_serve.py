"""`dubhashi serve` as a supervisor meets it: keys, log and the end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.keys import Keys


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("serve")
    shutil.copy("seeds/hi/jaishankar-russia-2023.txt", folder)
    subprocess.run(
        [*DUBHASHI, "rebuild", str(folder), "--encoder", "bridge"], env=environment(folder), check=True
    )
    yield folder


DUBHASHI = (sys.executable, "-m", "api.cli")


def environment(folder: Path, **more: str) -> dict[str, str]:
    own = {"DUBHASHI_INDEX": str(folder / "index"), "DUBHASHI_KEYS": str(folder / "keys.json")}
    return (
        {name: value for name, value in os.environ.items() if not name.startswith("DUBHASHI_")} | own | more
    )


def test_beyond_the_loopback_it_does_not_start_without_a_key(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*DUBHASHI, "serve", "--host", "0.0.0.0", "--port", "0"],
        env=environment(folder, DUBHASHI_KEYS=str(tmp_path / "none.json")),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2 and "dubhashi key add NAME" in done.stderr


def test_the_key_that_is_printed_is_the_one_that_counts(folder: Path) -> None:
    done = subprocess.run(
        [*DUBHASHI, "key", "add", "page"], env=environment(folder), capture_output=True, text=True, check=True
    )
    assert Keys(folder / "keys.json").find(done.stdout.strip())
    listed = subprocess.run(
        [*DUBHASHI, "key", "list"], env=environment(folder), capture_output=True, text=True
    )
    assert "page" in listed.stdout and done.stdout.strip() not in listed.stdout


def test_a_stop_finishes_what_was_accepted_and_the_log_is_json(folder: Path) -> None:
    process = subprocess.Popen(
        [*DUBHASHI, "serve", "--port", "0"],
        env=environment(folder, DUBHASHI_LOG_FORMAT="json"),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    address = next(line for line in process.stderr if line.startswith("open ")).split()[1]
    first = next(json.loads(line) for line in process.stderr)  # the generation is in force
    found: list[int] = []
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.is_set():
            try:
                with urllib.request.urlopen(f"{address}v1/search?q=secret", timeout=10) as answer:
                    found.append(len(json.load(answer)["hits"]))
            except ConnectionResetError:  # closed before it was accepted: RemoteDisconnected comes unwrapped
                return
            except urllib.error.URLError as error:
                assert isinstance(error.reason, (ConnectionRefusedError, ConnectionResetError)), error
                return

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    until = time.monotonic() + 20
    while len(found) < 20 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    rest = process.stderr.read()
    stopped.set()
    for client in clients:
        client.join()
    assert process.wait(15) in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in rest.splitlines()]
    answered = [line for line in lines if line.get("path") == "/v1/search"]
    assert "generation 1 is in force" in first["message"]
    assert {line["status"] for line in answered} == {200} and len(answered) >= 20
    assert "secret" not in rest and all(len(line["request"]) == 16 for line in answered)
    process.stderr.close()
