"""Everything that may go wrong with GitHub's answers, by name: each takes a request and its good answer and spoils it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from fake_github import FakeGitHub, Fault, Request, Response, blocked, only

Change = Callable[[Any], Any]


def status(code: int, message: str = "", body: bytes | None = None, **headers: str) -> Fault:
    """Answer with a status and GitHub's kind of message, or with a body as it is."""

    def fault(_: FakeGitHub, __: Request, ___: Response) -> Response:
        content = json.dumps({"message": message}).encode() if body is None else body
        return Response(code, content, {name.replace("_", "-"): value for name, value in headers.items()})

    return fault


def manner(how: str) -> Fault:
    """Send the good answer in a bad way: reset, cut, short, drip, slow."""

    def fault(_: FakeGitHub, __: Request, response: Response) -> Response:
        response.manner = how
        return response

    return fault


def primary_limit(code: int = 403, minutes: float = 40) -> Fault:
    """Let the hourly budget be used up, and come back in some minutes by the fake's clock."""
    until: dict[str, float] = {}

    def fault(fake: FakeGitHub, _: Request, __: Response) -> Response | None:
        reset = until.setdefault("reset", fake.clock.now() + minutes * 60)
        if fake.clock.now() >= reset:
            return None
        return Response.of(
            {"message": "API rate limit exceeded for user ID 1."},
            code,
            **{"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(reset))},
        )

    return fault


def rows(change: Change) -> Fault:
    """Change every row of a list of commits."""

    def fault(_: FakeGitHub, request: Request, response: Response) -> Response | None:
        if not request.path.endswith("/commits") or response.status != 200:
            return None
        return Response.of([change(row) for row in response.data()], **_kept(response))

    return fault


def page(change: Change) -> Fault:
    """Change the list of a page as a whole."""

    def fault(_: FakeGitHub, request: Request, response: Response) -> Response | None:
        if not request.path.endswith("/commits") or response.status != 200:
            return None
        return Response.of(change(response.data()), **_kept(response))

    return fault


def body(content: bytes, code: int = 200, kind: str = "application/json") -> Fault:
    """Answer with a body as it is."""
    return lambda _, __, ___: Response(code, content, {"Content-Type": kind})


def without_link() -> Fault:
    """Leave out the Link header."""

    def fault(_: FakeGitHub, __: Request, response: Response) -> Response:
        response.headers.pop("Link", None)
        return response

    return fault


def next_is_itself() -> Fault:
    """Say that the next page is this one."""

    def fault(fake: FakeGitHub, request: Request, response: Response) -> Response:
        response.headers["Link"] = f'<{fake.url}{request.target}>; rel="next"'
        return response

    return fault


def headers(**values: str | None) -> Fault:
    """Set headers, or take them away (None); an underscore stands for a hyphen."""

    def fault(_: FakeGitHub, __: Request, response: Response) -> Response:
        response.headers |= {name.replace("_", "-"): value for name, value in values.items() if value is not None}
        return response

    return fault


def ignore_window() -> Fault:
    """List all commits whatever window was asked for."""

    def fault(fake: FakeGitHub, request: Request, response: Response) -> Response | None:
        if not request.path.endswith("/commits") or response.status != 200:
            return None
        repository = next(r for r in fake.repositories if r.path and request.query.get("sha") == r.tip())
        everything = fake.history(repository.path, str(repository.tip()))  # type: ignore[arg-type]
        size, number = 100, int(request.query.get("page", 1))
        return Response.of(everything[(number - 1) * size : number * size], **_kept(response))

    return fault


def graphql(answer: dict[str, Any], code: int = 200) -> Fault:
    """Answer GraphQL with something else."""
    return only("^/graphql", lambda _, __, ___: Response.of(answer, code))


def passing_trouble(seed: int, share: float) -> Fault:
    """Spoil a share of all answers by what passes when one asks again: a plan that a seed decides."""
    dice = random.Random(seed)  # noqa: S311
    troubles: Sequence[Fault] = (
        status(500),
        status(502, body=b"<html>Bad Gateway</html>"),
        status(503),
        status(429, "slow down", Retry_After="7"),
        status(403, "You have exceeded a secondary rate limit"),
        manner("reset"),
        manner("cut"),
        manner("short"),
        body(b'[{"sha": "0'),
        body(b""),
        body(b"null"),
        body(b"<html>Unicorn!</html>", kind="text/html"),
    )

    def fault(fake: FakeGitHub, request: Request, response: Response) -> Response | None:
        if dice.random() >= share:
            return None
        return dice.choice(troubles)(fake, request, response)

    return fault


def blocked_by_law() -> Fault:
    """Answer 451, as for a repository taken down."""
    return lambda _, __, ___: blocked(451)


def _kept(response: Response) -> dict[str, str]:
    return {"Link": response.headers["Link"]} if "Link" in response.headers else {}
