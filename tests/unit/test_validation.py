"""Great Expectations says the same of the rows that it is handed as of all rows that were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.quality.suites import Batch, Outcome, judge
from deepsignal_pipeline.quality.validation import batch_of
from deepsignal_pipeline.tables.contract import Column, Rule, Table

_FIRST, _SECOND = Quarter.parse("2022-Q4"), Quarter.parse("2023-Q1")
_TABLE = Table(
    name="shares",
    one_row_is="a part of a whole",
    group="metrics",
    stage=2,
    version="1",
    grain=("whole", "part"),
    rows=4,
    columns=(
        Column("whole", "VARCHAR", "name"),
        Column("part", "INTEGER", "number"),
        Column("size", "INTEGER", "size", minimum=0),
    ),
    rules=(Rule("parts_are_ten", "Parts are ten together.", "sum(size) OVER (PARTITION BY whole) = 10"),),
)
_ALONE = replace(_TABLE, rules=(Rule("is_small", "A part is small.", "size < 10", blocks=False),))
Row = tuple[str | None, int, int]
Rows = Mapping[Quarter, list[Row]]
_SOUND: list[Row] = [("a", 1, 4), ("a", 2, 6), ("b", 1, 10), ("c", 1, 10)]
_SCHEMA = pa.schema({"whole": pa.string(), "part": pa.int32(), "size": pa.int32()})


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def _found(table: Table, rows: Rows, connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Outcome]:
    """Judge the rows handed over, and hold the verdict against the one over all rows; return what failed."""
    files: dict[Quarter | None, Path] = {quarter: folder / f"{quarter}.parquet" for quarter in rows}
    for quarter, written in rows.items():
        columns = [dict(zip(_SCHEMA.names, row, strict=True)) for row in written]
        pq.write_table(pa.Table.from_pylist(columns, _SCHEMA), files[quarter])
    labels = tuple(str(quarter) for quarter in rows)
    handed, whole = (batch_of(table, files, connection, whole=whole) for whole in (False, True))
    told, told_of_all = judge([Batch(table, labels, handed), Batch(table, labels, whole)])
    assert told == told_of_all
    assert handed.num_rows <= whole.num_rows
    return {outcome.check.removeprefix("shares_"): outcome for outcome in told if not outcome.passed}


def test_sound_files_are_handed_over_as_one_row_each(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The same keys in two quarters are no repetition, and sums over rows are those of a quarter."""
    assert _found(_TABLE, {_FIRST: _SOUND, _SECOND: _SOUND}, connection, tmp_path) == {}
    files: dict[Quarter | None, Path] = {q: tmp_path / f"{q}.parquet" for q in (_FIRST, _SECOND)}
    for table in (_TABLE, _ALONE):
        handed = batch_of(table, files, connection).to_pylist()
        assert [(row["quarter"], row["part"], row["rows_are_there"]) for row in handed if row["whole"] == "a"] == [
            ("2022-Q4", 1, 4),
            ("2023-Q1", 1, 4),
        ]
    assert len(batch_of(_TABLE, files, connection)) == 2


def test_a_repeated_key_is_named_as_often_as_it_stands(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    repeated: list[Row] = [("a", 1, 10), ("b", 2, 4), ("b", 2, 6), ("c", 1, 10)]
    found = _found(_TABLE, {_FIRST: _SOUND, _SECOND: repeated}, connection, tmp_path)
    assert list(found) == ["grain_is_unique"]
    assert found["grain_is_unique"].examples == ("2023-Q1 / b / 2: stands more than once",) * 2
    assert found["grain_is_unique"].broken_rows == 2


def test_every_complaint_is_counted_in_its_quarter(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Of a row whose key is null too: it is named, not fatal."""
    wrong: list[Row] = [("a", 1, 10), (None, 2, 10), ("b", 2, -1), ("b", 3, 11)]
    found = _found(_TABLE, {_FIRST: wrong, _SECOND: _SOUND}, connection, tmp_path)
    assert {check: outcome.examples for check, outcome in found.items()} == {
        "required_values_are_present": ("2022-Q4 / null / 2: whole is null",),
        "values_are_in_bounds": ("2022-Q4 / b / 2: size = -1",),
    }
    found = _found(_ALONE, {_FIRST: wrong, _SECOND: _SOUND}, connection, tmp_path)
    assert (found["is_small"].broken_rows, found["is_small"].broken_quarters) == (5, ("2022-Q4", "2023-Q1"))


@pytest.mark.parametrize("rows", [[], _SOUND[:1], [*_SOUND, ("z", 9, 1)]])
def test_rows_are_counted_though_few_are_handed_over(
    rows: list[Row], connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = _found(_ALONE, {_FIRST: _SOUND, _SECOND: rows}, connection, tmp_path)["rows_are_there"]
    assert found.examples[0].endswith(f": observed {4 + len(rows)}")
    assert found.broken_quarters == ("2022-Q4", "2023-Q1")


def test_no_row_at_all_is_told(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    told = _found(replace(_TABLE, rows=None), {_FIRST: []}, connection, tmp_path)
    assert list(told) == ["rows_are_there"]
    assert _found(replace(_TABLE, rows=None, may_be_empty=True), {_FIRST: []}, connection, tmp_path) == {}
