"""A hub on 127.0.0.1: the two addresses that fetching asks, parts of files, and connections that break."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Has the files of `folder` as the model `name`. A path in `breaks` ends after so many bytes a request."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name, self.folder = name, folder
        self.breaks: dict[str, int] = {}
        self.asked: list[tuple[str, str]] = []  # path and Range
        self.tokens: set[str] = set()
        self.knows_parts = True
        self.fails_parts = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

    def listed(self) -> dict[str, Any]:
        return {"id": self.name, "sha": COMMIT, "siblings": [self._row(path) for path in self.paths()]}

    def _row(self, path: str) -> dict[str, Any]:
        data = (self.folder / path).read_bytes()
        row: dict[str, Any] = {"rfilename": path, "size": len(data)}
        if path.endswith((".safetensors", ".bin")):
            return row | {"blobId": "f" * 40, "lfs": {"sha256": hashlib.sha256(data).hexdigest()}}
        return row | {"blobId": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()}


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        hub, path = self.server, urlsplit(self.path).path
        hub.tokens.add(f"{path.split('/')[1]} {self.headers.get('Authorization', '-')}")
        if path == f"/api/models/{hub.name}/revision/main":
            self._send(json.dumps(hub.listed()).encode())
        elif path.startswith(prefix := f"/{hub.name}/resolve/{COMMIT}/"):
            self.send_response(302)  # as the hub does for large files
            self.send_header("Location", f"{hub.url}/cdn/{path.removeprefix(prefix)}")
            self.end_headers()
        elif path.startswith("/cdn/") and path.removeprefix("/cdn/") in hub.paths():
            self._file(path.removeprefix("/cdn/"))
        else:
            self.send_error(404)

    def _file(self, path: str) -> None:
        data, part = (self.server.folder / path).read_bytes(), self.headers.get("Range", "")
        self.server.asked.append((path, part))
        if part and self.server.fails_parts:
            self.send_error(500)
            return
        start = int(part.removeprefix("bytes=").rstrip("-")) if part and self.server.knows_parts else 0
        self._send(data[start:], 206 if start else 200, self.server.breaks.get(path))

    def _send(self, data: bytes, status: int = 200, cut: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if cut is None else data[:cut])
        self.close_connection = True


@contextmanager
def running(name: str, folder: Path) -> Iterator[Hub]:
    with Hub(name, folder) as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()
