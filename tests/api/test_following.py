"""A server over an index that changes under it: swaps, jobs, and clients that never stop asking."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.keys import Keys
from api.settings import Settings
from index.build import rebuild, rollback
from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from tests.api.conftest import wait_until_ready

CLIENTS, CYCLES = int(os.environ.get("SWAP_CLIENTS", "4")), int(os.environ.get("SWAP_CYCLES", "5"))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return BridgeEncoder()


def write(folder: Path, edition: int, passages: int = 30) -> None:
    """Every passage, and every document's id, names the edition: an answer that mixes two would show it."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    text = "\n\n".join(f"River number {n} of the edition{edition} flows to the sea." for n in range(passages))
    (folder / f"rivers-{edition}.txt").write_text(text, encoding="utf-8")


@pytest.fixture(params=[1, 2], ids=["threads", "processes"])
def processes(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def settings(tmp_path: Path, encoder: Encoder, processes: int) -> Settings:
    write(tmp_path / "news", 1)
    rebuild([tmp_path / "news"], tmp_path / "index", encoder)
    return Settings(
        index=tmp_path / "index",
        keys=tmp_path / "keys.json",
        encoder="bridge",
        processes=processes,
        watch=0.02,
        rate=0,
        queue=1000,
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        wait_until_ready(client)
        yield client


def generation(client: TestClient) -> int:
    return int(client.get("/v1/index").json()["generation"])


def wait_for(client: TestClient, number: int) -> None:
    until = time.monotonic() + 60
    while generation(client) != number:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("kill", [False, True], ids=["in peace", "killed"])
def test_clients_that_never_pause_see_no_error_and_no_mixture(
    settings: Settings, client: TestClient, tmp_path: Path, encoder: Encoder, kill: bool
) -> None:
    """`kill`: in every cycle a worker is killed, of the old generation, of the new one or while it opens."""
    if kill and settings.processes == 1:
        pytest.skip("there is no worker to kill")
    editions: dict[int, int] = {1: 1}
    chance = random.Random(3)
    stop = threading.Event()

    def ask() -> int:
        answers = 0
        while not stop.is_set():
            answer = client.get("/v1/search", params={"q": "river sea", "limit": 5})
            assert answer.status_code == 200, answer.text
            said = answer.json()
            found = {hit["document_id"] for hit in said["hits"]}
            assert found == {f"rivers-{editions[said['index']['generation']]}"}
            answers += 1
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        asking = [pool.submit(ask) for _ in range(CLIENTS)]
        try:
            for edition in range(2, CYCLES + 2):
                write(tmp_path / "news", edition)
                editions[edition] = edition
                assert rebuild([tmp_path / "news"], settings.index, encoder).generation == edition
                if kill:
                    with suppress(ProcessLookupError):  # one of the old generation may have ended just now
                        os.kill(chance.choice(workers()), signal.SIGKILL)
                wait_for(client, edition)
            assert rollback(settings.index) == CYCLES
            wait_for(client, CYCLES)
        finally:
            stop.set()
        assert all(asked.result() > 0 for asked in asking)


def workers() -> list[int]:
    """The processes that search, of all generations that are open."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]


def test_what_is_damaged_is_not_put_in_force(settings: Settings, client: TestClient) -> None:
    (settings.index / "CURRENT").write_text("2 beef\n")
    until = time.monotonic() + 60
    while "dubhashi_open_failures_total 0.0" in client.get("/metrics").text:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert client.get("/readyz").status_code == 200 and generation(client) == 1


def test_an_index_that_appears_is_served(tmp_path: Path, encoder: Encoder) -> None:
    settings = Settings(index=tmp_path / "index", encoder="bridge", watch=0.02)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        assert client.get("/readyz").status_code == 503
        write(tmp_path / "news", 1)
        rebuild([tmp_path / "news"], settings.index, encoder)
        wait_until_ready(client)


def test_a_rebuild_over_http_is_a_job_that_puts_a_generation_in_force(
    settings: Settings, client: TestClient, tmp_path: Path
) -> None:
    headers = {"Authorization": f"Bearer {Keys(settings.keys).add('ops', ['admin'])[1]}"}
    write(tmp_path / "news", 2)
    accepted = client.post("/v1/index/rebuild", headers=headers)
    assert (accepted.status_code, accepted.json()["state"]) == (202, "running")
    second = client.post("/v1/index/rebuild", headers=headers, json={"force": True})
    assert (second.status_code, second.json()["code"]) == (409, "index_locked")
    job = ended(client, accepted.headers["location"], headers)
    assert (job["state"], job["report"]["generation"], job["report"]["passages"]) == ("done", 2, 30)
    assert (job["report"]["kept"], job["report"]["cached"], job["report"]["encoded"]) == (0, 0, 30)
    wait_for(client, 2)
    assert str(tmp_path) not in str(job)


def test_a_cancelled_job_leaves_the_index_as_it_was(
    settings: Settings, client: TestClient, tmp_path: Path
) -> None:
    headers = {"Authorization": f"Bearer {Keys(settings.keys).add('ops', ['admin'])[1]}"}
    write(tmp_path / "news", 2, passages=20_000)
    at = client.post("/v1/index/rebuild", headers=headers).headers["location"]
    client.delete(at, headers=headers)
    assert ended(client, at, headers)["state"] == "cancelled"
    assert generation(client) == 1 and not list((settings.index / "generations").glob(".tmp-*"))


def test_a_job_that_fails_names_a_code_and_no_path(
    settings: Settings, client: TestClient, tmp_path: Path
) -> None:
    headers = {"Authorization": f"Bearer {Keys(settings.keys).add('ops', ['admin'])[1]}"}
    (tmp_path / "news").rename(tmp_path / "gone")
    job = ended(client, client.post("/v1/index/rebuild", headers=headers).headers["location"], headers)
    assert (job["state"], job["error"]["code"]) == ("failed", "bad_source")
    assert str(tmp_path) not in str(job) and generation(client) == 1


def ended(client: TestClient, address: str, headers: dict[str, str]) -> dict:
    until = time.monotonic() + 30
    while (job := client.get(address, headers=headers).json())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    return job
