"""The embedded sample gives back every row of the histories it was made from."""

import os
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from deepsignal_pipeline.domain.quarters import Quarter

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "deepsignal_pipeline" / "sample"
HISTORY = Path(os.environ.get("DEEPSIGNAL_HISTORY", ROOT.parent / "shared" / "data" / "history"))
ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
COLUMNS = {
    "repository": "VARCHAR",
    "sha": "VARCHAR",
    "parents": "VARCHAR[]",
    "author_name": "VARCHAR",
    "author_email": "VARCHAR",
    "authored_at": "TIMESTAMP WITH TIME ZONE",
    "author_tz": "SMALLINT",
    "committer_name": "VARCHAR",
    "committer_email": "VARCHAR",
    "committed_at": "TIMESTAMP WITH TIME ZONE",
    "committer_tz": "SMALLINT",
    "subject": "VARCHAR",
    "coauthors": 'STRUCT("name" VARCHAR, email VARCHAR)[]',
    "changes": "STRUCT(status VARCHAR, path VARCHAR)[]",
}


def decode(connection: duckdb.DuckDBPyConnection, frame: str, start: datetime, end: datetime) -> list[tuple]:
    """Run the decoder for a window inside a statement that has its place marked with {}."""
    statement = frame.format(f"({(SAMPLE / 'commits.sql').read_text('utf-8')})")
    return connection.execute(statement, {"window_start": start, "window_end": end}).fetchall()


def count(connection: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> int:
    return decode(connection, "SELECT count(*) FROM {}", start, end)[0][0]


@pytest.fixture(scope="module")
def builder() -> dict[str, str]:
    return runpy.run_path(str(ROOT / "benchmarks" / "build_sample.py"))


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database with the whole sample decoded into a table."""
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.read_parquet(str(SAMPLE / "commits.parquet")).create_view("sample_rows")
        decode(connection, "CREATE TABLE decoded AS FROM {}", *ALWAYS)
        yield connection


def test_the_sample_is_small_enough_for_the_package():
    size = sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file())
    assert size <= 24_000_000


def test_the_decoder_gives_the_promised_columns(connection):
    described = connection.execute("DESCRIBE decoded").fetchall()
    assert {row[0]: row[1] for row in described} == COLUMNS
    assert [row[0] for row in described] == list(COLUMNS)


def test_every_repository_has_the_digest_of_its_original(connection, builder):
    expected = connection.read_csv(str(SAMPLE / "digests.csv")).fetchall()
    assert len(expected) == 114
    assert sum(row[1] for row in expected) == 442_795
    assert connection.execute(builder["DIGESTS"]).fetchall() == expected


def test_the_digest_sees_a_single_changed_value(connection, builder):
    before = connection.execute(builder["DIGESTS"]).fetchall()
    some = "FROM decoded WHERE repository = 'huggingface/peft'"
    for change in (
        "parents: list_reverse(parents)",
        "changes: coalesce(changes, [])",
        "coauthors: list_reverse(coauthors)",
        "authored_at: authored_at + to_seconds((author_tz = 60)::INTEGER)",
    ):
        name, _, value = change.partition(": ")
        with connection.cursor() as other:
            other.execute(f"CREATE TEMP VIEW decoded AS SELECT * REPLACE ({value} AS {name}) {some}")
            after = other.execute(builder["DIGESTS"]).fetchall()
        assert after[0][:2] in [row[:2] for row in before]
        assert after[0] not in before, change


@pytest.mark.skipif(not any(HISTORY.glob("*.parquet")), reason=f"no original histories in {HISTORY}")
def test_every_row_equals_its_original(connection, builder):
    files = sorted(str(path) for path in HISTORY.glob("*.parquet"))
    connection.execute(builder["ORIGINALS"], {"files": files})
    for one, other in (("originals", "decoded"), ("decoded", "originals")):
        assert connection.execute(f"FROM {one} EXCEPT ALL FROM {other} LIMIT 1").fetchall() == []
    assert (SAMPLE / "snapshots.csv").read_bytes() == (HISTORY / "snapshots.csv").read_bytes()


def test_the_snapshots_describe_the_rows(connection):
    snapshots = connection.read_csv(str(SAMPLE / "snapshots.csv"))
    described = snapshots.select("repo, commits, first_committed_at, last_committed_at").order("repo").fetchall()
    decoded = "SELECT repository, count(*), min(committed_at), max(committed_at) FROM decoded GROUP BY 1 ORDER BY 1"
    assert described == connection.execute(decoded).fetchall()


def test_quarters_partition_the_history(connection):
    first, last, rows = connection.execute(
        "SELECT min(committed_at)::DATE, max(committed_at)::DATE, count(*) FROM decoded"
    ).fetchall()[0]
    quarter, total = Quarter.containing(first), 0
    while quarter.first_day <= last:
        total += count(connection, quarter.start, quarter.end)
        quarter = quarter.shift(1)
    assert total == rows


def test_a_window_gives_what_a_filter_of_everything_gives(connection):
    quarter = Quarter(2023, 1)
    decode(connection, "CREATE OR REPLACE TABLE windowed AS FROM {}", quarter.start, quarter.end)
    filtered = "(FROM decoded WHERE committed_at >= '2023-01-01+00' AND committed_at < '2023-04-01+00')"
    assert connection.execute(f"FROM {filtered} EXCEPT ALL FROM windowed LIMIT 1").fetchall() == []
    assert connection.execute(f"FROM windowed EXCEPT ALL FROM {filtered} LIMIT 1").fetchall() == []


def test_a_window_is_half_open_to_the_microsecond(connection):
    instant, rows = connection.execute(
        "SELECT committed_at, count(*) FROM decoded GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()[0]
    tick = timedelta(microseconds=1)
    assert count(connection, instant, instant + tick) == rows
    assert count(connection, instant - tick, instant) == 0
    assert count(connection, instant + tick, instant + timedelta(seconds=1)) == 0
