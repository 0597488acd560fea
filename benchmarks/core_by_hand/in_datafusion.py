"""The core measure set by hand in DataFusion: `in_datafusion.py LAKE OUT THREADS QUARTER ...`, a program of its own.

The shape of `in_duckdb.py` in DataFusion's SQL: tables in memory for identities, first dates and the people of the quarter
before. It has no popcount, so weeks are counted by a sum of their bits.
"""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from datafusion import RuntimeEnvBuilder, SessionConfig, SessionContext

_SLUGS = """
SELECT category, CAST(row_number() OVER (ORDER BY min(category_order)) - 1 AS INT) AS number
FROM tracked_repositories GROUP BY category
"""
_REPOSITORIES = (
    "SELECT t.repository, s.number AS category FROM tracked_repositories AS t JOIN slugs AS s USING (category)"
)
_IDENTITIES = """
SELECT alias_id, contributor_id FROM contributor_identities WHERE kind IN ('human', 'placeholder')
"""
_FIRSTS = """
SELECT t.category, i.contributor_id, min(a.first_owned_at) AS first_at
FROM contributor_aliases AS a
JOIN repositories AS t ON t.repository = a.repository
JOIN identities AS i ON i.alias_id = a.alias_id
WHERE i.contributor_id IS NOT NULL AND a.first_owned_at IS NOT NULL
GROUP BY t.category, i.contributor_id
"""
_UNITED = """
SELECT t.category, a.repository, i.contributor_id, a.commits, a.weeks
FROM (
  SELECT repository, alias_id, count(*) AS commits,
    bit_or(1 << least(12, CAST((to_unixtime(committed_at) - {start}) / 604800 AS INT))) AS weeks
  FROM commits WHERE is_counted GROUP BY repository, alias_id
) AS a
JOIN identities AS i ON i.alias_id = a.alias_id
JOIN repositories AS t ON t.repository = a.repository
"""
_PEOPLE = """
SELECT category, contributor_id, bit_or(weeks) AS weeks FROM united
WHERE contributor_id IS NOT NULL GROUP BY category, contributor_id
"""
_MEASURES = """
WITH volumes AS (
  SELECT category, sum(commits) AS commits, count(DISTINCT repository) AS active FROM united GROUP BY category
),
levels AS (
  SELECT category, count(*) AS contributors, CAST(sum({weeks}) AS DOUBLE) / count(*) AS weeks FROM people GROUP BY category
),
churn AS (
  SELECT b.category, count(*) AS churned FROM earlier AS b
  LEFT ANTI JOIN people AS p ON p.category = b.category AND p.contributor_id = b.contributor_id GROUP BY b.category
),
arrivals AS (
  SELECT p.category, count(*) AS first_timers FROM people AS p
  LEFT SEMI JOIN (
    SELECT * FROM firsts WHERE first_at >= to_timestamp_seconds({start}) AND first_at < to_timestamp_seconds({end})
  ) AS f ON f.category = p.category AND f.contributor_id = p.contributor_id GROUP BY p.category
)
SELECT '{first_day}' AS quarter, s.category, coalesce(v.commits, 0) AS commits, coalesce(l.contributors, 0) AS contributors,
  coalesce(v.active, 0) AS repositories_active, l.weeks AS mean_active_weeks, coalesce(c.churned, 0) AS churned,
  coalesce(a.first_timers, 0) AS first_timers
FROM slugs AS s
LEFT JOIN volumes AS v ON v.category = s.number
LEFT JOIN levels AS l ON l.category = s.number
LEFT JOIN churn AS c ON c.category = s.number
LEFT JOIN arrivals AS a ON a.category = s.number
"""
_OVERLAPS = """
WITH masks AS (
  SELECT mask, count(*) AS people FROM (
    SELECT bit_or(1 << category) AS mask FROM people GROUP BY contributor_id
  ) GROUP BY mask
)
SELECT '{first_day}' AS quarter, a.category AS category_a, b.category AS category_b,
  coalesce(sum(CASE WHEN (mask & (1 << a.number)) <> 0 AND (mask & (1 << b.number)) <> 0 THEN people END), 0) AS shared
FROM slugs AS a JOIN slugs AS b ON b.number > a.number CROSS JOIN masks GROUP BY a.category, b.category
"""


def main(lake: str, out: str, threads: str, *quarters: str) -> None:
    """Write measures.csv and overlaps.csv of the quarters (first days; each one's next follows it) into a folder."""
    config = SessionConfig({"datafusion.execution.parquet.pushdown_filters": "false"}).with_target_partitions(
        int(threads)
    )
    context = SessionContext(config, RuntimeEnvBuilder())
    for name in ("tracked_repositories", "contributor_identities", "contributor_aliases"):
        context.register_parquet(name, f"{lake}/{name}/part-0.parquet")
    for name, select in (
        ("slugs", _SLUGS),
        ("repositories", _REPOSITORIES),
        ("identities", _IDENTITIES),
        ("firsts", _FIRSTS),
    ):
        _keep(context, name, select)
    _keep(context, "earlier", "SELECT category, repository AS contributor_id FROM repositories WHERE false")
    measures: list[pa.RecordBatch] = []
    overlaps: list[pa.RecordBatch] = []
    weeks = " + ".join(f"((weeks >> {week}) & 1)" for week in range(13))
    for first_day in quarters:
        bounds = {
            "first_day": first_day,
            "start": _seconds(first_day),
            "end": _seconds(_next(first_day)),
            "weeks": weeks,
        }
        context.register_parquet("commits", f"{lake}/counted_commits/quarter={first_day}/part-0.parquet")
        _keep(context, "united", _UNITED.format(**bounds))
        _keep(context, "people", _PEOPLE)
        measures += context.sql(_MEASURES.format(**bounds)).collect()
        overlaps += context.sql(_OVERLAPS.format(**bounds)).collect()
        _keep(context, "earlier", "SELECT category, contributor_id FROM people")
        context.deregister_table("commits")
    for name, batches in (("measures", measures), ("overlaps", overlaps)):
        with (Path(out) / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, batches[0].schema.names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for batch in batches for row in batch.to_pylist())


def _keep(context: SessionContext, name: str, select: str) -> None:
    context.sql(f"CREATE OR REPLACE TABLE {name} AS {select}").collect()


def _next(first_day: str) -> str:
    year, month = int(first_day[:4]), int(first_day[5:7])
    return f"{year + month // 10}-{(month + 2) % 12 + 1:02d}-01"


def _seconds(first_day: str) -> int:
    return int(datetime.fromisoformat(first_day).replace(tzinfo=UTC).timestamp())


if __name__ == "__main__":
    main(*sys.argv[1:])
