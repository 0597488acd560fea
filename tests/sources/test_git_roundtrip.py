"""Repositories rebuilt from the sample come back as the same rows, and as what git's objects say, read another way."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from oracle import committer_seconds
from repositories import ENVIRONMENT, Rebuilt, git, rebuild, sample_rows

from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
from deepsignal_pipeline.engines.duckdb import DuckDBEngine, Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.pipeline import Pipeline, make
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
from deepsignal_pipeline.tables import TABLES

# With merges, two roots, a history cut off, type changes, old rows without recorded changes
NAMES = ("AI-Hypercomputer/maxtext", "openxla/stablehlo", "bitsandbytes-foundation/bitsandbytes", "ggml-org/llama.cpp")
CONTENT = Path(__file__).parents[2] / "content"
NOW = datetime(2023, 10, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """Rebuilt repositories and the source that has visited them."""

    rebuilt: dict[str, Rebuilt]
    source: GitSource


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("rebuilt")
    rebuilt = {
        name: rebuild(folder / "mirrors" / name.replace("/", "+"), rows) for name, rows in sample_rows(NAMES).items()
    }
    source = GitSource(folder / "home", "key", Places(mirrors=folder / "mirrors"), workers=2, clock=lambda: NOW)
    source.visit([Asked(name) for name in NAMES], [], print)
    return Read(rebuilt, source)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield Session(connection, Lake(tmp_path))


def rows_of(source: GitSource, session: Session, quarter: Quarter) -> list[dict[str, Any]]:
    source.stage_commits(session, quarter)
    found = session.connection.execute("FROM source_commits")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_every_row_comes_back_with_every_column(read: Read, session: Session):
    quarters = quarter_range(Quarter(2021, 1), Quarter(2023, 3))
    got = {row["sha"]: row for quarter in quarters for row in rows_of(read.source, session, quarter)}
    expected = 0
    for rebuilt in read.rebuilt.values():
        for row in rebuilt.rows:
            back = got.pop(rebuilt.ids[row["sha"]])
            wanted = row | {
                "sha": rebuilt.ids[row["sha"]],
                "parents": [rebuilt.ids[parent] for parent in row["parents"]],
                "author_login": None,
                # Rows of before 2022 have no changes recorded; what was made up for them is not compared
                "changes": row["changes"] if row["changes"] is not None else back["changes"],
            }
            assert back == wanted
            expected += 1
    assert got == {}
    assert expected == sum(len(rebuilt.rows) for rebuilt in read.rebuilt.values()) > 3000


def test_the_commits_of_every_quarter_are_those_that_the_objects_say(read: Read, session: Session):
    seconds = {name: committer_seconds(rebuilt.folder) for name, rebuilt in read.rebuilt.items()}
    for quarter in quarter_range(Quarter(2021, 1), Quarter(2023, 4)):
        start, end = quarter.start.timestamp(), quarter.end.timestamp()
        expected = {(n, sha) for n, shas in seconds.items() for sha, at in shas.items() if start <= at < end}
        assert {(row["repository"], row["sha"]) for row in rows_of(read.source, session, quarter)} == expected


def test_no_commit_is_lost(read: Read):
    for name, rebuilt in read.rebuilt.items():
        record = read.source.store.record(name)
        assert record is not None
        assert (record.status, record.quarantined) == ("full", 0)
        assert record.commits == int(git(rebuilt.folder, "rev-list", "--count", "HEAD")) == rebuilt.commits
        assert record.tip == git(rebuilt.folder, "rev-parse", "HEAD").decode().strip()
        assert record.branch == "main"


def counts(source: GitSource, session: Session) -> dict[str, tuple[int, int | None]]:
    source.stage_snapshots(session)
    found = session.connection.execute("SELECT repository, commits, recounted_commits FROM source_snapshots").fetchall()
    return {name: (commits, recounted) for name, commits, recounted in found}


def test_git_counts_as_many_commits_as_were_read_once_a_tip(read: Read, session: Session):
    expected = {name: (rebuilt.commits, rebuilt.commits) for name, rebuilt in read.rebuilt.items()}
    assert counts(read.source, session) == expected
    gone = replace(read.source, places=Places(mirrors=read.source.home / "nowhere"))
    assert counts(gone, session) == expected
    # Nothing is kept of this tip, and there is nothing to count any more
    kept = read.source.store.folder(NAMES[0]) / "recount.json"
    kept.write_text(kept.read_text().replace('"tip": "', '"tip": "0'))
    assert counts(gone, session) == expected | {NAMES[0]: (expected[NAMES[0]][0], None)}
    assert counts(read.source, session) == expected


def test_the_history_is_all_that_is_held(read: Read, session: Session):
    read.source.stage_history(session)
    counted = session.connection.execute(
        "SELECT count(*), sum(parent_count), count(*) FILTER (parent_count > 1) FROM source_history"
    ).fetchone()
    lines = [
        line for r in read.rebuilt.values() for line in git(r.folder, "rev-list", "--parents", "HEAD").splitlines()
    ]
    parents = [line.count(b" ") for line in lines]
    assert counted == (len(lines), sum(parents), sum(n > 1 for n in parents))


def test_a_second_visit_reads_nothing_and_changes_no_file(read: Read):
    def files() -> dict[Path, tuple[bytes, int]]:
        every = (path for path in read.source.store.root.rglob("*") if path.is_file())
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in every}

    before, said = files(), []
    read.source.visit([Asked(name) for name in NAMES], [], said.append)
    assert files() == before
    assert said[-1].startswith(f"{len(NAMES)} of {len(NAMES)} repositories, 0 commits")


def test_the_mirrors_are_not_written(read: Read):
    for rebuilt in read.rebuilt.values():
        assert subprocess.run(
            ["git", "--git-dir", str(rebuilt.folder), "fsck", "--full", "--no-dangling"], env=ENVIRONMENT, check=True
        )
        assert {path.name for path in rebuilt.folder.iterdir()} >= {"HEAD", "config", "objects", "refs"}
        assert not list(rebuilt.folder.rglob("*.lock"))


def test_the_pipeline_makes_its_tables_of_git(read: Read, tmp_path: Path):
    lake = Lake(tmp_path)
    lake.prepare()
    pipeline = Pipeline(lake, DuckDBEngine(_memory, lake, 1), read.source, CONTENT)
    for name in ("tracked_repositories", "repository_snapshots", "contributor_aliases"):
        assert make(pipeline, name, (None,)).is_published
    quarters = [Quarter(2022, 4), Quarter(2023, 1)]
    assert make(pipeline, "raw_commits", quarters).is_published
    for quarter in quarters:
        rows = pq.ParquetFile(lake.file(TABLES["raw_commits"], quarter)).read(["sha"]).to_pylist()
        every = [(rebuilt.ids[row["sha"]], row) for rebuilt in read.rebuilt.values() for row in rebuilt.rows]
        assert {row["sha"] for row in rows} == {sha for sha, row in every if _is_within(row, quarter)}
    snapshots = pq.ParquetFile(lake.file(TABLES["repository_snapshots"])).read().to_pylist()
    assert {s["repository"]: s["commits"] for s in snapshots} == {n: r.commits for n, r in read.rebuilt.items()}


@contextmanager
def _memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _is_within(row: dict[str, Any], quarter: Quarter) -> bool:
    return bool(quarter.start <= row["committed_at"] < quarter.end)
