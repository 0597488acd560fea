"""The lake that the benchmarks draw: what the project's SELECTs make of its raw commits is what it says was counted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks.analytics_tables import OF_TEXTS, OTHERS, Limits, make_table
from benchmarks.synthetic_lake import write_lake
from benchmarks.synthetic_people import Shape
from benchmarks.synthetic_raw import RawCommits
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.counted_commits import WEIGHTS

SHAPE = Shape(commits=6_000, quarters=2, repositories=300)
FIRST, LAST = SHAPE.quarter_range()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Give a tiny lake, with its raw commits."""
    lake = write_lake(tmp_path_factory.mktemp("synthetic"), SHAPE)
    raw = RawCommits(lake.home, SHAPE)
    for quarter in SHAPE.quarter_range():
        raw.write(quarter)
    return lake


def raw_commits(lake: Lake) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().read_parquet(str(lake.file(TABLES["raw_commits"], LAST)))


def test_what_is_counted_of_raw_commits_is_what_was_drawn(lake: Lake) -> None:
    counted = TABLES["counted_commits"]
    known = [column for column in counted.column_names if column not in ("path_count", *WEIGHTS)]
    drawn = pq.ParquetFile(lake.file(counted, LAST)).read(known).to_pylist()
    for name in ("changed_paths", "counted_commits"):
        make_table(name, Limits(), lake.home, [LAST])
    made = pq.ParquetFile(lake.file(counted, LAST)).read()
    assert made.select(known).to_pylist() == drawn
    assert set(made["not_counted_reason"].to_pylist()) == {None, "merge", "duplicate"}
    assert all(made[weight].null_count < len(made) for weight in WEIGHTS)


def test_texts_have_the_sample_s_shares(lake: Lake) -> None:
    shares = raw_commits(lake).aggregate(
        "count(*), count(DISTINCT (repository, sha)), count(DISTINCT subject) / count(*), avg(len(changes)), "
        "median(len(changes)), avg(CAST(len(parents) > 1 AS INTEGER))"
    )
    commits, different, subjects, paths, in_the_middle, merges = shares.fetchall()[0]
    assert commits == different == SHAPE.commits // SHAPE.quarters
    assert subjects > 0.9
    assert paths == pytest.approx(5, abs=1)
    assert in_the_middle == 2
    assert merges == pytest.approx(0.1, abs=0.02)


def test_no_path_stands_twice_in_a_commit_of_few(lake: Lake) -> None:
    few = raw_commits(lake).filter("len(changes) <= 50").project("list_transform(changes, lambda c: c.path) AS paths")
    assert few.filter("len(paths) > len(list_distinct(paths))").fetchall() == []


def test_the_same_quarter_is_drawn_whenever_it_is_asked(lake: Lake, tmp_path: Path) -> None:
    again = RawCommits(tmp_path, SHAPE)
    again.write(LAST)
    file = TABLES["raw_commits"], LAST
    assert pq.ParquetFile(again.lake.file(*file)).read().equals(pq.ParquetFile(lake.file(*file)).read())


def test_every_table_of_the_analysis_is_made(lake: Lake) -> None:
    for name in (*OF_TEXTS, *OTHERS):
        cost = make_table(name, Limits(), lake.home, SHAPE.quarter_range())
        table = TABLES[name]
        assert len(cost.quarters) == (len(SHAPE.quarter_range()) if table.quarterly else 1)
        assert lake.has(table, LAST if table.quarterly else None)
    made = {name for name, table in TABLES.items() if table.stage > 0}
    assert made - {*OF_TEXTS, *OTHERS} == {"raw_commits", "contributor_identities"}
    assert (lake.edition(LAST) / "index.html").is_file()
