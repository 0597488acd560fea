"""Validate written files against their contract before anyone can see them.

DuckDB reads the files and hands Great Expectations only what its suite needs: keys, bounded values, presence of
required ones, and each rule as a column of ones and zeros.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.quality.expectations import Expectation, checks_of, expectations_of
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
    expectations: int
    broken_rows: int = 0
    broken_quarters: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @classmethod
    def united(cls, outcomes: Sequence[Outcome]) -> Outcome:
        """Unite what one check found in several batches."""
        return cls(
            check=outcomes[0].check,
            passed=all(outcome.passed for outcome in outcomes),
            expectations=outcomes[0].expectations,
            broken_rows=sum(outcome.broken_rows for outcome in outcomes),
            broken_quarters=tuple(sorted({label for outcome in outcomes for label in outcome.broken_quarters})),
            examples=tuple(example for outcome in outcomes for example in outcome.examples)[:_ROWS_NAMED],
        )


def validate(table: Table, files: Files, connection: duckdb.DuckDBPyConnection) -> list[Outcome]:
    """Check files (one a quarter) against the contract of their table; return one outcome a check, in their order."""
    batch = batch_of(table, files, connection)
    stated = expectations_of(table, quarters=len(files))
    results = list(zip(stated, run_suite(table, stated, batch), strict=True))
    return [
        _outcome(check.name, [(e, r) for e, r in results if check.name == f"{table.name}_{e.check}"], batch, files)
        for check in checks_of(table)
    ]


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

    suite = gx.ExpectationSuite(name=table.name)
    for number, expected in enumerate(stated):
        meta = {"number": number, "check": f"{table.name}_{expected.check}"}
        suite.add_expectation(get_expectation_impl(expected.type)(**expected.arguments, meta=meta))
    return suite


def _projections(table: Table) -> list[str]:
    rules = [f"CASE WHEN ({rule.expression}) IS NOT FALSE THEN 1 ELSE 0 END AS {rule.name}" for rule in table.rules]
    return [p for column in table.columns if (p := _projection(table, column))] + rules


def _projection(table: Table, column: Column) -> str | None:
    """Give the value where the suite looks at it; where only its presence matters, a one or a null instead."""
    if column.name in table.grain or column.allowed or column.minimum is not None or column.maximum is not None:
        return column.name
    return f"CASE WHEN {column.name} IS NOT NULL THEN 1.0 END AS {column.name}" if column.required else None


def _outcome(name: str, results: list[tuple[Expectation, Any]], batch: pd.DataFrame, files: Files) -> Outcome:
    failed = [(expected, result) for expected, result in results if not result.success]
    if not failed:
        return Outcome(name, passed=True, expectations=len(results))
    broken = [_positions(result) for _, result in failed]
    quarters = {str(label) for positions in broken for label in batch["quarter"].iloc[positions].unique()}
    examples = [
        example
        for (expected, result), positions in zip(failed, broken, strict=True)
        for example in [_example(batch, expected, p) for p in positions[:_ROWS_NAMED]] or [_told(expected, result)]
    ]
    return Outcome(
        name,
        passed=False,
        expectations=len(results),
        broken_rows=sum(len(positions) for positions in broken),
        broken_quarters=tuple(sorted(quarters)) or tuple(str(quarter or "") for quarter in files),
        examples=tuple(examples[:_ROWS_NAMED]),
    )


def _positions(result: Any) -> list[int]:
    """Places of the broken rows in the batch; none where an expectation speaks of the table as a whole."""
    return [int(position) for position in result.result.get("unexpected_index_list") or []]


def _example(batch: pd.DataFrame, expected: Expectation, position: int) -> str:
    row = batch.iloc[position]
    named = [column for column in batch.columns[:4] if isinstance(row[column], str) and row[column]]
    column = expected.arguments.get("column")
    value = f": {column} = {row[column]}" if column else ""
    return f"{' / '.join(str(row[name]) for name in named)}{value}"


def _told(expected: Expectation, result: Any) -> str:
    return f"{expected.type} {expected.arguments}: observed {result.result.get('observed_value')}"
