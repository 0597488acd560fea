"""The GitHub source over the fake GitHub, and short ways to fill the one and to ask the other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from fake_github import TOKEN, FakeClock, FakeGitHub
from fake_rows import Repository
from histories import Written, git, write_repository

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.limiter import Gate, Limiter
from deepsignal_pipeline.sources.github.source import GitHubSource
from deepsignal_pipeline.sources.github.token import Token
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits
from deepsignal_pipeline.sources.record import Record

Q1, Q2 = Quarter(2023, 1), Quarter(2023, 2)
LIST = r"/commits\?"
ENGINE = "acme/engine"
NOW = datetime(2023, 7, 2, 6, tzinfo=UTC).timestamp()
PATIENT = Limits(connect=5, between_bytes=10, in_all=30)  # a busy machine must not look like a slow server


def commits(count: int, start: str = "2023-01-02", hours: float = 6, author: str = "Nari Kim") -> list[Written]:
    """Describe commits at equal distances."""
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return [Written(author, first + timedelta(hours=hours * n), f"change {n}") for n in range(count)]


@dataclass
class GitHubBench:
    """A home, a fake GitHub with a clock of its own, and the source between them."""

    home: Path
    # Not shown: its log holds the token
    fake: FakeGitHub = field(repr=False)
    clock: FakeClock
    said: list[str] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: PATIENT)
    workers: int = 2
    people: bool = False

    @property
    def source(self) -> GitHubSource:
        """The source, as a new process would make it."""
        return GitHubSource(
            self.home,
            "a key for tests",
            base_url=self.fake.url,
            workers=self.workers,
            people=self.people,
            clock=self.clock,
            patience=self.patience,
            limits=self.limits,
            gate=Gate(in_flight=2 * self.workers),  # its instants are the fake clock's
        )

    def add(self, name: str, history: Sequence[Written], **more: Any) -> Repository:
        """Write a repository and let the fake serve it."""
        path = self.home.parent / "served" / f"{len(self.fake.repositories)}.git"
        path.parent.mkdir(exist_ok=True)
        write_repository(path, history, more.get("branch", "main"))
        return self.fake.add(name, path, **more)

    def visit(self, *quarters: Quarter, names: Sequence[str] = ()) -> list[str]:
        """Visit all repositories of the fake, or those named, and return the lines of progress."""
        self.said = []
        asked = [Asked(name) for name in (names or [r.name for r in self.fake.repositories])]
        self.source.visit(asked, quarters or (Q1,), self.said.append)
        return self.said

    def client(self, **more: Any) -> Client:
        """Return a client as a visit makes it."""
        limiter = Limiter(self.clock, self.said.append, Gate(**more), self.patience)
        return Client(self.fake.url, Token(TOKEN), self.clock, limiter, self.limits)

    def clean(self, name: str = ENGINE, quarter: Quarter = Q1) -> set[str]:
        """Return the ids of the commits that git has of a quarter."""
        repository = next(r for r in self.fake.repositories if r.name == name)
        last = quarter.end - timedelta(seconds=1)
        window = (f"--since={quarter.start:%Y-%m-%dT%H:%M:%SZ}", f"--until={last:%Y-%m-%dT%H:%M:%SZ}")
        return set(git(repository.path, "log", "--format=%H", *window, str(repository.tip())).split())

    def pages_paid(self) -> list[str]:
        """Return the pages of lists that counted against the budget."""
        return self.fake.paid(LIST)

    def record(self, name: str) -> Record:
        """Return what is held of a repository."""
        record = self.source.store.record(name)
        assert record is not None
        return record

    def rows(self, quarter: Quarter = Q1) -> list[dict[str, Any]]:
        """Return the commits that the source stages for a quarter, by repository and id."""
        return self.staged("source_commits", lambda source, session: source.stage_commits(session, quarter))

    def shas(self, quarter: Quarter = Q1) -> set[str]:
        """Return the ids of the commits that the source stages for a quarter; each may occur once."""
        found = [row["sha"] for row in self.rows(quarter)]
        assert len(found) == len(set(found))
        return set(found)

    def quarantine(self) -> list[dict[str, Any]]:
        """Return the rows kept apart."""
        return self.staged("source_quarantine", lambda source, session: source.stage_quarantine(session))

    def staged(self, name: str, stage: Any) -> list[dict[str, Any]]:
        """Stage something in a real session and return its rows."""
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            stage(self.source, Session(connection, Lake(self.home)))
            found = connection.execute(f"FROM {name} ORDER BY ALL")
            columns = [column[0] for column in found.description]
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


@contextmanager
def github_bench(**more: Any) -> Iterator[GitHubBench]:
    """Open a bench in a folder of its own, with the fake's token in the environment."""
    before = os.environ.get("GITHUB_TOKEN")
    os.environ["GITHUB_TOKEN"] = TOKEN
    # In memory where there is such a folder: a visit flushes every page to disk
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    at = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    clock = FakeClock(NOW)
    try:
        with tempfile.TemporaryDirectory(prefix="deepsignal-tests-", dir=at) as folder, FakeGitHub(clock) as fake:
            yield GitHubBench(Path(folder) / "home", fake, clock, **more)
    finally:
        os.environ.pop("GITHUB_TOKEN", None)
        if before is not None:
            os.environ["GITHUB_TOKEN"] = before
