"""Validate written files against their contract before anyone can see them.

DuckDB reads the files and hands Great Expectations only what its suite needs: the keys, and a column a check that is
null where a row is right and says what is wrong where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.quality.checker import judged
from deepsignal_pipeline.quality.expectations import BOUNDS, PRESENCE, bounded_columns, required_columns
from deepsignal_pipeline.quality.suites import Batch, Outcome
from deepsignal_pipeline.tables.contract import Column, Table

Files = Mapping[Quarter | None, Path]


def validate(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> list[Outcome]:
    """Check files (one a quarter) against the contract of their table; return one outcome a check, in their order."""
    labels = tuple(str(quarter or "") for quarter in files)
    return judged(Batch(table, labels, batch_of(table, files, connection)))


def batch_of(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Read what the suite of a table needs from files; the first column is the quarter's label."""
    parts = []
    for quarter, path in files.items():
        rows = connection.read_parquet(str(path), hive_partitioning=False)
        parts.append(rows.project(f"'{quarter or ''}' AS quarter, {', '.join(_projections(table))}"))
    batch = parts[0]
    for part in parts[1:]:
        batch = batch.union(part)
    return batch.to_arrow_table()


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
