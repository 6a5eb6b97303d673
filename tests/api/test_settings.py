from pathlib import Path

import pytest

from api.settings import Settings, load
from index.errors import SettingsError


def write(folder: Path, text: str) -> Path:
    path = folder / "dubhashi.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_serve_the_loopback_alone(tmp_path: Path) -> None:
    assert load(environment={}, directory=tmp_path) == Settings(
        Path("dubhashi-index"), "auto", "127.0.0.1", 8000
    )


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'port = 1\nhost = "h1"\nencoder = "e1"\nthreads = 3')
    environment = {"DUBHASHI_PORT": "2", "DUBHASHI_HOST": "h2"}
    found = load({"port": "3", "host": None}, environment, tmp_path)
    assert (found.port, found.host, found.encoder, found.threads) == (3, "h2", "e1", 3)


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path, 'allowed_hosts = ["Search.Example.in"]')
    assert load(environment={"DUBHASHI_CONFIG": str(path)}).allowed_hosts == ("search.example.in",)


def test_a_list_in_the_environment_has_commas(tmp_path: Path) -> None:
    environment = {"DUBHASHI_ALLOWED_HOSTS": "a.in, b.in,"}
    assert load(environment=environment, directory=tmp_path).allowed_hosts == ("a.in", "b.in")


@pytest.mark.parametrize(
    ("environment", "file", "message"),
    [
        ({}, "[" * 100_000, "is not valid TOML"),
        ({"DUBHASHI_INDEX": "~nobody-of-this-name/x"}, "", "the variable DUBHASHI_INDEX: index "),
        ({}, 'keys = "a\\u0000b"', "keys must be a text without NUL"),
        (
            {"DUBHASHI_PORT": "99999"},
            "",
            "the variable DUBHASHI_PORT: port must be a whole number from 0 to 65535",
        ),
        (
            {"DUBHASHI_PROT": "1"},
            "",
            "the variable DUBHASHI_PROT: there is no setting 'prot'; did you mean 'port'?",
        ),
        ({"DUBHASHI_INDEX": " "}, "", "the variable DUBHASHI_INDEX: index must be a text that is not empty"),
        ({}, "port = 80.5", "dubhashi.toml: port must be a whole number from 0 to 65535, not 80.5"),
        ({}, "port = true", "dubhashi.toml: port must be a whole number"),
        ({}, "threads = -1", "dubhashi.toml: threads must be a whole number from 0 to 1024, not -1"),
        ({}, 'log_queries = "maybe"', "dubhashi.toml: log_queries must be true or false, not 'maybe'"),
        ({}, "allowed_hosts = [1]", "dubhashi.toml: allowed_hosts must be names"),
        ({}, "[server]\nport = 1", "dubhashi.toml: there is no setting 'server'"),
        ({}, "port = ", "dubhashi.toml is not valid TOML"),
        (
            {"DUBHASHI_CONFIG": "/nowhere/d.toml"},
            "",
            "cannot read the settings file /nowhere/d.toml: No such file",
        ),
    ],
)
def test_a_mistake_names_its_origin(
    environment: dict[str, str], file: str, message: str, tmp_path: Path
) -> None:
    if file:
        write(tmp_path, file)
    with pytest.raises(SettingsError) as caught:
        load(environment=environment, directory=tmp_path)
    assert message in str(caught.value)


def test_a_mistake_in_a_flag_names_the_flag(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the flag --port: port must be"):
        load({"port": "http"}, {}, tmp_path)
