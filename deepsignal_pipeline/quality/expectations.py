"""Which expectations a contract states, and which named check each of them belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deepsignal_pipeline.tables.contract import Column, Rule, Table

Arguments = dict[str, Any]
GRAIN, PRESENCE, BOUNDS, ROWS = "grain_is_unique", "required_values_are_present", "values_are_in_bounds", "rows_are_there"


@dataclass(frozen=True)
class Check:
    """A property of a table that is checked before each publication."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Expectation:
    """One expectation by its Great Expectations type, with the check it belongs to."""

    check: str
    type: str
    arguments: Arguments


def checks_of(table: Table) -> list[Check]:
    """Return the checks of a table, in the order in which they are shown; their names are prefixed with the table's."""
    stated = {
        GRAIN: f"({', '.join(table.grain)}) stands at most once{' a quarter' if table.quarterly else ''}.",
        PRESENCE: "No value that the contract requires is null.",
        BOUNDS: "Every value lies within the bounds, or among the values, of its column's contract.",
        ROWS: _rows_sentence(table),
    } | {rule.name: rule.sentence for rule in table.rules}
    used = {expectation.check for expectation in expectations_of(table, quarters=1)}
    return [Check(f"{table.name}_{name}", sentence) for name, sentence in stated.items() if name in used]


def expectations_of(table: Table, *, quarters: int) -> list[Expectation]:
    """Return the expectations over a batch that holds that many quarters of a table (1 for one without quarters)."""
    key = ["quarter", *table.grain] if table.quarterly else list(table.grain)
    expected = [_unique(key)]
    for column in table.columns:
        expected += _column_expectations(column)
    expected += [Expectation(rule.name, "expect_column_values_to_be_in_set", _holds(rule)) for rule in table.rules]
    if table.rows is not None:
        expected.append(Expectation(ROWS, "expect_table_row_count_to_equal", {"value": table.rows * quarters}))
    elif not table.may_be_empty:
        expected.append(Expectation(ROWS, "expect_table_row_count_to_be_between", {"min_value": quarters}))
    return expected


def _unique(key: list[str]) -> Expectation:
    if len(key) == 1:
        return Expectation(GRAIN, "expect_column_values_to_be_unique", {"column": key[0]})
    return Expectation(GRAIN, "expect_compound_columns_to_be_unique", {"column_list": key})


def _column_expectations(column: Column) -> list[Expectation]:
    name = {"column": column.name}
    stated = []
    if column.required:
        stated.append(Expectation(PRESENCE, "expect_column_values_to_not_be_null", name))
    if column.minimum is not None or column.maximum is not None:
        bounds = {"min_value": column.minimum, "max_value": column.maximum}
        stated.append(Expectation(BOUNDS, "expect_column_values_to_be_between", name | bounds))
    if column.allowed:
        among: Arguments = {"value_set": list(column.allowed)}
        stated.append(Expectation(BOUNDS, "expect_column_values_to_be_in_set", name | among))
    return stated


def _holds(rule: Rule) -> Arguments:
    return {"column": rule.name, "value_set": [1]}


def _rows_sentence(table: Table) -> str:
    if table.rows is not None:
        return f"There are exactly {table.rows} rows{' a quarter' if table.quarterly else ''}."
    return "There is at least one row."
