"""Short ways to visit repositories in tests and to read what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from git_server import GitServer, serving
from repositories import Written, written

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sources import Asked, held
from deepsignal_pipeline.sources.git.command import Git, Limits
from deepsignal_pipeline.sources.git.places import Host
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places, Visitor
from deepsignal_pipeline.sources.record import Record
from deepsignal_pipeline.sources.store import Store

NOW = datetime(2023, 4, 2, 12, tzinfo=UTC)
NAME = "some/where"


@dataclass(frozen=True)
class GitLab:
    """Repositories of a test at their hosts, and a store that visits them. Made anew it sees what is there."""

    folder: Path
    places: Places
    now: datetime = NOW
    git: Git = field(default_factory=lambda: Git(protocols=("file", "http"), limits=Limits(seconds=20)))

    @property
    def store(self) -> Store:
        """What is held."""
        return Store(self.folder / "home" / "mirrors", "git")

    @property
    def visitor(self) -> Visitor:
        """Who visits, in this process."""
        return Visitor(self.store, self.places, self.git, self.now)

    def at(self, now: datetime) -> GitLab:
        """Return the same at another time."""
        return replace(self, now=now)

    def repository(self, *options: str, name: str = NAME, branch: str = "main") -> Written:
        """Make an empty repository at the host."""
        return written(self.folder / "host" / f"{name}.git", *options, branch=branch)

    def visit(self, name: str = NAME, *former: str) -> Record:
        """Visit a repository and return its record, as it is on disk."""
        visit = self.visitor.visit(Asked(name, former))
        assert self.store.record(name) == visit.record
        return visit.record

    def full(self, name: str = NAME) -> Record:
        """Visit a repository that must be read without trouble."""
        record = self.visit(name)
        assert (record.status, record.reason) in {("full", None), ("unchanged", None)}, record
        return record

    def rows(self, quarter: str | None = None) -> list[dict[str, Any]]:
        """Read the commits held of a quarter, of all without one, by date and id."""
        with self._session() as session:
            labels = [quarter] if quarter else sorted({q for r in self.store.records() for q in r.quarters()})
            rows: list[dict[str, Any]] = []
            for label in labels:
                held.stage_commits(self.store, session, Quarter.parse(label))
                rows += _fetched(session, "source_commits")
        return sorted(rows, key=lambda row: (row["committed_at"], row["sha"]))

    def shas(self, quarter: str | None = None) -> set[str]:
        """Return the ids of the commits held."""
        return {row["sha"] for row in self.rows(quarter)}

    def row(self) -> dict[str, Any]:
        """Return the only commit that is held."""
        (row,) = self.rows()
        return row

    def quarantine(self) -> list[dict[str, Any]]:
        """Read the rows in quarantine."""
        with self._session() as session:
            held.stage_quarantine(self.store, session)
            return _fetched(session, "source_quarantine")

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Return time and bytes of every file of the store but the mirrors' own."""
        every = [path for path in self.store.root.rglob("*") if path.is_file() and "repository.git" not in path.parts]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in every}

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield Session(connection, Lake(self.folder))


def _fetched(session: Session, name: str) -> list[dict[str, Any]]:
    found = session.connection.execute(f"FROM {name}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def over_files(folder: Path) -> GitLab:
    """Make a lab whose host is a folder, fetched from by file addresses."""
    return GitLab(folder, Places(Host(f"file://{folder / 'host'}", ("file",), ("",))))


def in_place(folder: Path) -> GitLab:
    """Make a lab whose repositories are read where they lie."""
    return GitLab(folder, Places(mirrors=folder / "host"))


@contextmanager
def over_http(folder: Path) -> Iterator[tuple[GitLab, GitServer]]:
    """Make a lab whose host is a server on this machine."""
    with serving(folder / "host") as server:
        yield GitLab(folder, Places(Host(server.base, ("http",), (server.host,)))), server


def source_of(lab: GitLab, workers: int = 2) -> GitSource:
    """Return the source as a run has it, over the same folder and host."""
    return GitSource(lab.folder / "home", "key", lab.places, lab.git, workers, clock=lambda: NOW)
