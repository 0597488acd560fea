"""One request and its answer, whole, or a TransientError. No retry, no waiting for limits, no meaning: those are above.

PyGithub's Requester builds the URL, the headers and the JSON body. Its own connections are replaced, through the place
that it has for that, because they
- follow a 301 with the path only, so that a window (`since`, `until`) is lost without a word;
- limit the pause between two bytes and not the whole answer, so that a dripping one never ends;
- retry at once, eleven times, and sleep for limits with no end that a caller could set;
- keep the token where a debug log, a pickle or a traceback with local variables shows it.
A Wire belongs to one thread: PyGithub parks verb, address and headers of a request on its connection.
"""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, cast

import requests
import urllib3
from github.Requester import Requester

from deepsignal_pipeline.sources.github.deadline import DeadlineAdapter
from deepsignal_pipeline.sources.github.errors import MalformedError, TransientError
from deepsignal_pipeline.sources.github.token import Token

API_VERSION = "2022-11-28"
JSON = "application/vnd.github+json, application/json"
_USER_AGENT = "deepsignal-pipeline"
_NUMBER = re.compile(r"\d+(\.\d*)?")
_RATE = "x-ratelimit-"
_HIDDEN_LOCATION = "x-hidden-location"


@dataclass(frozen=True)
class Limits:
    """How long one request may take and how large its answer may be: seconds, seconds, seconds, bytes."""

    connect: float = 10
    between_bytes: float = 30
    in_all: float = 60
    size: int = 64 << 20


@dataclass(frozen=True)
class Question:
    """One request: `path` below the base address, or the address of a next page as GitHub gave it."""

    path: str
    parameters: Mapping[str, str | int] | None = None
    etag: str | None = None
    accept: str = JSON
    payload: Mapping[str, Any] | None = None

    @property
    def verb(self) -> str:
        """GET, or POST where there is something to send."""
        return "GET" if self.payload is None else "POST"


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers (names in lower case) and text."""

    status: int
    headers: Mapping[str, str]
    text: str


class Wire:
    """Sends the requests of one thread over connections that stay open."""

    def __init__(self, base_url: str, token: Token | None, limits: Limits) -> None:
        class OwnRequester(Requester):
            """Keeps the connection classes below to this wire: they are kept on the class."""

        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, DeadlineAdapter(limits.in_all))
        # An auth of our own keeps requests from looking into ~/.netrc
        self._session.auth = token if token is not None else _no_token
        connections: list[Any] = [partial(_Connection, self._session, scheme, limits) for scheme in ("http", "https")]
        OwnRequester.injectConnectionClasses(*connections)
        self._requester = OwnRequester(
            auth=None,
            base_url=base_url,
            timeout=1,
            user_agent=_USER_AGENT,
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            api_version=API_VERSION,
        )

    def send(self, question: Question) -> Answer:
        """Return the answer to a question, whatever its status; raise TransientError if there is none in time."""
        failed: TransientError | MalformedError
        try:
            return self._send(question)
        except (TransientError, MalformedError) as error:
            failed = error.with_traceback(None)
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            failed = TransientError(f"{question.path}: no whole answer ({type(error).__name__})")
        # Raised out here, so that it carries no frame in which the headers of the request stand
        failed.__context__ = failed.__cause__ = None
        raise failed

    def _send(self, question: Question) -> Answer:
        headers = {"Accept": question.accept} | ({"If-None-Match": question.etag} if question.etag else {})
        url = question.path if question.payload is None else self._requester.graphql_url
        status, shown, text = self._requester.requestJson(
            question.verb, url, dict(question.parameters or {}), headers, question.payload
        )
        if _HIDDEN_LOCATION in shown:
            shown = {**shown, "location": shown[_HIDDEN_LOCATION]}
        return Answer(status, shown, text)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a wire cannot be pickled: open one in the other process")


@dataclass(frozen=True)
class _Received:
    """What PyGithub asks of an answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    def getheaders(self) -> Iterable[tuple[str, str]]:
        return self.headers.items()

    def read(self) -> str:
        return self.text


class _Connection:
    """What PyGithub asks of a connection. All of a wire share one session, so that TCP connections stay open."""

    def __init__(
        self, session: requests.Session, scheme: str, limits: Limits, host: str, port: int | None = None, **_: Any
    ) -> None:
        self.host = host
        self._session, self._limits = session, limits
        self._base = f"{scheme}://{host}{f':{port}' if port else ''}"
        self._question: tuple[str, str, str | None, dict[str, str]] | None = None

    def request(self, verb: str, url: str, data: str | None, headers: dict[str, str], stream: bool = False) -> None:  # noqa: ARG002  PyGithub's form
        self._question = (verb, url, data, headers)

    def getresponse(self) -> _Received:
        verb, url, data, headers = cast("tuple[str, str, str | None, dict[str, str]]", self._question)
        end = time.monotonic() + self._limits.in_all
        with self._session.request(
            verb,
            self._base + url,
            headers=headers,
            data=data,
            timeout=(self._limits.connect, self._limits.between_bytes),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read_whole(response, end, self._limits.size)
        if response.status_code == http.HTTPStatus.ACCEPTED:
            raise TransientError(f"{url}: GitHub is still working on it (202)")
        return _Received(response.status_code, _shown(response.headers), _decode(url, body))

    def close(self) -> None:
        """Nothing to close: the session is the wire's."""


def _read_whole(response: requests.Response, end: float, size: int) -> bytes:
    """Read a body to its end; raise TransientError when the time or the size for it is used up."""
    parts, total = [], 0
    # read1 returns what has arrived, so a dripping body is looked at after each drop
    while part := response.raw.read1(1 << 16, decode_content=True):
        parts.append(part)
        total += len(part)
        if time.monotonic() > end or total > size:
            raise TransientError("the answer took longer, or was larger, than one request may be")
    return b"".join(parts)


def _decode(url: str, body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(f"{url}: byte {error.start} of the answer is no UTF-8") from None


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    """Keep from PyGithub what it would follow or fail on: the address of a redirect, rates that are no numbers."""
    shown = {}
    for name, value in headers.items():
        key = name.lower()
        if key.startswith(_RATE) and key != f"{_RATE}resource" and not _NUMBER.fullmatch(value):
            continue
        shown[_HIDDEN_LOCATION if key == "location" else key] = value
    return shown


def _no_token(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
