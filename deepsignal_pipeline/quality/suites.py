"""A contract's checks as a Great Expectations suite, run over a batch. Nothing else imports that library.

Its import takes seconds, so it happens in the functions here, and `checker` has them run in a process beside the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from deepsignal_pipeline.quality.expectations import Expectation, checks_of, expectations_of
from deepsignal_pipeline.tables.contract import Table

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_ROWS_NAMED = 10


@dataclass(frozen=True)
class Batch:
    """What the suite of a table needs of the rows of some quarters (labels; empty for a table without quarters).

    The column `rows_are_there` sums up to the rows that were written, of which the batch holds those that can fail.
    """

    table: Table
    labels: tuple[str, ...]
    rows: pa.Table


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


def judge(batches: Sequence[Batch]) -> Iterator[list[Outcome]]:
    """Run the suite of each batch's table; yield one outcome a check, in their order. No batch: only import what it takes."""
    context = quiet_context()
    for batch in batches:
        frame = batch.rows.to_pandas()
        stated = expectations_of(batch.table, quarters=len(batch.labels))
        written = context.data_sources.pandas_default.read_dataframe(frame)
        results: Any = written.validate(suite_of(batch.table, stated), result_format="COMPLETE").results
        ordered = sorted(results, key=lambda result: int(result.expectation_config.meta["number"]))
        yield [_outcome(batch, e, result, frame) for e, result in zip(stated, ordered, strict=True)]


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


def _outcome(batch: Batch, expected: Expectation, result: Any, frame: pd.DataFrame) -> Outcome:
    name = f"{batch.table.name}_{expected.check}"
    if result.success:
        return Outcome(name, passed=True, blocks=expected.blocks)
    positions = [int(position) for position in result.result.get("unexpected_index_list") or []]
    broken = frame.iloc[positions]
    if broken.empty:  # the expectation speaks of the table as a whole
        told = f"{expected.type} {expected.arguments}: observed {result.result.get('observed_value')}"
        return Outcome(name, False, expected.blocks, broken_quarters=batch.labels, examples=(told,))
    cells = broken[["quarter", *batch.table.grain]].astype(str).fillna("null")
    key = cells.agg(" / ".join, axis=1).str.removeprefix(" / ")
    complaints = broken[expected.check] if expected.check in broken else ["stands more than once"] * len(broken)
    examples = [f"{row}: {complaint}" for row, complaint in zip(key, complaints, strict=True)]
    quarters = tuple(sorted(broken["quarter"].unique()))
    return Outcome(name, False, expected.blocks, len(broken), quarters, tuple(examples[:_ROWS_NAMED]))
