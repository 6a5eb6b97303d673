"""`dubhashi serve`: the HTTP endpoint and the page.

Opens the index before it listens, so that what is wrong is said at once and on the terminal.
"""

from __future__ import annotations

import argparse
import math
import socket
from contextlib import suppress

from api import logs
from api.cli import commands, terminal
from api.keys import Keys
from api.opener import Opener
from api.settings import Settings
from index.encoders.cores import one_thread_a_search
from index.errors import SettingsError

NAME = "serve"
HELP = "answer over HTTP, with a page to search on"
_SPARE = 5  # seconds beyond the deadline until what was accepted is given up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_index(parser)
    commands.add_encoder(parser)
    parser.add_argument("--host", metavar="ADDRESS", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", metavar="N", help="the port to listen on, 0 for any free one (default: 8000)"
    )
    parser.add_argument(
        "--processes", metavar="N", help="processes that search; 1: this one, 0: as many as suit (default: 0)"
    )


def run(arguments: argparse.Namespace) -> int:
    settings = commands.settings_of(arguments)
    one_thread_a_search()
    with _listening(settings) as listener:
        _check_keys(settings)
        opener = Opener(settings)
        info = opener.prepare()
        terminal.notice(f"{info.get('passages')} passages, encoder {info.get('encoder')}")
        _announce(listener)
        _serve(settings, opener, listener)
    return 0


def _serve(settings: Settings, opener: Opener, listener: socket.socket) -> None:
    import uvicorn

    from api.http.app import create_app

    logs.configure(settings.log_format)
    app = create_app(settings, opener)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=math.ceil(settings.deadline) + _SPARE,
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        uvicorn.Server(config).run(sockets=[listener])


def _check_keys(settings: Settings) -> None:
    """Raises SettingsError where nobody could search."""
    keys = Keys(settings.keys).all()
    needed = settings.auth == "required" or (settings.auth == "auto" and not settings.is_local)
    if needed and not any(key.may("search") for key in keys):
        raise SettingsError(
            f"on {settings.host} every search needs a key, and {settings.keys} has none: make one with "
            "`dubhashi key add NAME`, or let everybody in with DUBHASHI_AUTH=off"
        )
    if not needed and not settings.is_local:
        terminal.notice(f"everybody who reaches {settings.host} can search: auth is off")


def _listening(settings: Settings) -> socket.socket:
    """A bound socket, before the index is opened: a busy port is found out at once. Raises SettingsError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except (OSError, TypeError, ValueError) as error:  # the latter two: of a name that can be none
        listener.close()
        place = f"{settings.host} port {settings.port}"
        advice = "choose others with --host and --port"
        raise SettingsError(
            f"cannot listen on {place}: {getattr(error, 'strerror', None) or error}; {advice}"
        ) from error
    return listener


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    terminal.notice(f"open http://{shown}:{port}/ (Ctrl-C stops)")
