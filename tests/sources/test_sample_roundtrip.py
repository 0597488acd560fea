"""The embedded sample gives back every row of the histories it was made from."""

import os
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deepsignal_pipeline.domain.quarters import Quarter

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "deepsignal_pipeline" / "sample"
HISTORY = Path(os.environ.get("DEEPSIGNAL_HISTORY", ROOT.parent / "shared" / "data" / "history"))
Connection = duckdb.DuckDBPyConnection
Builder = dict[str, Any]
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


def decode(connection: Connection, frame: str, start: datetime, end: datetime) -> list[tuple]:
    """Run the decoder for a window inside a statement that has its place marked with {}."""
    statement = frame.format(f"({(SAMPLE / 'commits.sql').read_text('utf-8')})")
    return connection.execute(statement, {"window_start": start, "window_end": end}).fetchall()


def count(connection: Connection, start: datetime, end: datetime) -> int:
    return decode(connection, "SELECT count(*) FROM {}", start, end)[0][0]


@pytest.fixture(scope="module")
def builder() -> Builder:
    return runpy.run_path(str(ROOT / "benchmarks" / "build_sample.py"))


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """Open a database with the whole sample decoded into a table."""
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.read_parquet(str(SAMPLE / "commits.parquet")).create_view("sample_rows")
        decode(connection, "CREATE TABLE decoded AS FROM {}", *ALWAYS)
        yield connection


def test_the_sample_is_small_enough_for_the_package():
    size = sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file())
    assert size <= 24_000_000


def test_the_decoder_gives_the_promised_columns(connection: Connection):
    described = connection.execute("DESCRIBE decoded").fetchall()
    assert {row[0]: row[1] for row in described} == COLUMNS
    assert [row[0] for row in described] == list(COLUMNS)


def test_every_repository_has_the_digest_of_its_original(connection: Connection, builder: Builder):
    expected = connection.read_csv(str(SAMPLE / "digests.csv")).fetchall()
    assert len(expected) == 114
    assert sum(row[1] for row in expected) == 442_795
    assert connection.execute(builder["DIGESTS"]).fetchall() == expected


@pytest.mark.parametrize(
    "replacement",
    [
        "list_reverse(parents) AS parents",
        "list_reverse(changes) AS changes",
        "coalesce(changes, []) AS changes",
        "list_reverse(coauthors) AS coauthors",
        "authored_at + to_seconds(1) AS authored_at",
    ],
)
def test_the_digest_sees_a_small_change(connection: Connection, builder: Builder, replacement: str):
    some = "FROM decoded WHERE repository = 'huggingface/transformers'"
    changed = f"(SELECT * REPLACE ({replacement}) {some})"
    digests = builder["DIGESTS"]
    before = connection.execute(digests.replace("FROM decoded", f"FROM (SELECT * {some})")).fetchall()
    after = connection.execute(digests.replace("FROM decoded", f"FROM {changed}")).fetchall()
    assert before[0][:2] == after[0][:2]
    assert before[0][2] != after[0][2]


def test_every_row_equals_its_original(connection: Connection, builder: Builder):
    files = sorted(str(path) for path in HISTORY.glob("*.parquet"))
    if not files:
        pytest.skip(f"no original histories in {HISTORY}")
    connection.execute(builder["ORIGINALS"], {"files": files})
    for one, other in (("originals", "decoded"), ("decoded", "originals")):
        assert connection.execute(f"FROM {one} EXCEPT ALL FROM {other} LIMIT 1").fetchall() == []
    assert (SAMPLE / "snapshots.csv").read_bytes() == (HISTORY / "snapshots.csv").read_bytes()


def test_the_snapshots_describe_the_rows(connection: Connection):
    snapshots = connection.read_csv(str(SAMPLE / "snapshots.csv"))
    described = snapshots.select("repo, commits, first_committed_at, last_committed_at").order("repo")
    decoded = connection.sql(
        "SELECT repository, count(*), min(committed_at), max(committed_at) FROM decoded GROUP BY 1 ORDER BY 1"
    )
    assert described.fetchall() == decoded.fetchall()


def test_quarters_partition_the_history(connection: Connection):
    first, last, rows = connection.execute(
        "SELECT min(committed_at)::DATE, max(committed_at)::DATE, count(*) FROM decoded"
    ).fetchall()[0]
    quarter, total = Quarter.containing(first), 0
    while quarter.first_day <= last:
        total += count(connection, quarter.start, quarter.end)
        quarter = quarter.shift(1)
    assert total == rows


def test_a_window_gives_what_a_filter_of_everything_gives(connection: Connection):
    quarter = Quarter(2023, 1)
    decode(connection, "CREATE OR REPLACE TABLE windowed AS FROM {}", quarter.start, quarter.end)
    filtered = "(FROM decoded WHERE committed_at >= '2023-01-01' AND committed_at < '2023-04-01')"
    assert connection.execute(f"FROM {filtered} EXCEPT ALL FROM windowed LIMIT 1").fetchall() == []
    assert connection.execute(f"FROM windowed EXCEPT ALL FROM {filtered} LIMIT 1").fetchall() == []


def test_a_window_is_half_open_to_the_microsecond(connection: Connection):
    instant, rows = connection.execute(
        "SELECT committed_at, count(*) FROM decoded GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchall()[0]
    tick = timedelta(microseconds=1)
    assert count(connection, instant, instant + tick) == rows
    assert count(connection, instant - tick, instant) == 0
    assert count(connection, instant + tick, instant + timedelta(seconds=1)) == 0


# Two repositories with the same three commits; ids are one letter until the last SELECT.
AWKWARD = """
CREATE TABLE made AS
WITH commits AS (SELECT unnest([
    {'sha': 'a', 'parents': [], 'authored_at': 1672531199, 'committed_at': 1672531200, 'changes': NULL},
    {'sha': 'b', 'parents': ['a'], 'authored_at': 1690000000, 'committed_at': 1680000000, 'changes': []},
    {'sha': 'c', 'parents': ['b', 'a'], 'authored_at': 1672531200, 'committed_at': 1672531200,
     'changes': [{'status': 'M', 'path': E'z\n\u00e9'}, {'status': 'A', 'path': ''}]}
], recursive := true))
SELECT repo, repeat(sha, 40) AS sha, list_transform(parents, lambda parent: repeat(parent, 40)) AS parents,
       'A' AS author_name, 'a@example.org' AS author_email, authored_at, 60::SMALLINT AS author_tz,
       'A' AS committer_name, 'c@example.org' AS committer_email, committed_at, 0::SMALLINT AS committer_tz,
       '' AS subject, [{'name': '', 'email': 'x'}] AS coauthors, changes
FROM commits, (VALUES ('up/stream'), ('fork/ed')) AS repositories (repo)
"""


def encode(builder: Builder, folder: Path, breakage: str) -> Path:
    """Encode two small repositories with awkward rows, after a statement has changed them."""
    (folder / "snapshots.csv").write_text("repo\n")
    with duckdb.connect() as connection:
        connection.execute(AWKWARD)
        connection.execute(breakage).fetchall()
        connection.table("made").write_parquet(str(folder / "made.parquet"))
    builder["main"](folder, folder / "out")
    return folder / "out" / "commits.parquet"


def test_awkward_rows_come_back(builder: Builder, tmp_path: Path):
    encoded = encode(builder, tmp_path, "SELECT 1")
    with duckdb.connect() as connection:
        connection.read_parquet(str(encoded)).create_view("sample_rows")
        decode(connection, "CREATE TABLE decoded AS FROM {}", *ALWAYS)
        connection.execute(builder["ORIGINALS"], {"files": [str(tmp_path / "made.parquet")]})
        assert count(connection, *ALWAYS) == 6
        assert connection.execute("FROM originals EXCEPT ALL FROM decoded").fetchall() == []
        assert connection.execute("FROM decoded EXCEPT ALL FROM originals").fetchall() == []
        parents = "SELECT DISTINCT parents FROM decoded WHERE sha LIKE 'c%'"
        assert connection.execute(parents).fetchall() == [(["b" * 40, "a" * 40],)]


@pytest.mark.parametrize(
    ("breakage", "reason"),
    [
        ("UPDATE made SET committer_name = NULL, changes = NULL WHERE sha LIKE 'a%'", "null"),
        ("UPDATE made SET parents = NULL WHERE sha LIKE 'a%'", "null"),
        ("UPDATE made SET parents = [NULL] WHERE sha LIKE 'c%'", "null"),
        ("UPDATE made SET sha = upper(sha) WHERE sha LIKE 'c%'", "not a commit id"),
        ("INSERT INTO made FROM made", "twice"),
        ("UPDATE made SET subject = 'other' WHERE sha LIKE 'a%' AND repo = 'fork/ed'", "differs"),
        ("DELETE FROM made WHERE sha LIKE 'a%' AND repo = 'fork/ed'", "parent is missing"),
    ],
)
def test_what_could_not_come_back_is_refused(builder: Builder, tmp_path: Path, breakage: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        encode(builder, tmp_path, breakage)
