"""A GitHub of our own on a loopback port: real bare repositories behind the part of the API that the source asks.

It keeps what GitHub keeps: numbers of repositories, redirects of old names, ETags, budgets, a log of every request. What
may go wrong is told by `github_faults`. Time is the test's: nothing here waits for the real clock.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from fake_http import Request, Response, Server
from fake_rows import FIELDS, Repository, commit_of, facts, git_text, holds, matches, offset_dates, person_node

TOKEN = "made-up-token-of-the-fake-0123456789"  # noqa: S105


class FakeClock:
    """A clock that a test moves; whoever sleeps moves it too."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the seconds since 1970."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._now += seconds
            self.slept.append(seconds)

    def interrupt(self) -> None:
        """Wake up nobody: whoever sleeps here is awake already."""


@dataclass(frozen=True)
class Logged:
    """A request and how it was answered. `paid`: it counted against the budget."""

    request: Request
    status: int
    paid: bool


Fault = Callable[["FakeGitHub", Request, Response], Response | None]


@dataclass
class FakeGitHub:
    """The server. Use it as a context; `url` is its address."""

    clock: FakeClock
    repositories: list[Repository] = field(default_factory=list)
    old_names: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=lambda: {"core": 5000, "graphql": 5000, "search": 30})
    log: list[Logged] = field(default_factory=list)
    redirect_keeps_query: bool = False
    search_hits: list[dict[str, Any]] = field(default_factory=list)
    most_at_once: int = 0
    _used: dict[str, int] = field(default_factory=dict)
    _reset: dict[str, float] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _histories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _requests: int = 0
    _at_once: int = 0

    def __enter__(self) -> FakeGitHub:
        self._server = Server(self.answer)
        self.url = self._server.url
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    # What tests ask

    def add(self, name: str, path: Path | None, **more: Any) -> Repository:
        """Add a repository under a number of its own."""
        repository = Repository(name, 1000 + len(self.repositories), path, **more)
        self.repositories.append(repository)
        return repository

    def rename(self, repository: Repository, name: str) -> None:
        """Give a repository another name; the old one redirects."""
        self.old_names[repository.name.lower()] = repository.github_id
        repository.name = name

    def paid(self, pattern: str = "") -> list[str]:
        """Return path and parameters of what counted against a budget, in their order."""
        return [e.request.target for e in self.log if e.paid and re.search(pattern, e.request.target)]

    def asked(self, pattern: str = "") -> list[Logged]:
        """Return every request whose path and parameters match."""
        return [entry for entry in self.log if re.search(pattern, entry.request.target)]

    def used(self, resource: str = "core") -> int:
        """Return how much of a budget was used since it began anew."""
        return self._used.get(resource, 0)

    def spend(self, resource: str, left: int) -> None:
        """Let no more than so much of a budget be left."""
        with self._lock:
            self._renew(resource)
            self._used[resource] = self.limits[resource] - left

    # Answering

    def answer(self, verb: str, target: str, headers: Mapping[str, str], body: Any) -> tuple[Request, Response]:
        """Answer a request and log it."""
        parts = urlsplit(target)
        with self._lock:
            self._requests += 1
            request = Request(self._requests, verb, parts.path, dict(parse_qsl(parts.query)), headers, body)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            response = self._judged(request)
            for fault in list(self.faults):
                response = fault(self, request, response) or response
        finally:
            with self._lock:
                self._at_once -= 1
        self._charge(request, response)
        return request, response

    def _judged(self, request: Request) -> Response:
        authorization = request.headers.get("authorization")
        if authorization not in (None, f"Bearer {TOKEN}"):
            return Response.of({"message": "Bad credentials"}, 401)
        resource = resource_of(request)
        with self._lock:
            self._renew(resource)
            if resource in self.limits and self._used[resource] >= self.limits[resource]:
                return Response.of({"message": "API rate limit exceeded for user ID 1."}, 403)
        return self._conditional(request, self._route(request))

    def _conditional(self, request: Request, response: Response) -> Response:
        if response.status != 200 or request.verb != "GET":
            return response
        etag = response.headers.setdefault("ETag", f'W/"{hashlib.sha256(response.body).hexdigest()}"')
        if request.headers.get("if-none-match") == etag:
            return Response(304, b"", {"ETag": etag})
        return response

    def _charge(self, request: Request, response: Response) -> None:
        resource = resource_of(request)
        free = resource not in self.limits or response.status in (304, 403, 429, 401) or response.manner == "reset"
        with self._lock:
            if not free:
                self._used[resource] = self._used.get(resource, 0) + 1
            self.log.append(Logged(request, response.status, paid=not free))
            for name, value in self._rate_headers(resource).items():
                response.headers.setdefault(name, value)
        response.headers.setdefault("Date", formatdate(self.clock.now(), usegmt=True))
        response.headers.setdefault("X-GitHub-Request-Id", f"FAKE:{request.number}")
        response.headers.setdefault("X-GitHub-Api-Version-Selected", request.headers.get("x-github-api-version", ""))

    def _renew(self, resource: str) -> None:
        length = 60 if resource == "search" else 3600
        if self.clock.now() >= self._reset.get(resource, 0):
            self._reset[resource], self._used[resource] = self.clock.now() + length, 0

    def _rate_headers(self, resource: str) -> dict[str, str]:
        if resource not in self.limits:
            return {}
        limit, used = self.limits[resource], self._used.get(resource, 0)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - used)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(self._reset.get(resource, 0))),
            "X-RateLimit-Resource": resource,
        }

    def _route(self, request: Request) -> Response:
        whole = {"/rate_limit": self._rate_limit, "/graphql": self._graphql, "/search/repositories": self._search}
        if request.path in whole:
            return whole[request.path](request)
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/(\d+)(/.*)?", request.path)
        if not found:
            return Response.of({"message": "Not Found"}, 404)
        return self._about(request, found[1], found[3], found[2] or found[4] or "")

    def _about(self, request: Request, name: str | None, number: str | None, rest: str) -> Response:
        repository = self._find(name, number)
        if repository is None and name and name.lower() in self.old_names:
            return self._moved(request, self.old_names[name.lower()], rest)
        if repository is None or repository.status == 404:
            return Response.of({"message": "Not Found"}, 404)
        if repository.status != 200:
            return blocked(repository.status)
        return self._of_repository(request, repository, rest)

    def _find(self, name: str | None, number: str | None) -> Repository | None:
        named = [r for r in self.repositories if name and r.name.lower() == name.lower()]
        numbered = [r for r in self.repositories if number and r.github_id == int(number)]
        return next(iter(named + numbered), None)

    def _moved(self, request: Request, number: int, rest: str) -> Response:
        query = f"?{urlencode(request.query)}" if request.query and self.redirect_keeps_query else ""
        location = f"{self.url}/repositories/{number}{rest}{query}"
        return Response.of({"message": "Moved Permanently", "url": location}, 301, Location=location)

    def _of_repository(self, request: Request, repository: Repository, rest: str) -> Response:
        if not rest:
            return Response.of(facts(repository))
        if rest == "/commits":
            return self._list(request, repository)
        if rest.startswith("/commits/heads%2F") and request.headers.get("accept", "").endswith(".sha"):
            tip = repository.tip() if unquote(rest.removeprefix("/commits/heads%2F")) == repository.branch else None
            if tip is None:
                return Response.of({"message": "No commit found for SHA"}, 422)
            return Response(200, tip.encode(), {"ETag": f'"{tip}"', "Content-Type": "application/vnd.github.sha"})
        if match := re.fullmatch(r"/compare/([0-9a-f]+)\.\.\.([0-9a-f]+)", rest):
            return self._compare(repository, match[1], match[2])
        return Response.of({"message": "Not Found"}, 404)

    # Commits

    def history(self, path: Path, tip: str) -> list[dict[str, Any]]:
        """Return every commit reachable from a tip, in git's order, as GitHub's list gives it."""
        if tip not in self._histories:
            text = git_text(path, "log", "-z", f"--format={FIELDS}", tip)
            parts = text.split("\0")
            self._histories[tip] = [commit_of(parts[at : at + 9]) for at in range(0, len(parts) - 8, 9)]
        return self._histories[tip]

    def window(self, path: Path, tip: str, since: str | None, until: str | None) -> list[dict[str, Any]]:
        """Return those with a committer date in a window, both ends included."""
        rows = self.history(path, tip)
        return [r for r in rows if (since or "") <= r["commit"]["committer"]["date"] <= (until or "9999")]

    def _list(self, request: Request, repository: Repository) -> Response:
        tip = request.query.get("sha") or repository.tip()
        if tip is None:
            return Response.of({"message": "Git Repository is empty."}, 409)
        if repository.path is None or not holds(repository.path, tip):
            return Response.of({"message": f"No commit found for SHA: {tip}"}, 404)
        rows = self.window(repository.path, tip, request.query.get("since"), request.query.get("until"))
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        response = Response.of(rows[(page - 1) * size : page * size])
        if page * size < len(rows):
            query = urlencode({**request.query, "page": page + 1})
            response.headers["Link"] = f'<{self.url}/repositories/{repository.github_id}/commits?{query}>; rel="next"'
        return response

    def _compare(self, repository: Repository, base: str, head: str) -> Response:
        if repository.path is None or not (holds(repository.path, base) and holds(repository.path, head)):
            return Response.of({"message": "Not Found"}, 404)
        behind = int(git_text(repository.path, "rev-list", "--count", base, f"^{head}"))
        ahead = int(git_text(repository.path, "rev-list", "--count", head, f"^{base}"))
        status = "diverged" if behind and ahead else "behind" if behind else "ahead" if ahead else "identical"
        return Response.of({"status": status, "ahead_by": ahead, "behind_by": behind, "commits": []})

    # The rest

    def _rate_limit(self, _: Request) -> Response:
        with self._lock:
            for resource in self.limits:
                self._renew(resource)
            resources = {
                name: {
                    "limit": limit,
                    "used": self._used[name],
                    "remaining": max(0, limit - self._used[name]),
                    "reset": int(self._reset[name]),
                }
                for name, limit in self.limits.items()
            }
        return Response.of({"resources": resources, "rate": resources["core"]})

    def _graphql(self, request: Request) -> Response:
        query, variables = request.body["query"], request.body["variables"]
        if "object(oid: $tip)" in query:
            return self._people(variables)
        data: dict[str, Any] = {}
        errors = []
        for part in re.split(r"(?=\br\d+: repository\()", query)[1:]:
            number = re.match(r"r(\d+)", part)[1]  # type: ignore[index]
            name = f"{variables[f'o{number}']}/{variables[f'n{number}']}"
            repository = self._find(name, str(self.old_names[name.lower()]) if name.lower() in self.old_names else None)
            if repository is None or repository.status != 200:
                data[f"r{number}"] = None
                errors.append({"type": "NOT_FOUND", "path": [f"r{number}"], "message": f"Could not resolve {name}"})
            else:
                data[f"r{number}"] = self._node(repository, part)
        return Response.of({"data": data} | ({"errors": errors} if errors else {}))

    def _people(self, asked: dict[str, Any]) -> Response:
        repository = self._find(f"{asked['owner']}/{asked['name']}", None)
        if repository is None or repository.path is None or not holds(repository.path, asked["tip"]):
            return Response.of({"data": {"repository": {"object": None}}})
        rows = self.window(repository.path, asked["tip"], asked["since"], asked["until"])
        begin = int(asked["after"] or 0)
        end = begin + asked["first"]
        dates = offset_dates(repository.path, asked["tip"])
        info = {"hasNextPage": end < len(rows), "endCursor": str(end)}
        history = {"pageInfo": info, "nodes": [person_node(row, dates[row["sha"]]) for row in rows[begin:end]]}
        return Response.of({"data": {"repository": {"object": {"history": history}}}})

    def _node(self, repository: Repository, part: str) -> dict[str, Any]:
        tip = repository.tip()
        counts = re.findall(r'(\w+): history\(since: "([^"]+)", until: "([^"]+)"\)', part)
        target: dict[str, Any] = {"oid": tip}
        if tip is not None and repository.path is not None:
            for alias, since, until in counts:
                target[alias] = {"totalCount": len(self.window(repository.path, tip, since, until))}
        return {
            "databaseId": repository.github_id,
            "nameWithOwner": repository.name,
            "stargazerCount": repository.stars,
            "forkCount": 2,
            "isArchived": False,
            "createdAt": repository.created_at,
            "pushedAt": "2023-03-01T00:00:00Z",
            "primaryLanguage": {"name": "Python"},
            "licenseInfo": None,
            "repositoryTopics": {"nodes": [{"topic": {"name": topic}} for topic in repository.topics]},
            "defaultBranchRef": {"name": repository.branch, "target": target} if tip else None,
        }

    def _search(self, request: Request) -> Response:
        hits = [hit for hit in self.search_hits if matches(hit, request.query["q"])]
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        if page * size > 1000:
            return Response.of({"message": "Only the first 1000 search results are available"}, 422)
        shown = hits[(page - 1) * size : page * size]
        return Response.of({"total_count": len(hits), "incomplete_results": False, "items": shown})


def resource_of(request: Request) -> str:
    """Return the budget that a request counts against."""
    if request.path == "/rate_limit":
        return "free"
    if request.path == "/graphql":
        return "graphql"
    return "search" if request.path.startswith("/search/") else "core"


def blocked(status: int) -> Response:
    """Answer as GitHub does for a repository taken down."""
    return Response.of({"message": "Repository access blocked", "block": {"reason": "dmca"}}, status)


def only(pattern: str, fault: Fault, times: int = -1, after: int = 0) -> Fault:
    """Let a fault happen to matching requests only: not to the first `after` of them, then `times` times (-1: always)."""
    lock, seen = threading.Lock(), [0]

    def limited(fake: FakeGitHub, request: Request, response: Response) -> Response | None:
        if not re.search(pattern, request.target):
            return None
        with lock:
            seen[0] += 1
            happens = seen[0] > after and (times < 0 or seen[0] <= after + times)
        return fault(fake, request, response) if happens else None

    return limited


def targets(entries: Iterable[Logged]) -> list[str]:
    """Return path and parameters of logged requests."""
    return [entry.request.target for entry in entries]
