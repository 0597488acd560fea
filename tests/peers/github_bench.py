"""The GitHub source over the fake GitHub, and short ways to fill the one and to ask the other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from fake_github import TOKEN, FakeClock, FakeGitHub, Repository
from histories import Written, write_repository

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.github.source import GitHubSource
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits
from deepsignal_pipeline.sources.record import Record

Q1, Q2 = Quarter(2023, 1), Quarter(2023, 2)
NOW = datetime(2023, 7, 2, 6, tzinfo=UTC).timestamp()
SHORT = Limits(connect=2, between_bytes=0.4, in_all=0.8)


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
    limits: Limits = field(default_factory=lambda: SHORT)
    workers: int = 2

    @property
    def source(self) -> GitHubSource:
        """The source, as a new process would make it."""
        return GitHubSource(
            self.home,
            "a key for tests",
            base_url=self.fake.url,
            workers=self.workers,
            clock=self.clock,
            patience=self.patience,
            limits=self.limits,
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
def github_bench(folder: Path, **more: Any) -> Iterator[GitHubBench]:
    """Open a bench in a folder, with the fake's token in the environment."""
    before = os.environ.get("GITHUB_TOKEN")
    os.environ["GITHUB_TOKEN"] = TOKEN
    clock = FakeClock(NOW)
    try:
        with FakeGitHub(clock) as fake:
            yield GitHubBench(folder / "home", fake, clock, **more)
    finally:
        os.environ.pop("GITHUB_TOKEN", None)
        if before is not None:
            os.environ["GITHUB_TOKEN"] = before
