"""What the fake GitHub is spoken to in: requests, answers, and the many bad ways in which an answer can be sent."""

from __future__ import annotations

import gzip
import json
import socketserver
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """A request as it came. `number` counts all of them from 1."""

    number: int
    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any

    @property
    def target(self) -> str:
        """Path and parameters, which together name a page."""
        return f"{self.path}?{urlencode(sorted(self.query.items()))}" if self.query else self.path


@dataclass
class Response:
    """What is sent back, and in which manner.

    whole; reset: nothing; cut: half a body; short: less than declared; drip: the body byte by byte; crawl: the headers
    byte by byte; slow.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "whole"

    @classmethod
    def of(cls, data: Any, status: int = 200, **headers: str) -> Response:
        """Make an answer of JSON."""
        return cls(status, json.dumps(data).encode(), dict(headers))

    def data(self) -> Any:
        """Return the JSON of the body."""
        return json.loads(self.body)


Answering = Callable[[str, str, Mapping[str, str], Any], tuple[Request, Response]]


class Server:
    """A server on a loopback port; `answering` is given verb, target, headers and JSON of each request."""

    def __init__(self, answering: Answering) -> None:
        class Handler(_Handler):
            answer = staticmethod(answering)

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing: a client that hangs up is what some tests are about."""

        self._server: socketserver.BaseServer = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop; whoever comes later is refused."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    answer: Answering
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _serve(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, response = self.answer(self.command, self.path, headers, body)
        if response.manner == "reset":
            self.close_connection = True
            return
        content = self._content(request, response)
        declared = len(content) + (50 if response.manner == "short" else 0)
        response.headers.setdefault("Content-Type", "application/json; charset=utf-8")
        lines = [f"HTTP/1.1 {response.status} Status", f"Content-Length: {declared}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        _SENDERS[response.manner](self, head, content)

    def _content(self, request: Request, response: Response) -> bytes:
        if response.body and "gzip" in request.headers.get("accept-encoding", "") and response.manner == "whole":
            response.headers["Content-Encoding"] = "gzip"
            return gzip.compress(response.body, 1)
        return response.body

    def send_whole(self, head: bytes, content: bytes) -> None:
        self.wfile.write(head + content)

    def send_half(self, head: bytes, content: bytes) -> None:
        self.wfile.write(head + content[: len(content) // 2])
        self.close_connection = True

    def send_short(self, head: bytes, content: bytes) -> None:
        self.wfile.write(head + content)
        self.close_connection = True

    def send_drip(self, head: bytes, content: bytes) -> None:
        self.wfile.write(head)
        for at in range(len(content)):
            self.wfile.write(content[at : at + 1])
            self.wfile.flush()
            time.sleep(0.05)

    def send_crawl(self, head: bytes, content: bytes) -> None:
        for at in range(len(head)):
            self.wfile.write(head[at : at + 1])
            time.sleep(0.02)
        self.wfile.write(content)

    def send_slow(self, head: bytes, content: bytes) -> None:
        time.sleep(0.6)
        self.wfile.write(head + content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the log of requests is kept by the fake."""


_SENDERS = {
    "whole": _Handler.send_whole,
    "cut": _Handler.send_half,
    "short": _Handler.send_short,
    "drip": _Handler.send_drip,
    "crawl": _Handler.send_crawl,
    "slow": _Handler.send_slow,
}
