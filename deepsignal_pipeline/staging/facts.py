"""What the SELECT of `report_facts` cannot compute: intervals of pairs, repositories and depth, and what changes mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.staging.versions import refuse_mixed
from deepsignal_pipeline.statistics.intervals import Interval, ratio_of_people, wilson
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column
from deepsignal_pipeline.tables.report_facts import (
    CATALOGUE_CHANGE_VALUES,
    CATALOGUE_SUMS,
    CATALOGUE_VALUES,
    CHANGE_VALUES,
    OF_CATALOGUE_ONLY,
    SMALL_VALUES,
)

Row = dict[str, object]


def stage_facts(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage what measures mean and how sure they are; refuse measures that stand under different identities."""
    refuse_mixed(inputs.lake, TABLES["report_facts"], quarter)
    session.stage("measure_definitions", measure_definitions())
    session.read(TABLES["report_facts"], quarter)
    stage_intervals(session)


MEASURED = (
    "category_metrics",
    "restatements",
    "repository_metrics",
    "category_overlaps",
    "contributor_migration",
    "work_type_mix",
    "category_depth",
    "category_coordination",
    "prediction_scores",
    "prediction_calibration",
    "focus_terms",
)
"""Tables whose columns with a unit become facts."""


def measure_definitions() -> pa.Table:
    """Return unit and definition of every measure that becomes a fact, from the contracts."""
    category = {column.name: column for column in TABLES["category_metrics"].columns}
    rows = [row for name in MEASURED for row in _described(name, _measures(name))]
    rows += _described("catalogue_sums", (category[name] for name in CATALOGUE_SUMS))
    rows += _described("catalogue_values", CATALOGUE_VALUES)
    rows += _described("small_repositories", SMALL_VALUES)
    return pa.Table.from_pylist(rows)


def _measures(name: str) -> Iterator[Column]:
    withheld = OF_CATALOGUE_ONLY if name == "category_metrics" else frozenset()
    return (column for column in TABLES[name].columns if column.unit and column.name not in withheld)


def _described(table_name: str, columns: Iterable[Column]) -> list[dict[str, object]]:
    return [
        {
            "table_name": table_name,
            "measure": column.name,
            "unit": column.unit,
            "definition": column.meaning,
            "people": column.people,
        }
        for column in columns
    ]


def stage_intervals(session: Session) -> None:
    """Stage `change_definitions` and `ratio_intervals` (entity, measure, low, high) for the bound tables of a quarter."""
    session.stage("change_definitions", pa.Table.from_pylist(_definitions()))
    rows = [*_pairs(session), *_repositories(session), *_depth(session)]
    session.stage("ratio_intervals", pa.Table.from_pylist(rows, schema=_SCHEMA))


_SCHEMA = pa.schema([("entity", pa.string()), ("measure", pa.string()), ("low", pa.float64()), ("high", pa.float64())])


def _definitions() -> list[Row]:
    return [
        {
            "source_measure": measure,
            "source_column": column,
            # All digits of a surprise would tell a level of its window that is hidden
            "expression": f"round({column}, 1)" if fact.unit == "standard deviations" else column,
            "places": 1 if fact.unit == "standard deviations" else None,
            "measure": fact.name,
            "unit": fact.unit,
            "definition": fact.meaning,
            "is_of_catalogue_only": is_of_catalogue_only,
        }
        for values, is_of_catalogue_only in ((CHANGE_VALUES, False), (CATALOGUE_CHANGE_VALUES, True))
        for (measure, column), fact in values
    ]


def _pairs(session: Session) -> Iterator[Row]:
    """Give the intervals of what two categories share: shares of the people of one, or of either."""
    for first, second, people_a, people_b, shared in session.frame(sums_text("pair_counts")).fetchall():
        either = people_a + people_b - shared
        for measure, people in (("containment_a", people_a), ("containment_b", people_b), ("jaccard", either)):
            yield from _entry(f"{first}+{second}", measure, wilson(shared, people))


def _repositories(session: Session) -> Iterator[Row]:
    """Give the intervals of changes of people. One tells how many are in both quarters, so few keep it to themselves."""
    for repository, now, before, retained in session.frame(sums_text("repository_counts")).fetchall():
        ratio = ratio_of_people(now, before, retained) if retained >= FEW else None
        yield from _entry(repository, "contributors_qoq_pct", ratio and Interval(*(100 * (end - 1) for end in ratio)))


def _depth(session: Session) -> Iterator[Row]:
    """Give the intervals of the shares of a category's people by what they did."""
    for category, measure, counted, people in session.frame(sums_text("depth_counts")).fetchall():
        yield from _entry(category, measure, wilson(counted, people))


def _entry(entity: str, measure: str, interval: Interval | None) -> Iterator[Row]:
    if interval is not None:
        yield {"entity": entity, "measure": measure, "low": interval.low, "high": interval.high}
