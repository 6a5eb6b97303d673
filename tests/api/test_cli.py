"""The command line as a person or a script meets it: a process, its two streams and its exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ARTICLES = ("hi/jaishankar-russia-2023.txt", "en/mangalyaan-mars-orbiter.txt")


def run(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        input=stdin,
        capture_output=True,
        env={**clean_environment(), **environment},
        timeout=60,
    )


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DUBHASHI_")}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cli")
    for name in ARTICLES:
        (folder / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path("seeds") / name, folder / "news" / name)
    made = run("rebuild", str(folder / "news"), "--index", str(folder / "index"), "--encoder", "bridge")
    assert made.returncode == 0, made.stderr.decode()
    assert b"passages" in made.stdout and b"passages a second" in made.stdout
    yield folder / "index"


def test_a_hit_goes_to_stdout_and_notices_to_stderr(index: Path) -> None:
    done = run("search", "Chennai-Vladivostok", "corridor", "-n", "1", "--index", str(index))
    first, *rest = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert first.startswith("  1 0.") and "चेन्नई-व्लादिवोस्तोक मार्ग" in first
    assert rest[1].strip().startswith("hi/jaishankar-russia-2023:5 · 2023-12-29")
    assert rest[2].strip().startswith("why: ")
    assert "encoder bridge" in done.stderr.decode()


def test_a_pipe_gets_no_escapes_and_a_paragraph_on_one_line(index: Path) -> None:
    done = run("search", "corridor", "-n", "1", "--index", str(index))
    assert b"\x1b" not in done.stdout and len(done.stdout.decode().splitlines()) == 4


def test_json_is_the_object_that_http_gives(index: Path) -> None:
    done = run("search", "मंगलयान", "-n", "2", "--lang", "en", "--json", "--index", str(index))
    answer = json.loads(done.stdout)
    assert list(answer) == ["query", "hits", "total", "took_ms", "index", "read_as", "mode", "warnings"]
    assert [hit["lang"] for hit in answer["hits"]] == ["en", "en"]
    assert done.stderr == b""


def test_latin_letters_on_request(index: Path) -> None:
    done = run("search", "गलियारा", "-n", "1", "--latin", "--index", str(index))
    assert "galiyara" in done.stdout.decode() and "गलियारा" not in done.stdout.decode()


def test_a_rebuild_says_how_much_it_kept(tmp_path: Path) -> None:
    words = ("rebuild", str(tmp_path / "a.txt"), "--index", str(tmp_path / "index"), "--encoder", "bridge")
    paragraphs = [f"River number {n} flows to the sea." for n in range(5)]
    (tmp_path / "a.txt").write_text("\n\n".join(paragraphs))
    assert "kept" not in run(*words).stdout.decode()
    (tmp_path / "a.txt").write_text("\n\n".join([*paragraphs, "One more paragraph."]))
    said = run(*words).stdout.decode()
    assert said.startswith(
        f"generation 2 of {tmp_path / 'index'}: 6 passages (6 en) of 1 documents, kept 5 in "
    )
    (tmp_path / "a.txt").write_text("\n\n".join(paragraphs[1:]))
    report = json.loads(run(*words, "--json").stdout)
    assert (report["generation"], report["passages"], report["kept"], report["encoded"]) == (3, 4, 4, 0)


def test_a_query_may_come_from_stdin(index: Path) -> None:
    done = run("search", "-", "-n", "1", "--index", str(index), stdin="गलियारा\n".encode())
    assert done.returncode == 0 and "जयशंकर" in done.stdout.decode()


def test_more_like_a_passage(index: Path) -> None:
    done = run("similar", "hi/jaishankar-russia-2023:5", "-n", "3", "--json", "--index", str(index))
    ids = [hit["id"] for hit in json.loads(done.stdout)["hits"]]
    assert ids and "hi/jaishankar-russia-2023:5" not in ids


def test_info_tells_the_generation(index: Path) -> None:
    told = json.loads(run("info", "--json", "--index", str(index)).stdout)
    assert (told["generation"], told["encoder"], set(told["languages"])) == (1, "bridge", {"en", "hi"})
    assert b"encoder      bridge" in run("info", "--index", str(index)).stdout


def test_a_rebuild_knows_its_sources_and_rollback_goes_back(index: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(index, tmp_path / "index")
    again = run("rebuild", "--index", str(copy), "--encoder", "bridge")
    assert again.returncode == 0 and b"nothing changed: generation 1" in again.stdout
    forced = run("rebuild", "--force", "--index", str(copy), "--encoder", "bridge")
    assert forced.returncode == 0 and b"generation 2" in forced.stdout
    back = run("rollback", "--index", str(copy))
    assert back.returncode == 0 and b"generation 1" in back.stdout
    assert run("rollback", "--index", str(copy)).returncode == 5


@pytest.mark.parametrize(
    ("code", "words", "message"),
    [
        (1, "search route --where field=nothing --index INDEX", "no hits"),
        (2, "", "COMMAND; see dubhashi --help"),
        (2, "search -moon", "goes behind --"),
        (2, "search x -n many", "invalid int value: 'many'; see dubhashi search --help"),
        (2, "search x --where a=1 --where a=2 --index INDEX", "names the field 'a' twice"),
        (2, "serach x", "invalid choice"),
        (2, "search --lang ta x", "--lang"),
        (2, "search x --ind y", "--ind"),
        (2, "search x -n 0 --index INDEX", "limit must be from 1 to 100"),
        (2, "search x --min-score nan --index INDEX", "min_score must be from 0 to 1"),
        (2, "search x --from 2023-13 --index INDEX", "date_from must be a date"),
        (2, "search x --where field --index INDEX", "field:value"),
        (2, "search - --index INDEX", "empty"),
        (2, "serve --port http --index INDEX", "the flag --port: port must be a whole number"),
        (2, "rebuild /nowhere --index INDEX", "/nowhere"),
        (3, "search x --index /nowhere", "no index in /nowhere"),
        (3, "info --index /nowhere", "no index in /nowhere"),
        (3, "serve --port 0 --index /nowhere", "no index in /nowhere"),
        (3, "rollback --index /nowhere", "no index in /nowhere"),
        (4, "search x --encoder /nowhere/labse --index INDEX", "/nowhere/labse"),
        (5, "similar nobody:1 --index INDEX", "nobody:1"),
    ],
)
def test_every_mistake_is_one_line_with_its_exit_code(
    index: Path, code: int, words: str, message: str
) -> None:
    done = run(*words.replace("INDEX", str(index)).split())
    error = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b"")
    assert message in error and "Traceback" not in error
    notices = error.splitlines()[:-1]
    assert all(notice.startswith("encoder ") for notice in notices)


def test_bytes_that_are_no_text_are_refused(index: Path) -> None:
    done = subprocess.run(
        [
            os.fsencode(sys.executable),
            b"-m",
            b"api.cli",
            b"search",
            b"\xff\xfe",
            b"--index",
            os.fsencode(index),
        ],
        capture_output=True,
    )
    assert (done.returncode, b"UTF-8" in done.stderr) == (2, True)
    assert run("search", "-", "--index", str(index), stdin=b"\xff").returncode == 2


def test_a_setting_from_the_environment(index: Path) -> None:
    assert run("search", "corridor", DUBHASHI_INDEX=str(index)).returncode == 0
    wrong = run("search", "corridor", DUBHASHI_INDX=str(index))
    assert wrong.returncode == 2 and b"did you mean 'index'?" in wrong.stderr


def test_version_and_help_need_no_index() -> None:
    assert run("--version").stdout.startswith(b"dubhashi ")
    assert b"exit codes" in run("--help").stdout


def test_a_reader_that_goes_away_ends_it_quietly(index: Path) -> None:
    command = f"{sys.executable} -m api.cli search India -n 100 --json --index {index} | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, env=clean_environment()
    )
    assert (done.returncode in (0, 141), done.stderr) == (True, b"")


def test_ctrl_c_ends_a_waiting_search() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "search", "-"],
        stdin=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a shell's & ignores it
    )
    time.sleep(0.6)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert process.stdin is not None
    process.stdin.close()


def test_serve_answers_and_stops_on_ctrl_c(index: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--index", str(index)],
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    assert process.stderr is not None
    address = next(line for line in process.stderr if line.startswith("open ")).split()[1]
    for _ in range(500):
        try:
            with urllib.request.urlopen(address + "v1/search?q=corridor&limit=1") as answer:
                hits = json.load(answer)["hits"]
            break
        except urllib.error.URLError:
            time.sleep(0.02)
    assert hits[0]["id"] == "hi/jaishankar-russia-2023:5"
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    process.stderr.close()


def modules_of(code: str) -> set[str]:
    listed = f"import sys\n{code}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, env=clean_environment()
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_starting_imports_nothing_heavy() -> None:
    heavy = {"fastapi", "starlette", "pydantic", "uvicorn", "torch", "numpy", "faiss", "rich", "typer"}
    assert not modules_of("from api.cli.main import parser; parser()") & heavy


def test_a_search_imports_neither_server_nor_torch(index: Path) -> None:
    code = f"from api.cli import main; main(['search', 'corridor', '--index', {str(index)!r}])"
    found = modules_of(code)
    assert "faiss" in found
    assert not found & {
        "fastapi",
        "starlette",
        "pydantic",
        "uvicorn",
        "torch",
        "sentence_transformers",
        "rich",
    }
