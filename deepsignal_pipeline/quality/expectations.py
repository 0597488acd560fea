"""Which checks a contract states, and the one expectation behind each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deepsignal_pipeline.tables.contract import Column, Table

Arguments = dict[str, Any]
GRAIN, PRESENCE, BOUNDS, ROWS = (
    "grain_is_unique",
    "required_values_are_present",
    "values_are_in_bounds",
    "rows_are_there",
)


@dataclass(frozen=True)
class Check:
    """A property of a table that is checked before each publication."""

    name: str
    sentence: str
    blocks: bool = True


@dataclass(frozen=True)
class Expectation:
    """The expectation behind a check, by its Great Expectations type, with the contract's columns that it covers."""

    check: str
    type: str
    arguments: Arguments
    columns: tuple[str, ...] = ()
    blocks: bool = True


def checks_of(table: Table) -> list[Check]:
    """Return the checks of a table, in the order in which they are shown; their names are prefixed with the table's."""
    stated = {
        GRAIN: f"({', '.join(table.grain)}) stands at most once{' a quarter' if table.quarterly else ''}.",
        PRESENCE: "No value that the contract requires is null.",
        BOUNDS: "Every value lies within the bounds, or among the values, of its column's contract.",
        ROWS: _rows_sentence(table),
    } | {rule.name: rule.sentence for rule in table.rules}
    return [Check(f"{table.name}_{e.check}", stated[e.check], e.blocks) for e in expectations_of(table, quarters=1)]


def expectations_of(table: Table, *, quarters: int) -> list[Expectation]:
    """Return the expectations over a batch that holds that many quarters of a table (1 for one without quarters).

    Great Expectations takes some 40 ms an expectation, whatever the rows, and category_metrics alone has 60 columns: so
    presence and bounds are one expectation each, over a column in which DuckDB names what is wrong with a row. Rows are
    counted by a column too, whose sum they are: the batch need not hold all of them.
    """
    expected = [_unique(["quarter", *table.grain] if table.quarterly else list(table.grain))]
    for check, columns in ((PRESENCE, required_columns(table)), (BOUNDS, bounded_columns(table))):
        if columns:
            names = tuple(column.name for column in columns)
            expected.append(Expectation(check, "expect_column_values_to_be_null", {"column": check}, names))
    expected += [
        Expectation(rule.name, "expect_column_values_to_be_null", {"column": rule.name}, blocks=rule.blocks)
        for rule in table.rules
    ]
    if table.rows is not None:
        expected.append(_sum(ROWS, table.rows * quarters, table.rows * quarters))
    elif not table.may_be_empty:
        expected.append(_sum(ROWS, quarters, None))
    return expected


def required_columns(table: Table) -> list[Column]:
    """Columns in which no null may stand."""
    return [column for column in table.columns if column.required]


def bounded_columns(table: Table) -> list[Column]:
    """Columns whose contract bounds or lists their values."""
    return [c for c in table.columns if c.allowed or c.minimum is not None or c.maximum is not None]


def _unique(key: list[str]) -> Expectation:
    if len(key) == 1:
        return Expectation(GRAIN, "expect_column_values_to_be_unique", {"column": key[0]})
    return Expectation(GRAIN, "expect_compound_columns_to_be_unique", {"column_list": key})


def _sum(check: str, least: int, most: int | None) -> Expectation:
    bounds = {"column": check, "min_value": least, "max_value": most}
    return Expectation(check, "expect_column_sum_to_be_between", bounds)


def _rows_sentence(table: Table) -> str:
    if table.rows is not None:
        return f"There are exactly {table.rows} rows{' a quarter' if table.quarterly else ''}."
    return "There is at least one row."
