"""Predictions replayed over the whole sample: whether rates or simple rules beat the base rate.

The last quarter's scores hold everything that came due before. Prints the tables of docs/analysis.md.
DEEPSIGNAL_REPLAY_HOME names a home folder to keep between runs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

FIRST, LAST = "2018-Q1", "2023-Q3"
FORECASTERS = ("probability", "base_rate", "own_record", "persistence", "momentum", "reversion")
RULES = FORECASTERS[2:]
WEIGHTS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0)
Numbers = NDArray[np.float64]

_DUE = """
SELECT event, epoch(deadline) AS deadline, CAST(state = 'came_true' AS INTEGER) AS came, {columns}
FROM read_parquet($file)
WHERE author_kind = 'program' AND state IN ('came_true', 'failed')
ORDER BY prediction_id
"""
_OWN = """
WITH moved AS (
  SELECT
    h.entity, e.event, h.quarter,
    CASE WHEN 100 * n.value = e.factor_pct * h.value THEN e.is_inclusive
    ELSE (100 * n.value > e.factor_pct * h.value) = e.is_upward END AS came
  FROM histories AS h
  JOIN events AS e ON e.measure = h.measure
  JOIN histories AS n ON n.entity = h.entity AND n.measure = h.measure AND n.quarter = h.quarter + INTERVAL 3 MONTH
  WHERE h.value > 0 AND h.people >= 30 AND n.value IS NOT NULL
),
known AS (
  SELECT m.*, count(o.came) FILTER (WHERE o.entity = m.entity) AS n, count(o.came) AS all_n,
    count(*) FILTER (WHERE o.came AND o.entity = m.entity) AS k, count(*) FILTER (WHERE o.came) AS all_k
  FROM moved AS m
  JOIN moved AS o ON o.event = m.event AND o.quarter BETWEEN m.quarter - INTERVAL 12 MONTH AND m.quarter - INTERVAL 3 MONTH
  GROUP BY ALL
  HAVING count(*) >= 12
)
SELECT n, k, (all_k + 1) / (all_n + 2) AS pooled, CAST(came AS INTEGER) AS came, epoch(quarter) AS quarter
FROM known ORDER BY event, entity, quarter
"""


def main() -> None:
    """Print scores against the base rate, by forecaster and event; calibration; and what shrinking less would cost."""
    given = os.environ.get("DEEPSIGNAL_REPLAY_HOME")
    with tempfile.TemporaryDirectory() as home, duckdb.connect() as connection:
        scores, history = _publish(Path(given or home))
        columns = ", ".join(f"{name}_pct AS {name}" for name in FORECASTERS)
        due = connection.execute(_DUE.format(columns=columns), {"file": scores}).fetchnumpy()
        _print_scores(due)
        _print_calibration(due)
        _print_weights(connection, history)


def _print_scores(due: dict[str, Numbers]) -> None:
    print(f"{FIRST} to {LAST}: events of the program, each in the quarter that decided it")
    print(f"{'':34s}{'n':>6s}{'quarters':>10s}{'Brier':>8s}{'base':>8s}{'skill':>8s}{'difference, 95 % interval':>32s}")
    for forecaster in FORECASTERS:
        for event in ("all", *sorted(set(due["event"]))) if forecaster in ("probability", "persistence") else ("all",):
            chosen = np.full(len(due["came"]), True) if event == "all" else due["event"] == event
            came, clusters = due["came"][chosen], due["deadline"][chosen]
            base = (due["base_rate"][chosen] / 100 - came) ** 2
            score = (due[forecaster][chosen] / 100 - came) ** 2
            mean, half = clustered(score - base, clusters, len(RULES) if forecaster in RULES else 1)
            print(
                f"{forecaster + ', ' + event:34s}{len(came):6d}{len(set(clusters)):10d}{score.mean():8.4f}{base.mean():8.4f}"
                f"{1 - score.mean() / base.mean():8.3f}{mean:+14.4f} [{mean - half:+.4f}, {mean + half:+.4f}]"
            )


def _print_calibration(due: dict[str, Numbers]) -> None:
    print(f"\n{'probability':16s}{'n':>6s}{'given':>8s}{'came':>8s}")
    for low in range(0, 100, 20):
        chosen = (due["probability"] >= low) & (due["probability"] < low + 20)
        if chosen.any():
            given, came = due["probability"][chosen].mean(), 100 * due["came"][chosen].mean()
            print(f"{low} to {low + 19} %{'':6s}{chosen.sum():6d}{given:7.1f}%{came:7.1f}%")


def _print_weights(connection: duckdb.DuckDBPyConnection, history: str) -> None:
    """Score a category's own rate of four changes, shrunk towards the rate of all with ever more weight."""
    _stage(connection, history)
    known = connection.execute(_OWN).fetchnumpy()
    base = (known["pooled"] - known["came"]) ** 2
    print("\nown rate shrunk with the weight of so many changes: difference of Brier scores, 95 % interval")
    for weight in WEIGHTS:
        with np.errstate(invalid="ignore"):
            given = (known["k"] + weight * known["pooled"]) / (known["n"] + weight)
        given = np.where(known["n"] + weight > 0, given, known["pooled"])
        mean, half = clustered((given - known["came"]) ** 2 - base, known["quarter"])
        print(f"{weight:6.0f}{mean:+10.4f} [{mean - half:+.4f}, {mean + half:+.4f}]")


def clustered(values: Numbers, clusters: Numbers, at_once: int = 1) -> tuple[float, float]:
    """Return mean and half of its 95 % interval, for so many intervals at once; values of a cluster may go together."""
    mean = float(values.mean())
    sums = np.array([(values[clusters == cluster] - mean).sum() for cluster in np.unique(clusters)])
    error = np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)) / len(values)
    return mean, float(error * stdtrit(len(sums) - 1, 1 - 0.025 / at_once))


def _stage(connection: duckdb.DuckDBPyConnection, history: str) -> None:
    import pyarrow as pa

    from deepsignal_pipeline.domain.prediction_events import EVENTS
    from deepsignal_pipeline.domain.predictions import is_inclusive, is_upward

    connection.execute(
        "CREATE TABLE histories AS SELECT *, measured_quarter AS quarter FROM read_parquet(?, hive_partitioning = false) "
        "WHERE entity_kind = 'category' AND value IS NOT NULL",
        [history],
    )
    rows = [
        {
            "event": event.name,
            "measure": event.measure,
            "factor_pct": event.factor_pct,
            "is_upward": is_upward(event.operator),
            "is_inclusive": is_inclusive(event.operator),
        }
        for event in EVENTS
    ]
    connection.from_arrow(pa.Table.from_pylist(rows)).create("events")


def _publish(home: Path) -> tuple[str, str]:
    """Make what the scores of the last quarter need; return its file, and that of the history behind it."""
    from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
    from deepsignal_pipeline.pipeline import make
    from deepsignal_pipeline.running import open_pipeline
    from deepsignal_pipeline.settings import read_settings
    from deepsignal_pipeline.tables import TABLES

    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home)}))
    pipeline.lake.prepare()
    last = Quarter.parse(LAST)
    # Rates are learned from four changes, of which churn's look a quarter further back
    read = quarter_range(Quarter.parse(FIRST).shift(-5), last)
    for name in _needed("prediction_scores"):
        table = TABLES[name]
        wanted = (read if table.stage < 2 else [last]) if table.quarterly else [None]
        if missing := [quarter for quarter in wanted if not pipeline.lake.has(table, quarter)]:
            make(pipeline, name, missing)
    return tuple(str(pipeline.lake.file(TABLES[name], last)) for name in ("prediction_scores", "measure_history"))  # type: ignore[return-value]


def _needed(name: str) -> Iterator[str]:
    """Yield a table and all that it is made from, in the order of the contracts."""
    from deepsignal_pipeline.tables import TABLES

    needed, waiting = set(), [name]
    while waiting:
        needed.add(waiting.pop())
        waiting = [read.table for known in needed for read in TABLES[known].reads if read.table not in needed]
    return (table for table in TABLES if table in needed)
