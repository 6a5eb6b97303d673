"""Settings: a flag, then `DUBHASHI_*` in the environment, then a TOML file, then the default.

Not for a query's own parameters. Standard library only: importing a settings library takes a third of the
time that a whole search may take.

>>> load(flags={"port": 9000}, environment={"DUBHASHI_PORT": "8001", "DUBHASHI_HOST": "::1"}).port
9000
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path

from index.errors import SettingsError

PREFIX = "DUBHASHI_"
FILE_VARIABLE = "DUBHASHI_CONFIG"
FILE_NAME = "dubhashi.toml"


def _text(value: object) -> str:
    if not isinstance(value, (str, Path)) or not str(value).strip():
        raise ValueError("must be a text that is not empty")
    if "\0" in str(value):
        raise ValueError("must be a text without NUL")
    return str(value)


def _path(value: object) -> Path:
    return Path(_text(value)).expanduser()


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = str(value).strip()
        if isinstance(value, (bool, float)) or not (
            text.isascii() and text.isdigit() and low <= int(text) <= high
        ):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _number(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        try:
            number = math.nan if isinstance(value, bool) else float(str(value))
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return number

    return read


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        word = str(value).strip().lower()
        if word not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return word

    return read


def _switch(value: object) -> bool:
    word = str(value).strip().lower()
    if word not in ("true", "1", "yes", "on", "false", "0", "no", "off"):
        raise ValueError("must be true or false")
    return word in ("true", "1", "yes", "on")


def _names(value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise ValueError("must be names with commas between them, or a list")
    return tuple(item.strip().lower() for item in items if item.strip())


def is_loopback(host: str) -> bool:
    """
    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set: one name each for the flag of a command, the variable and the key of the file."""

    index: Path = field(default=Path("dubhashi-index"), metadata={"read": _path})
    encoder: str = field(default="auto", metadata={"read": _text})
    host: str = field(default="127.0.0.1", metadata={"read": _text})
    port: int = field(default=8000, metadata={"read": _whole(0, 65_535)})
    # Names that the Host header may carry beside `host` and the loopback's; "*" allows any.
    allowed_hosts: tuple[str, ...] = field(default=(), metadata={"read": _names})
    # Searches at a time where the server's own process searches; 0: one a core.
    threads: int = field(default=0, metadata={"read": _whole(0, 1_024)})
    # Processes that search; 1: the server's own; 0: one a core for the bundled encoder, else the server's own.
    processes: int = field(default=0, metadata={"read": _whole(0, 1_024)})
    # Searches that may wait for a thread; the next is answered 503.
    queue: int = field(default=64, metadata={"read": _whole(0, 100_000)})
    # Seconds until a search is given up and answered 504.
    deadline: float = field(default=10.0, metadata={"read": _number(0.1, 3_600)})
    # Seconds between two looks for a new generation; 0: never.
    watch: float = field(default=1.0, metadata={"read": _number(0, 3_600)})
    # Who may search: `auto` wants a key unless `host` is the loopback, `off` waives it anywhere.
    auth: str = field(default="auto", metadata={"read": _one_of("auto", "required", "off")})
    # The file of the keys, hashed.
    keys: Path = field(default=Path("dubhashi-keys.json"), metadata={"read": _path})
    # Requests a second of one key or address, and how many at once after a pause; 0: as many as they like.
    rate: float = field(default=100.0, metadata={"read": _number(0, 1_000_000)})
    burst: int = field(default=200, metadata={"read": _whole(1, 1_000_000)})
    max_body_bytes: int = field(default=65_536, metadata={"read": _whole(1_024, 67_108_864)})
    log_queries: bool = field(default=False, metadata={"read": _switch})
    # Lines for people, or one JSON object a line.
    log_format: str = field(default="text", metadata={"read": _one_of("text", "json")})

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


_READERS: dict[str, Callable[[object], object]] = {f.name: f.metadata["read"] for f in fields(Settings)}


def load(
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """The settings in force; a flag that is None was not given. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    values = _from_file(environment, directory or Path())
    values |= _from_environment(environment)
    for name, value in (flags or {}).items():
        if value is not None:
            values[name] = _read(name, value, f"the flag --{name.replace('_', '-')}")
    return Settings(**values)  # type: ignore[arg-type]


def _from_file(environment: Mapping[str, str], directory: Path) -> dict[str, object]:
    named = environment.get(FILE_VARIABLE)
    path = Path(named) if named else directory / FILE_NAME
    if not named and not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return {name: _read(name, value, str(path)) for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    return {
        name.removeprefix(PREFIX).lower(): _read(
            name.removeprefix(PREFIX).lower(), value, f"the variable {name}"
        )
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != FILE_VARIABLE
    }


def _read(name: str, value: object, origin: str) -> object:
    reader = _READERS.get(name)
    if reader is None:
        raise SettingsError(f"{origin}: there is no setting {name!r}{_nearest(name)}")
    try:
        return reader(value)
    except (TypeError, ValueError, RuntimeError) as error:  # the last: of ~nobody
        raise SettingsError(f"{origin}: {name} {error}, not {repr(value)[:200]}") from None


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, _READERS, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(_READERS)}"
