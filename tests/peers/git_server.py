"""git over HTTP on this machine: git's own `http-backend` behind a small threaded server that can be told to fail."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from repositories import ENVIRONMENT


@dataclass
class GitServer:
    """Serves the bare repositories below a folder. Change `statuses`, `moves`, `cut_after`, `delay` while it runs.

    `statuses` and `moves` are by path, like /owner/name.git; `cut_after` breaks answers to POST after so many bytes.
    """

    folder: Path
    port: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    delay: float = 0
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Address before a repository's name."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"


@contextmanager
def serving(folder: Path) -> Iterator[GitServer]:
    """Serve the repositories below a folder for the length of a `with`."""
    server = GitServer(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(server, self, b"")

        def do_POST(self) -> None:
            _answer(server, self, _body(self))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server.port = listening.server_address[1]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    return body


def _answer(server: GitServer, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    path, _, query = handler.path.partition("?")
    server.seen.append((handler.command, handler.path, dict(handler.headers)))
    name = "/" + "/".join(path.split("/")[1:3])
    if name in server.moves:
        target = server.moves[name]
        place = target if "://" in target else server.base + target
        handler.send_response(301)
        handler.send_header("Location", place + handler.path.removeprefix(name))
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    if name in server.statuses:
        handler.send_response(server.statuses[name])
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    time.sleep(server.delay)
    answer = _backend(server, handler, path, query, body)
    header, _, content = answer.partition(b"\r\n\r\n")
    lines = [line.decode().split(": ", 1) for line in header.split(b"\r\n")]
    status = next((int(value.split()[0]) for key, value in lines if key == "Status"), 200)
    is_cut = handler.command == "POST" and server.cut_after is not None and len(content) > server.cut_after
    handler.send_response(status)
    for key, value in lines:
        if key != "Status":
            handler.send_header(key, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: server.cut_after] if is_cut else content)
    if is_cut:
        handler.wfile.flush()
        handler.close_connection = True


def _backend(server: GitServer, handler: BaseHTTPRequestHandler, path: str, query: str, body: bytes) -> bytes:
    variables = ENVIRONMENT | {
        "GIT_PROJECT_ROOT": str(server.folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "REQUEST_METHOD": handler.command,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "http-backend"], input=body, capture_output=True, env=variables, check=False
    )
    return done.stdout if done.returncode == 0 else b"Status: 500 Broken\r\n\r\n" + os.fsencode(str(done.returncode))
