"""Runs the SELECTs about predictions over a handful of figures, staged as in a run but without commits behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from deepsignal_pipeline.domain.predictions import Predictions
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sql import select_text
from deepsignal_pipeline.staging.predictions import stage_predictions, stage_quantiles
from deepsignal_pipeline.tables import TABLES

Row = dict[str, Any]
Values = Sequence[float | None]


@dataclass(frozen=True)
class Written:
    """What of a table's inputs the predictions need."""

    predictions: Predictions
    lake: Lake


def history(quarter: Quarter, figures: Mapping[tuple[str, str], Values], *, people: int = 100) -> list[Row]:
    """Return rows of `measure_history`: by (entity, measure) the values of consecutive quarters, the last is `quarter`."""
    kinds = {"catalogue": "catalogue"}
    return [
        {
            "measured_quarter": quarter.shift(n + 1 - len(values)).first_day,
            "entity_kind": "pair" if "+" in entity else kinds.get(entity, "category"),
            "entity": entity,
            "measure": measure,
            "value": value,
            "people": people,
            "smallest_part": people,
            "null_reason": "partial_source" if value is None else None,
        }
        for (entity, measure), values in figures.items()
        for n, value in enumerate(values)
    ]


def score(
    quarter: Quarter,
    figures: Iterable[Row],
    predictions: Predictions = Predictions(),  # noqa: B008
    printed: Sequence[Row] = (),
) -> list[Row]:
    """Return the rows of `prediction_scores` over such a history, in the order of the file.

    `printed` is what editions said before, with the day of each (`printed_on`).
    """
    rows = list(figures)
    categories = sorted({row["entity"] for row in rows if row["entity_kind"] == "category"})
    with duckdb.connect() as connection:
        lake = Lake(Path("nowhere"))
        stage_predictions(Session(connection, lake), Written(predictions, lake), quarter)
        if printed:
            schema = connection.table("published_predictions").to_arrow_table().schema
            told = pa.Table.from_pylist(list(printed), schema=schema)
            connection.from_arrow(told).create_view("published_predictions", replace=True)
        fill(connection, "measure_history", rows)
        fill(connection, "tracked_repositories", [{"category": c, "category_name": c.title()} for c in categories])
        bounds = {"quarter": quarter.first_day, "first_quarter": FIRST_QUARTER.first_day}
        return run(connection, "prediction_scores", bounds)


def calibrate(scores: Iterable[Row]) -> list[Row]:
    """Return the rows of `prediction_calibration` over rows of `prediction_scores`."""
    with duckdb.connect() as connection:
        stage_quantiles(Session(connection, Lake(Path("nowhere"))), None, Quarter(2023, 1))
        fill(connection, "prediction_scores", list(scores))
        return run(connection, "prediction_calibration", {})


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    """Make a table with the contract's columns and types; what a row leaves out is null."""
    columns = {column.name: column.type for column in TABLES[name].columns}
    written = pa.table({key: pa.array([row.get(key) for row in rows]) for key in columns})
    connection.from_arrow(written).create_view("written", replace=True)
    cast = ", ".join(f"CAST({key} AS {kind}) AS {key}" for key, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {cast} FROM written")  # noqa: S608


def run(connection: duckdb.DuckDBPyConnection, name: str, parameters: Row) -> list[Row]:
    """Run the SELECT of a table in the frame of its contract."""
    table = TABLES[name]
    columns = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in table.columns)
    select = f"SELECT {columns} FROM ({select_text(name)}) ORDER BY {', '.join(table.sort_columns)}"  # noqa: S608
    rows = connection.execute(select, parameters).fetchall()
    return [dict(zip(table.column_names, row, strict=True)) for row in rows]
