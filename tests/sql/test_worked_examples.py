"""Every measure has a worked example of at most ten lines (tests/sql/worked), and the example holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from worked import EXAMPLES
from worked.example import Example, Figures

from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.report_facts import (
    CATALOGUE_CHANGE_VALUES,
    CATALOGUE_SUMS,
    CATALOGUE_VALUES,
    CHANGE_VALUES,
    SMALL_VALUES,
)

if TYPE_CHECKING:
    from conftest import Lab

MOST = 10

LARGER = {
    **dict.fromkeys(
        ("focus_terms.people", "focus_terms.z", "focus_terms.expected_uses", "focus_terms.top_repository_share"),
        "z^2 is at most one less than the person-quarters that are compared, and must pass 3.5^2: 14 rows or more",
    ),
    **dict.fromkeys(
        ("category_overlaps.strength_rank", "category_overlaps.newness_rank"),
        "only pairs above chance have a rank, from 5 shared people on. These are ten rows, and with nobody else chance "
        "gives the pair all of them",
    ),
    **dict.fromkeys(
        ("prediction_scores.own_record_pct", "prediction_scores.persistence_pct", "prediction_scores.momentum_pct",
         "prediction_scores.reversion_pct"),
        "the rules are asked from 12 changes within four quarters on: of 3 categories 5 values each, 15 rows or more",
    ),
}  # fmt: skip
"""Measures that no ten rows of the lake can show, and why; the lines of their examples stand for several rows each."""


def measured_columns() -> set[str]:
    """Return the measures that are a column: those with a unit, and whatever else is a fraction, as ends of intervals are."""
    return {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if table.stage == 2 and (column.unit or column.type == "DOUBLE")
    }


def facts_of_their_own() -> set[str]:
    """Return the measures that only report_facts has, by what they are of."""
    of_catalogue = [
        *CATALOGUE_SUMS,
        *(c.name for c in (*CATALOGUE_VALUES, *(fact for _, fact in CATALOGUE_CHANGE_VALUES))),
    ]
    return {
        *(f"report_facts.catalogue.{name}" for name in of_catalogue),
        *(f"report_facts.small_repositories.{column.name}" for column in SMALL_VALUES),
        *(f"report_facts.category.{fact.name}" for _, fact in CHANGE_VALUES),
    }


def measures_in_rows() -> set[str]:
    """Return the measures that are rows of a table, and not columns."""
    return {
        f"{name}.{measure}"
        for name in ("category_changes", "measure_history")
        for column in TABLES[name].columns
        if column.name == "measure"
        for measure in column.allowed
    }


def shown(figures: Figures) -> set[str]:
    """Return the measures that a row shows: what is null, or nothing, shows none."""
    found = {f"{figures.table}.{column}" for column, value in figures.values.items() if value not in (None, 0)}
    if f"{figures.table}.value" in found and "measure" in TABLES[figures.table].grain:
        found.add(f"{figures.table}.{figures.by_column['measure']}")
    if f"{figures.table}.value" in found and figures.table == "report_facts":
        entity, _, measure = figures.key[0].rpartition(".")
        found.add(f"report_facts.{_kind(entity)}.{measure}")
    return found


def _kind(entity: str) -> str:
    if entity == "catalogue":
        return "catalogue"
    if entity.endswith(":small_repositories"):
        return "small_repositories"
    return "category" if entity.isalpha() else "other"


def shown_by(examples: list[Example]) -> set[str]:
    return {measure for example in examples for figures in example.gives for measure in shown(figures)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_gives_what_was_worked_out_by_hand(lab: Lab, example: Example) -> None:
    find = example.work_out(lab)
    for figures in example.gives:
        row = find(figures)
        assert {name: row[name] for name in figures.values} == {n: close_to(v) for n, v in figures.values.items()}


def close_to(value: Any) -> Any:
    """Return what a value must equal: a fraction up to rounding, whatever else exactly."""
    return pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value


def test_every_measure_has_an_example() -> None:
    wanted = measured_columns() | facts_of_their_own() | measures_in_rows()
    assert sorted(wanted - shown_by(list(EXAMPLES))) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_told_in_at_most_ten_lines(example: Example) -> None:
    assert example.lines <= MOST


def test_an_example_has_at_most_ten_rows_unless_none_could_show_its_measure() -> None:
    small = [example for example in EXAMPLES if example.size <= MOST]
    wanted = measured_columns() | facts_of_their_own() | measures_in_rows()
    assert sorted(wanted - shown_by(small)) == sorted(LARGER)
    # A larger one is there only for what cannot be shown otherwise
    for example in EXAMPLES:
        assert example.size <= MOST or shown_by([example]) & set(LARGER), example.title


def test_examples_have_titles_of_their_own() -> None:
    titles = [example.title for example in EXAMPLES]
    assert len(titles) == len(set(titles))
