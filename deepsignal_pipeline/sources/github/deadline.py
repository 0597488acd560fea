"""Connections that are cut when an answer does not begin in time, however its headers drip.

`requests` limits the pause between two bytes only. Bodies are timed where they are read (`wire`); headers are read deep
inside http.client, so there a timer shuts the socket down.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse


class DeadlineAdapter(HTTPAdapter):
    """Sends requests over connections that wait for the headers of an answer no longer than so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Make the pool of connections, as requests does, with our own kinds."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = _pools(self._seconds)


def _pools(seconds: float) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(_Timed, HTTPConnection):
        limit = seconds

    class Secure(_Timed, HTTPSConnection):
        limit = seconds

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Timed(HTTPConnection):
    """A connection that shuts itself down if the headers of an answer are not there in time."""

    limit: float

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        expired = threading.Event()
        timer = threading.Timer(self.limit, _shut_down, [self.sock, expired])
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse()
        finally:
            timer.cancel()
        if expired.is_set():
            # http.client takes headers that end early for all of them
            raise TimeoutError("the headers of the answer took too long")
        return response


def _shut_down(connected: socket.socket | None, expired: threading.Event) -> None:
    expired.set()
    # Closed meanwhile, or never connected: then nobody waits
    with contextlib.suppress(OSError):
        if connected is not None:
            connected.shutdown(socket.SHUT_RDWR)
