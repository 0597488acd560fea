"""Shared fixtures: a small lake made of listed commits through the real pipeline, and the embedded sample, published.

`lab` describes commits and builds a `Bench` over them; nothing is replaced but the place where commits come from.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from instants import instant
from sample_quarters import PUBLISHED, READ

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range
from deepsignal_pipeline.engines.duckdb import DuckDBEngine, Session
from deepsignal_pipeline.engines.views import database_of, ensure_views
from deepsignal_pipeline.lake import Lake, replace_file
from deepsignal_pipeline.pipeline import Made, Pipeline, make
from deepsignal_pipeline.sources import CommitSource, Unvisited, Workspace
from deepsignal_pipeline.sources.held import HISTORY, SNAPSHOTS
from deepsignal_pipeline.sources.pieces import COMMITS
from deepsignal_pipeline.sources.sample import SampleSource
from deepsignal_pipeline.staging import stage
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

CONTENT = Path(__file__).parents[1] / "content"
Row = dict[str, Any]
Quarters = Sequence[Quarter | None]


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what a library we pin says about its own code; everything else stays an error."""
    # great_expectations 1.24.1 imports it; to be removed with the release that does not
    config.addinivalue_line("filterwarnings", "ignore:module 'sre_.*' is deprecated:DeprecationWarning")


@dataclass(frozen=True)
class ListedSource(Unvisited):
    """A commit source that gives commits of a list. Every quarter is given all of them: the SELECT must choose."""

    commits: list[Row]
    snapshots: list[Row]
    name: str = "sample"
    identity_key: str = "a key for tests"

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Cover every quarter that a test may use."""
        return FIRST_QUARTER, Quarter(2026, 4)

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage the listed snapshots."""
        workspace.stage("source_snapshots", pa.Table.from_pylist(self.snapshots, schema=SNAPSHOTS))

    def stage_history(self, workspace: Workspace) -> None:
        """Stage who appears in which commit; what is hidden is left out."""
        rows = [c | {"parent_count": len(c["parents"])} for c in self.commits if not c.get("is_hidden")]
        workspace.stage("source_history", pa.Table.from_pylist(rows, schema=HISTORY))

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:  # noqa: ARG002 - see the class
        """Stage all commits, whatever the quarter."""
        workspace.stage("source_commits", pa.Table.from_pylist(self.commits, schema=COMMITS))


@dataclass(frozen=True)
class Bench:
    """A pipeline over a temporary home, and short ways to run it and to read what it made."""

    pipeline: Pipeline

    @property
    def lake(self) -> Lake:
        """Where the tables are."""
        return self.pipeline.lake

    def with_mailmaps(self, folder: Path) -> Bench:
        """Return the same pipeline, with mailmaps as evidence."""
        return Bench(replace(self.pipeline, mailmaps=folder))

    def make(self, name: str, *quarters: Quarter | str) -> Made:
        """Make a table as an asset does, checks included, whatever they find."""
        return make(self.pipeline, name, [_quarter(quarter) for quarter in quarters] or (None,))

    def run(self, *names: str, read: str, publish: str | None = None) -> Bench:
        """Make tables, in the order of the contracts, as `deepsignal run` does; every check must pass.

        `read` and `publish` are "2022-Q4:2023-Q1" or one quarter: of stage 1 the former is made, with what the
        tables look back on, of stage 2 the latter.
        """
        for name, quarters in _plan(names, read, publish or read):
            made = make(self.pipeline, name, quarters)
            assert made.is_published, [outcome for outcome in made.outcomes if not outcome.passed]
        return self

    def write(self, *names: str, read: str, publish: str | None = None) -> Bench:
        """Do the same without Great Expectations, which takes most of the time: for many small lakes in a row."""
        self.lake.prepare()
        with self.pipeline.engine.session() as shared:
            for name, quarters in _plan(names, read, publish or read):
                if TABLES[name].derives:
                    # What is derived hides the table of its name, so it gets a session of its own, as in a run
                    with self.pipeline.engine.session() as own:
                        self._write(own, TABLES[name], quarters)
                else:
                    self._write(shared, TABLES[name], quarters)
        ensure_views(self.lake)
        return self

    def _write(self, session: Session, table: Table, quarters: Quarters) -> None:
        with Inputs(self.lake, self.pipeline.source, self.pipeline.content, quarters) as inputs:
            for quarter in quarters:
                staged = stage(session, inputs, table, quarter)
                session.metadata = dict(staged.metadata)
                replace_file(session.write(table, quarter, **staged.parameters), self.lake.file(table, quarter))

    def query(self, sql: str, *parameters: object) -> list[Row]:
        """Run a query over the views for people and return its rows as dictionaries."""
        ensure_views(self.lake)
        with duckdb.connect(str(database_of(self.lake)), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute(sql, list(parameters))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def rows(self, table: str, quarter: str | None = None, /, **where: object) -> list[Row]:
        """Read rows of a table, in the order of the file, of a quarter and with the values given."""
        path = self.lake.file(TABLES[table], Quarter.parse(quarter) if quarter else None)
        rows = pq.ParquetFile(path).read().to_pylist()
        return [row for row in rows if all(row[column] == value for column, value in where.items())]

    def row(self, table: str, quarter: str | None = None, /, **where: object) -> Row:
        """Read the one row with the values given."""
        (row,) = self.rows(table, quarter, **where)
        return row

    def person(self, author: str) -> str | None:
        """Return the contributor id of an author."""
        (row,) = self.query(
            "SELECT DISTINCT contributor_id FROM contributor_aliases JOIN contributor_identities USING (alias_id) "
            "WHERE name = ?",
            author,
        )
        return row["contributor_id"]


@dataclass
class Lab:
    """Describes commits and builds benches over them, each in a temporary folder of its own."""

    folders: pytest.TempPathFactory
    made: int = field(default=0)

    def commit(self, repository: str, author: str, at: str, **more: Any) -> Row:
        """Describe a commit.

        `more`: sha, parents (how many), coauthors (authors), email, login, is_hidden (from history), merged_login and
        merged_sha (of a merge of a pull request), subject, and paths:
        "A:x" is an added file, "x" (or, if it has a colon, "M:x") a modified one; if not given they are unknown.
        An author is a name; its address is made of it. `root` is a placeholder, `renovate[bot]` a bot.
        """
        self.made += 1
        paths = more.get("paths")
        email = more.get("email", _address(author))
        return {
            "repository": repository,
            "sha": more.get("sha", f"{self.made:040x}"),
            "parents": [f"{n:040x}" for n in range(more.get("parents", 1))],
            "author_name": author,
            "author_email": email,
            "author_login": more.get("login"),
            "authored_at": instant(at),
            "author_tz": 0,
            "committer_name": author,
            "committer_email": email,
            "committed_at": instant(at),
            "committer_tz": 0,
            "subject": more.get("subject", "say what was done"),
            "changes": None if paths is None else [_change(path) for path in paths],
            "coauthors": [{"name": name, "email": _address(name)} for name in more.get("coauthors", ())],
            "merged_login": more.get("merged_login"),
            "merged_sha": more.get("merged_sha"),
            "is_hidden": more.get("is_hidden", False),
        }

    def commits(self, repository: str, author: str, *when: str) -> list[Row]:
        """Describe a commit an instant; "4 x 2023-Q1+3" stands for four of them."""
        described = []
        for text in when:
            times, _, at = text.rpartition(" x ")
            described += [self.commit(repository, author, at) for _ in range(int(times or 1))]
        return described

    def bench(
        self,
        commits: Iterable[Row],
        *,
        categories: Sequence[str] = (),
        repositories: Mapping[str, Row] | None = None,
        snapshots: Mapping[str, Row | None] | None = None,
        imports: Sequence[Row] = (),
        home: Path | None = None,
        path_overrides: Sequence[Row] = (),
    ) -> Bench:
        """Build a pipeline over commits, in a home of its own or in another's, as when more is known later.

        There are always twelve categories: those named, then spare ones; a category without repositories of its own
        gets `<category>/one`. `repositories` are entries of the catalogue by name, with their category. `snapshots`
        replaces values of a repository's snapshot, None removes it; else a history is complete until 2024.
        """
        folder = self.folders.mktemp("bench")
        listed = list(commits)
        slugs = [*categories, *(f"spare-{n}" for n in range(len(categories), 12))]
        entries = _entries(slugs, repositories or {})
        _write_content(folder / "content", slugs, entries, imports)
        _write_work_types(folder / "content", path_overrides)
        visits = snapshots or {}
        seen = [
            _snapshot(entry["repository"], listed, visits.get(entry["repository"]) or {})
            for entry in entries
            if visits.get(entry["repository"], {}) is not None
        ]
        return open_bench(home or folder / "home", ListedSource(listed, seen), folder / "content", threads=1)

    def over_shipped_content(self, commits: list[Row]) -> Bench:
        """Build a pipeline over commits to repositories of the catalogue that ships, for tables of stage 1."""
        return open_bench(self.folders.mktemp("bench") / "home", ListedSource(commits, []), CONTENT, threads=1)


def open_bench(home: Path, source: CommitSource, content: Path, threads: int | None = None) -> Bench:
    """Open the real pipeline over a home folder."""
    lake = Lake(home)
    lake.prepare()
    return Bench(Pipeline(lake, DuckDBEngine(_memory, lake, threads), source, content))


@contextmanager
def _memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _change(path: str) -> Row:
    status, colon, rest = path.partition(":")
    return {"status": status, "path": rest} if colon else {"status": "M", "path": path}


def _address(author: str) -> str:
    return f"{author.lower().replace(' ', '.')}@example.org"


def _quarter(quarter: Quarter | str) -> Quarter:
    return Quarter.parse(quarter) if isinstance(quarter, str) else quarter


def _span(text: str) -> list[Quarter]:
    first, _, last = text.partition(":")
    return quarter_range(Quarter.parse(first), Quarter.parse(last or first))


def _plan(names: Sequence[str], read: str, publish: str) -> Iterator[tuple[str, Quarters]]:
    """Give what the named tables need, in the order of the contracts, with the quarters to be made."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting += [read.table for read in TABLES[name].reads]
    published = _span(publish)
    back = max((read.quarters_back for name in wanted for read in TABLES[name].reads), default=0)
    first = max(FIRST_QUARTER, min(_span(read)[0], published[0].shift(-back)))
    seen = quarter_range(first, _span(read)[-1])
    for name, table in TABLES.items():
        if name in wanted:
            yield name, ((published if table.stage == 2 else seen) if table.quarterly else (None,))


def _entries(slugs: Sequence[str], repositories: Mapping[str, Row]) -> list[Row]:
    entries = []
    for slug in slugs:
        own = [
            {"repository": name, "verified": "read"} | entry
            for name, entry in repositories.items()
            if entry["category"] == slug
        ]
        entries += own or [{"repository": f"{slug}/one", "verified": "read", "category": slug}]
    return entries


def _write_content(folder: Path, slugs: Sequence[str], entries: list[Row], imports: Sequence[Row]) -> None:
    catalogue = folder / "catalogue"
    catalogue.mkdir(parents=True)
    categories = [{"slug": slug, "name": slug.title(), "definition": "for a test"} for slug in slugs]
    (catalogue / "categories.yaml").write_text(yaml.safe_dump(categories))
    for slug in slugs:
        own = [{k: v for k, v in e.items() if k != "category"} for e in entries if e["category"] == slug]
        (catalogue / f"{slug}.yaml").write_text(yaml.safe_dump(own))
    written = [{"why": "for a test"} | entry for entry in imports]
    (folder / "overrides.yaml").write_text(yaml.safe_dump({"imports": written}))
    shutil.copytree(CONTENT / "automation", folder / "automation")


def _write_work_types(folder: Path, overrides: Sequence[Row]) -> None:
    """Write the steps that ship, with overrides of the test's own repositories."""
    steps = yaml.safe_load((CONTENT / "work_types.yaml").read_text())["steps"]
    written = [{"why": "for a test"} | override for override in overrides]
    (folder / "work_types.yaml").write_text(yaml.safe_dump({"steps": steps, "overrides": written}))


def _snapshot(repository: str, commits: list[Row], visit: Row) -> Row:
    times = [commit["committed_at"] for commit in commits if commit["repository"] == repository]
    stated: Row = {
        "repository": repository,
        "tip": "0" * 40,
        "status": "full",
        "reason": None,
        "source": "sample",
        "commits": len(times),
        "recounted_commits": len(times),
        "first_committed_at": min(times, default=None),
        "last_committed_at": max(times, default=None),
        "fetched_at": instant("2024-01-01"),
        "complete_until": instant("2024-01-01"),
        "restated_quarters": [],
    }
    given = {k: instant(v) if k.endswith(("_at", "_until")) and v else v for k, v in visit.items()}
    return stated | given


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Where commits are described and small lakes are built."""
    return Lab(tmp_path_factory)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Publish the embedded sample through the real path: five quarters, or all of them if that is asked for."""
    bench = open_bench(tmp_path_factory.mktemp("sample"), SampleSource(), CONTENT)
    wanted = ("report_facts", "bridge_people", "commit_audit", "restatements")
    return bench.run(*wanted, read=READ, publish=f"{PUBLISHED[0]}:{PUBLISHED[-1]}")
