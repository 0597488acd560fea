"""Validate written files against their contract before anyone can see them.

DuckDB reads the files and hands Great Expectations only what its suite needs: the keys, and a column a check that is
null where a row is right and says what is wrong where it is not; and of the rows only those that can fail a check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.quality.checker import judged
from deepsignal_pipeline.quality.expectations import BOUNDS, PRESENCE, ROWS, bounded_columns, required_columns
from deepsignal_pipeline.quality.suites import Batch, Outcome
from deepsignal_pipeline.tables.contract import Column, Table

Files = Mapping[Quarter | None, Path]
_WINDOW = re.compile(r"\bover\b", re.IGNORECASE)


def validate(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> list[Outcome]:
    """Check files (one a quarter) against the contract of their table; return one outcome a check, in their order."""
    labels = tuple(str(quarter or "") for quarter in files)
    return judged(Batch(table, labels, batch_of(table, files, connection)))


def batch_of(table: Table, files: Files, connection: duckdb.DuckDBPyConnection, *, whole: bool = False) -> pa.Table:
    """Read what the suite of a table needs from files; the first column is the quarter's label, the last counts rows.

    Of every file the first row, by which its rows are counted, the rows with which something is wrong, and those whose
    key stands more than once (or has the hash of another: the suite tells them apart). `whole`: every row.
    """
    needed = "true" if whole else _is_needed(table)
    # A rule that looks at other rows means those of its quarter; all others are read in one query, at half the cost
    is_over_rows = any(_WINDOW.search(rule.expression) for rule in table.rules)
    parts = [{quarter: path} for quarter, path in files.items()] if is_over_rows else [files]
    return pa.concat_tables(_read(table, part, needed, connection) for part in parts)


def _read(table: Table, files: Files, needed: str, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    number = "CAST(file_index AS BIGINT) + 1"
    select = f"""
        WITH written AS (
            SELECT file_index, file_row_number, $labels[{number}] AS quarter, {", ".join(_projections(table))},
                CASE file_row_number WHEN 0 THEN $rows[{number}] ELSE 0 END AS {ROWS}
            FROM read_parquet($files, hive_partitioning = false)
        )
        SELECT * EXCLUDE (file_index, file_row_number)
        FROM written
        WHERE {needed}
        ORDER BY file_index, file_row_number
    """  # noqa: S608  names of the contract
    parameters = {
        "labels": [str(quarter or "") for quarter in files],
        "rows": [pq.read_metadata(path).num_rows for path in files.values()],
        "files": [str(path) for path in files.values()],
    }
    return connection.sql(select, params=parameters).to_arrow_table()


def _is_needed(table: Table) -> str:
    wrong = [f"{check} IS NOT NULL" for check in (PRESENCE, BOUNDS, *(rule.name for rule in table.rules))]
    key = f"hash(file_index, {', '.join(table.grain)})"
    repeated = f"{key} IN (SELECT {key} FROM written GROUP BY 1 HAVING count(*) > 1)"  # noqa: S608
    return " OR ".join(["file_row_number = 0", *wrong, repeated])


def _projections(table: Table) -> list[str]:
    """Give the keys, and a column a check in which stands what is wrong with a row, or null if nothing is."""
    missing = {f"{column.name} IS NULL": f"'{column.name} is null'" for column in required_columns(table)}
    outside = {_outside(column): f"concat('{column.name} = ', {column.name})" for column in bounded_columns(table)}
    rules = [_named(rule.name, {f"NOT ({rule.expression})": "'does not hold'"}) for rule in table.rules]
    return [*table.grain, _named(PRESENCE, missing), _named(BOUNDS, outside), *rules]


def _named(name: str, complaints: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {condition} THEN {complaint}" for condition, complaint in complaints.items())
    return f"{f'CASE {cases} END' if cases else 'NULL'} AS {name}"


def _outside(column: Column) -> str:
    conditions = [f"{column.name} < {column.minimum}"] if column.minimum is not None else []
    conditions += [f"{column.name} > {column.maximum}"] if column.maximum is not None else []
    if column.allowed:
        conditions.append(f"{column.name} NOT IN ({', '.join(repr(value) for value in column.allowed)})")
    return " OR ".join(conditions)
