"""A GitHub of our own on a loopback port: real bare repositories behind the part of the API that the source asks.

It keeps what GitHub keeps: numbers of repositories, redirects of old names, ETags, budgets, a log of every request. What
may go wrong is told by `github_faults`. Time is the test's: nothing here waits for the real clock.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from deepsignal_pipeline.sources.github.clock import as_instant

TOKEN = "made-up-token-of-the-fake-0123456789"  # noqa: S105
_FIELDS = "%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"


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


@dataclass
class Repository:
    """A repository of the fake. `path` None: nothing is there but the name, with `status` telling why."""

    name: str
    github_id: int
    path: Path | None
    branch: str = "main"
    status: int = 200
    stars: int = 10
    topics: tuple[str, ...] = ("machine-learning",)
    created_at: str = "2019-01-01T00:00:00Z"
    description: str = ""

    def tip(self) -> str | None:
        """Return the commit that the default branch ends with."""
        if self.path is None:
            return None
        found = _git(self.path, "rev-parse", "--quiet", "--verify", f"refs/heads/{self.branch}", check=False)
        return found.strip() or None


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
    """What is sent back. `manner`: whole, reset (nothing), cut (half a body), short (closed early), drip, slow."""

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
        fake = self

        class Handler(_Handler):
            github = fake

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing: a client that hangs up is what some tests are about."""

        self._server: socketserver.BaseServer = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

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
        if rest.startswith("/commits/heads/") and request.headers.get("accept", "").endswith(".sha"):
            tip = repository.tip() if unquote(rest.removeprefix("/commits/heads/")) == repository.branch else None
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
            text = _git(path, "log", "-z", f"--format={_FIELDS}", tip)
            parts = text.split("\0")
            self._histories[tip] = [_commit(parts[at : at + 9]) for at in range(0, len(parts) - 8, 9)]
        return self._histories[tip]

    def window(self, path: Path, tip: str, since: str | None, until: str | None) -> list[dict[str, Any]]:
        """Return those with a committer date in a window, both ends included."""
        rows = self.history(path, tip)
        return [r for r in rows if (since or "") <= r["commit"]["committer"]["date"] <= (until or "9999")]

    def _list(self, request: Request, repository: Repository) -> Response:
        tip = request.query.get("sha") or repository.tip()
        if tip is None:
            return Response.of({"message": "Git Repository is empty."}, 409)
        if repository.path is None or not _holds(repository.path, tip):
            return Response.of({"message": f"No commit found for SHA: {tip}"}, 404)
        rows = self.window(repository.path, tip, request.query.get("since"), request.query.get("until"))
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        response = Response.of(rows[(page - 1) * size : page * size])
        if page * size < len(rows):
            query = urlencode({**request.query, "page": page + 1})
            response.headers["Link"] = f'<{self.url}/repositories/{repository.github_id}/commits?{query}>; rel="next"'
        return response

    def _compare(self, repository: Repository, base: str, head: str) -> Response:
        if repository.path is None or not (_holds(repository.path, base) and _holds(repository.path, head)):
            return Response.of({"message": "Not Found"}, 404)
        behind = int(_git(repository.path, "rev-list", "--count", base, f"^{head}"))
        ahead = int(_git(repository.path, "rev-list", "--count", head, f"^{base}"))
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


class _Handler(BaseHTTPRequestHandler):
    github: FakeGitHub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _serve(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, response = self.github.answer(self.command, self.path, headers, body)
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
    "slow": _Handler.send_slow,
}


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


def facts(repository: Repository) -> dict[str, Any]:
    """Return a repository as REST and search give it."""
    owner, _, name = repository.name.partition("/")
    return {
        "id": repository.github_id,
        "name": name,
        "full_name": repository.name,
        "owner": {"login": owner},
        "default_branch": repository.branch,
        "stargazers_count": repository.stars,
        "topics": list(repository.topics),
        "description": repository.description,
        "created_at": repository.created_at,
    }


def matches(hit: Mapping[str, Any], query: str) -> bool:
    """Whether a repository fits a search made of topic:, created:A..B, stars:A..B, pushed:>=A and archived:false."""
    return all(_fits(hit, *term.split(":", 1)) for term in query.split())


def _fits(hit: Mapping[str, Any], kind: str, value: str) -> bool:
    low, _, high = value.partition("..")
    if kind == "topic":
        return value in hit["topics"]
    if kind == "created":
        return low <= hit["created_at"][:10] <= high
    if kind == "stars":
        return int(low) <= hit["stargazers_count"] <= int(high)
    if kind == "pushed":
        return hit.get("pushed_at", "9999") >= value.removeprefix(">=")
    return not hit.get("archived", False)


def _commit(parts: Sequence[str]) -> dict[str, Any]:
    sha, parents, name, email, authored, committer, committer_email, committed, message = parts
    return {
        "sha": sha,
        "commit": {
            "message": message.removesuffix("\n"),
            "author": {"name": name, "email": email, "date": _date(authored)},
            "committer": {"name": committer, "email": committer_email, "date": _date(committed)},
        },
        "author": account_of(email),
        "committer": account_of(committer_email),
        "parents": [{"sha": parent} for parent in parents.split()],
    }


def account_of(email: str) -> dict[str, Any] | None:
    """Return the account that an address belongs to; addresses of example.net belong to none."""
    if not email.endswith("@example.org"):
        return None
    login = email.removesuffix("@example.org").replace(".", "-")
    number = int(hashlib.sha256(login.encode()).hexdigest()[:6], 16)
    return {"login": login, "id": number, "type": "Bot" if login.endswith("[bot]") else "User"}


def _date(seconds: str) -> str:
    return (
        f"{as_instant(float(seconds)):%Y-%m-%dT%H:%M:%SZ}" if seconds.lstrip("-").isdigit() else "0000-00-00T00:00:00Z"
    )


def _holds(path: Path, sha: str) -> bool:
    """Whether a commit is still reachable from a branch: GitHub forgets others sooner or later."""
    found = subprocess.run(
        ["git", "-C", str(path), "for-each-ref", "--contains", sha, "--count=1"], capture_output=True, check=False
    )
    return found.returncode == 0 and bool(found.stdout)


def _git(path: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=check)
    return done.stdout.decode("utf-8", "replace")


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
