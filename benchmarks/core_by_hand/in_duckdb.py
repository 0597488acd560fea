"""The core measure set by hand in DuckDB: `in_duckdb.py LAKE OUT THREADS QUARTER ...`, a program of its own.

Quarter by quarter: one GROUP BY to (repository, alias) with a bitmask of weeks, one join with the identities, then people;
the people of a quarter stay for the next one's churn, and a mask of categories a person gives all overlaps at once.
"""

import sys
from pathlib import Path

import duckdb

_ONCE = """
CREATE TEMP TABLE slugs AS
SELECT category, CAST(row_number() OVER (ORDER BY min(category_order)) - 1 AS INTEGER) AS number
FROM read_parquet($lake || '/tracked_repositories/part-0.parquet') GROUP BY category;

CREATE TEMP TABLE repositories AS
SELECT t.repository, s.number AS category
FROM read_parquet($lake || '/tracked_repositories/part-0.parquet') AS t JOIN slugs AS s USING (category);

CREATE TEMP TABLE identities AS
SELECT alias_id, contributor_id
FROM read_parquet($lake || '/contributor_identities/part-0.parquet') WHERE kind IN ('human', 'placeholder');

CREATE TEMP TABLE firsts AS
SELECT t.category, i.contributor_id, min(a.first_owned_at) AS first_at
FROM read_parquet($lake || '/contributor_aliases/part-0.parquet') AS a
JOIN repositories AS t USING (repository)
JOIN identities AS i USING (alias_id)
WHERE i.contributor_id IS NOT NULL AND a.first_owned_at IS NOT NULL
GROUP BY ALL;

CREATE TEMP TABLE before (category INTEGER, contributor_id VARCHAR);
CREATE TABLE measures (
  quarter DATE, category VARCHAR, commits BIGINT, contributors BIGINT, repositories_active BIGINT,
  mean_active_weeks DOUBLE, churned BIGINT, first_timers BIGINT
);
CREATE TABLE pairs (quarter DATE, category_a VARCHAR, category_b VARCHAR, shared BIGINT);
"""

_QUARTER = """
CREATE OR REPLACE TEMP TABLE aliases AS
SELECT repository, alias_id, count(*) AS commits,
  bit_or(1 << least(12, (epoch_us(committed_at) - epoch_us($start)) // 604800000000)::INTEGER) AS weeks
FROM read_parquet($file) WHERE is_counted GROUP BY repository, alias_id;

CREATE OR REPLACE TEMP TABLE united AS
SELECT a.repository, i.contributor_id, sum(a.commits) AS commits, bit_or(a.weeks) AS weeks
FROM aliases AS a JOIN identities AS i USING (alias_id)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE people AS
SELECT t.category, u.contributor_id, bit_or(u.weeks) AS weeks
FROM united AS u JOIN repositories AS t USING (repository) WHERE u.contributor_id IS NOT NULL GROUP BY ALL;

INSERT INTO measures
SELECT $start::DATE, s.category, coalesce(v.commits, 0), coalesce(p.contributors, 0), coalesce(v.active, 0), p.weeks,
  coalesce(c.churned, 0), coalesce(f.first_timers, 0)
FROM slugs AS s
LEFT JOIN (
  SELECT category, sum(commits) AS commits, count(DISTINCT repository) AS active
  FROM united JOIN repositories USING (repository) GROUP BY category
) AS v ON v.category = s.number
LEFT JOIN (
  SELECT category, count(*) AS contributors, sum(bit_count(weeks)) / count(*) AS weeks FROM people GROUP BY category
) AS p ON p.category = s.number
LEFT JOIN (
  SELECT category, count(*) AS churned FROM before ANTI JOIN people USING (category, contributor_id) GROUP BY category
) AS c ON c.category = s.number
LEFT JOIN (
  SELECT category, count(*) AS first_timers
  FROM people SEMI JOIN (FROM firsts WHERE first_at >= $start AND first_at < $end) USING (category, contributor_id)
  GROUP BY category
) AS f ON f.category = s.number;

INSERT INTO pairs
WITH masks AS (
  SELECT mask, count(*) AS people
  FROM (SELECT bit_or(1 << category) AS mask FROM people GROUP BY contributor_id) WHERE bit_count(mask) > 1 GROUP BY mask
)
SELECT $start::DATE, a.category, b.category,
  coalesce(sum(people) FILTER (WHERE mask & (1 << a.number) <> 0 AND mask & (1 << b.number) <> 0), 0)
FROM slugs AS a JOIN slugs AS b ON b.number > a.number CROSS JOIN masks GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE before AS SELECT category, contributor_id FROM people;
"""


def main(lake: str, out: str, threads: str, *quarters: str) -> None:
    """Write measures.csv and overlaps.csv of the quarters (first days; each one's next follows it) into a folder."""
    connection = duckdb.connect()
    for setting in ("TimeZone = 'UTC'", f"threads = {threads}", "preserve_insertion_order = false"):
        connection.execute(f"SET {setting}")
    _run(connection, _ONCE, {"lake": lake})
    for first_day in quarters:
        window = {
            "start": connection.execute("SELECT CAST($1 AS TIMESTAMPTZ)", [first_day]).fetchall()[0][0],
            "end": connection.execute("SELECT CAST($1 AS TIMESTAMPTZ) + INTERVAL 3 MONTH", [first_day]).fetchall()[0][
                0
            ],
            "file": f"{lake}/counted_commits/quarter={first_day}/part-0.parquet",
        }
        _run(connection, _QUARTER, window)
    connection.table("measures").order("ALL").write_csv(str(Path(out) / "measures.csv"))
    connection.table("pairs").order("ALL").write_csv(str(Path(out) / "overlaps.csv"))


def _run(connection: duckdb.DuckDBPyConnection, text: str, values: dict[str, object]) -> None:
    for statement in text.split(";\n"):
        if statement.strip():
            connection.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


if __name__ == "__main__":
    main(*sys.argv[1:])
