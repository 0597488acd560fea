"""Validate written files against their contract before anyone can see them.

DuckDB reads the files and hands Great Expectations only what its suite needs: the keys, and a column a check that is
null where a row is right and says what is wrong where it is not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.quality.expectations import (
    BOUNDS,
    PRESENCE,
    Expectation,
    bounded_columns,
    checks_of,
    expectations_of,
    required_columns,
)
from deepsignal_pipeline.tables.contract import Column, Table

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

Files = Mapping[Quarter | None, Path]
_ROWS_NAMED = 10


@dataclass(frozen=True)
class Outcome:
    """What a check found: which quarters broke it, how many rows, and the keys of the first of them."""

    check: str
    passed: bool
    blocks: bool = True
    broken_rows: int = 0
    broken_quarters: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @classmethod
    def united(cls, outcomes: Sequence[Outcome]) -> Outcome:
        """Unite what one check found in several batches."""
        return cls(
            check=outcomes[0].check,
            passed=all(outcome.passed for outcome in outcomes),
            blocks=outcomes[0].blocks,
            broken_rows=sum(outcome.broken_rows for outcome in outcomes),
            broken_quarters=tuple(sorted({label for outcome in outcomes for label in outcome.broken_quarters})),
            examples=tuple(example for outcome in outcomes for example in outcome.examples)[:_ROWS_NAMED],
        )


def validate(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> list[Outcome]:
    """Check files (one a quarter) against the contract of their table; return one outcome a check, in their order."""
    batch = batch_of(table, files, connection)
    stated = expectations_of(table, quarters=len(files))
    results = run_suite(table, stated, batch)
    labels = tuple(str(quarter or "") for quarter in files)
    return [_outcome(table, e, result, batch, labels) for e, result in zip(stated, results, strict=True)]


def batch_of(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Read what the suite of a table needs from files, as a frame whose first column is the quarter's label."""
    parts = []
    for quarter, path in files.items():
        rows = connection.read_parquet(str(path), hive_partitioning=False)
        parts.append(rows.project(f"'{quarter or ''}' AS quarter, {', '.join(_projections(table))}"))
    batch = parts[0]
    for part in parts[1:]:
        batch = batch.union(part)
    frame: pd.DataFrame = batch.df()
    return frame


def run_suite(table: Table, stated: list[Expectation], batch: pd.DataFrame) -> list[Any]:
    """Run expectations over a batch with Great Expectations; return its result objects in the same order."""
    context = quiet_context()
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset(table.name)
    definition = asset.add_batch_definition_whole_dataframe("written")
    written = definition.get_batch({"dataframe": batch})
    results = written.validate(suite_of(table, stated), result_format="COMPLETE").results
    return sorted(results, key=lambda result: int(result.expectation_config.meta["number"]))


def quiet_context() -> EphemeralDataContext:
    """Open a Great Expectations context that keeps nothing, asks no network and draws no progress bars."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def suite_of(table: Table, stated: list[Expectation]) -> ExpectationSuite:
    """Return the expectations as a Great Expectations suite; each remembers its number and its check."""
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    expectations = []
    for number, expected in enumerate(stated):
        meta = {
            "number": number,
            "check": f"{table.name}_{expected.check}",
            "columns": list(expected.columns),
            "notes": _notes(table, expected),
        }
        expectations.append(get_expectation_impl(expected.type)(**expected.arguments, meta=meta))
    return gx.ExpectationSuite(name=table.name, expectations=expectations)


def _notes(table: Table, expected: Expectation) -> dict[str, object]:
    """Say in Data Docs what the contract says; the expectation alone reads "values must be null"."""
    sentences = {check.name: check.sentence for check in checks_of(table)}
    covered = f" Columns: {', '.join(expected.columns)}." if expected.columns else ""
    return {"format": "markdown", "content": [f"{sentences[f'{table.name}_{expected.check}']}{covered}"]}


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


def _outcome(table: Table, expected: Expectation, result: Any, batch: pd.DataFrame, labels: tuple[str, ...]) -> Outcome:
    name = f"{table.name}_{expected.check}"
    if result.success:
        return Outcome(name, passed=True, blocks=expected.blocks)
    positions = [int(position) for position in result.result.get("unexpected_index_list") or []]
    broken = batch.iloc[positions]
    if broken.empty:  # the expectation speaks of the table as a whole
        told = f"{expected.type} {expected.arguments}: observed {result.result.get('observed_value')}"
        return Outcome(name, False, expected.blocks, broken_quarters=labels, examples=(told,))
    key = broken[["quarter", *table.grain]].astype(str).agg(" / ".join, axis=1).str.removeprefix(" / ")
    complaints = broken[expected.check] if expected.check in broken else ["stands more than once"] * len(broken)
    examples = [f"{row}: {complaint}" for row, complaint in zip(key, complaints, strict=True)]
    quarters = tuple(sorted(broken["quarter"].unique()))
    return Outcome(name, False, expected.blocks, len(broken), quarters, tuple(examples[:_ROWS_NAMED]))
