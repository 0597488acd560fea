"""One call to GitHub, whatever goes wrong: ask, judge, wait, ask again. One client a thread, one limiter for all of them."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from deepsignal_pipeline.sources.github.clock import Clock
from deepsignal_pipeline.sources.github.errors import (
    GitHubError,
    LimitedError,
    MovedError,
    WrongRepositoryError,
)
from deepsignal_pipeline.sources.github.judge import graphql_error, judge, rate_of, server_time
from deepsignal_pipeline.sources.github.limiter import Limiter
from deepsignal_pipeline.sources.github.token import Token
from deepsignal_pipeline.sources.github.waits import pause_after
from deepsignal_pipeline.sources.github.wire import Answer, Limits, Question, Wire

_HOPS = 3


@dataclass(frozen=True)
class Reply:
    """A good answer: its JSON (None: 304, nothing changed), its headers, and when GitHub gave it (seconds since 1970)."""

    data: Any
    headers: Mapping[str, str]
    answered_at: float
    path: str

    @property
    def etag(self) -> str | None:
        """What to ask with the next time."""
        return self.headers.get("etag")


@dataclass
class Client:
    """Asks GitHub. Any number of threads may share one: each gets a wire of its own.

    `base_url` is https://api.github.com, or another server of the same form.
    """

    base_url: str
    token: Token | None
    clock: Clock
    limiter: Limiter
    limits: Limits = field(default_factory=Limits)
    dice: random.Random = field(default_factory=random.Random)
    _local: threading.local = field(default_factory=threading.local, repr=False)
    _wires: list[Wire] = field(default_factory=list, repr=False)

    def get(
        self,
        path: str,
        parameters: Mapping[str, str | int] | None = None,
        *,
        etag: str | None = None,
        accept: str = "application/vnd.github+json",
        resource: str = "core",
        repository_id: int | None = None,
    ) -> Reply:
        """Return the answer to a GET; redirects are followed within the host, with the parameters, `repository_id` held.

        Raises the GitHubError that says what stands in the way; WrongRepositoryError if a redirect leads to another id.
        """
        # A next page's address carries its parameters: apart, they survive a redirect
        parts = urlsplit(path)
        asked = {**dict(parse_qsl(parts.query)), **(parameters or {})}
        question = Question(parts.path, asked, etag, accept)
        for _ in range(_HOPS):
            try:
                return self._call(question, resource)
            except MovedError as moved:
                target = self._target(moved, repository_id)
            question = Question(target, asked, etag, accept)
        raise MovedError(f"{path}: moved more than {_HOPS} times, last to {target}", target)

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Reply:
        """Return the answer to a GraphQL question; parts of it may be null, with an entry in `errors`."""
        return self._call(Question("/graphql", payload={"query": query, "variables": dict(variables)}), "graphql")

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._wires:
            self._wires.pop().close()

    def _call(self, question: Question, resource: str) -> Reply:
        failures = 0
        while True:
            try:
                return self._ask(question, resource)
            except GitHubError as error:
                failures += 1
                wait = pause_after(error, failures, self.limiter.patience, self.dice)
                if wait is None:
                    raise
                self._wait(error, resource, wait)

    def _wait(self, error: GitHubError, resource: str, wait: float) -> None:
        if isinstance(error, LimitedError):
            # All threads wait, and the limiter says so
            self.limiter.pause(resource, wait)
        else:
            self.clock.sleep(wait)

    def _ask(self, question: Question, resource: str) -> Reply:
        with self.limiter.place(resource):
            answer = self._wire().send(question)
        now = self.clock.now()
        if answer.status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
            self.limiter.hear(rate_of(answer, now))
        data = judge(question, answer, now)
        if question.payload is not None:
            self._refuse_graphql_errors(question, answer, data, now)
        return Reply(data, answer.headers, server_time(answer, now), question.path)

    def _refuse_graphql_errors(self, question: Question, answer: Answer, data: Mapping[str, Any], now: float) -> None:
        error = graphql_error(question.path, data)
        if isinstance(error, LimitedError):
            rate = rate_of(answer, now)
            wait = rate.renewed_in if rate is not None and rate.remaining == 0 else None
            raise LimitedError(str(error), wait, error.is_primary)
        if error is not None:
            raise error

    def _target(self, moved: MovedError, repository_id: int | None) -> str:
        """Return the path that a redirect leads to; it must lie on the same host and belong to the same repository."""
        here, there = urlsplit(self.base_url), urlsplit(moved.location)
        if there.netloc and (there.scheme, there.netloc) != (here.scheme, here.netloc):
            raise MovedError(f"{moved}: redirected to another host ({there.hostname}); refused", moved.location)
        path = there.path.removeprefix(here.path.rstrip("/"))
        parts = path.split("/")
        if repository_id is not None and parts[1:2] == ["repositories"] and parts[2:3] != [str(repository_id)]:
            raise WrongRepositoryError(
                f"{moved}: leads to repository {parts[2] if len(parts) > 2 else '?'}, but it was {repository_id}"
            )
        return path

    def _wire(self) -> Wire:
        wire: Wire | None = getattr(self._local, "wire", None)
        if wire is None:
            wire = self._local.wire = Wire(self.base_url, self.token, self.limits)
            self._wires.append(wire)
        return wire
