"""The core measure set by hand in Polars: `in_polars.py LAKE OUT THREADS QUARTER ...`, a program of its own.

The shape of `in_duckdb.py`: a lazy query a quarter, run by the streaming engine; identities and first dates are kept in
memory, the people of a quarter for the next one's churn, and a mask of categories a person gives the overlaps.
"""

import os
import sys
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", sys.argv[3])

import polars as pl

_KEYS = ["category", "contributor_id"]


def main(lake: str, out: str, _: str, *quarters: str) -> None:
    """Write measures.csv and overlaps.csv of the quarters (first days; each one's next follows it) into a folder."""
    tracked = pl.read_parquet(f"{lake}/tracked_repositories/part-0.parquet")
    slugs = (
        tracked.group_by("category").agg(pl.col("category_order").min()).sort("category_order")["category"].to_list()
    )
    repositories = tracked.select(
        "repository", pl.col("category").replace_strict(slugs, range(len(slugs)), return_dtype=pl.Int8)
    )
    identities = (
        pl.scan_parquet(f"{lake}/contributor_identities/part-0.parquet")
        .filter(pl.col("kind").is_in(["human", "placeholder"]))
        .select("alias_id", "contributor_id")
        .collect(engine="streaming")
    )
    firsts = (
        pl.scan_parquet(f"{lake}/contributor_aliases/part-0.parquet")
        .filter(pl.col("first_owned_at").is_not_null())
        .select("alias_id", "repository", "first_owned_at")
        .join(identities.lazy().filter(pl.col("contributor_id").is_not_null()), on="alias_id")
        .join(repositories.lazy(), on="repository")
        .group_by(_KEYS)
        .agg(pl.col("first_owned_at").min())
        .collect(engine="streaming")
    )
    before = pl.DataFrame(schema={"category": pl.Int8, "contributor_id": pl.String})
    measures: list[dict[str, Any]] = []
    overlaps: list[dict[str, Any]] = []
    for first_day in quarters:
        start = datetime.fromisoformat(first_day).replace(tzinfo=UTC)
        end = start.replace(year=start.year + start.month // 10, month=(start.month + 2) % 12 + 1)
        united = _united(f"{lake}/counted_commits/quarter={first_day}/part-0.parquet", start, identities, repositories)
        people = (
            united.lazy()
            .filter(pl.col("contributor_id").is_not_null())
            .group_by(_KEYS)
            .agg(pl.col("weeks").bitwise_or())
            .collect(engine="streaming")
        )
        first_timers = firsts.lazy().filter(pl.col("first_owned_at").is_between(start, end, closed="left"))
        measures += _measures(first_day, slugs, united, (people, before, first_timers))
        overlaps += _overlaps(first_day, slugs, people)
        before = people.select(_KEYS)
    for name, rows in (("measures", measures), ("overlaps", overlaps)):
        columns = list(rows[0])
        pl.DataFrame(rows).sort(columns[:3]).write_csv(Path(out) / f"{name}.csv")


def _united(file: str, start: datetime, identities: pl.DataFrame, repositories: pl.DataFrame) -> pl.DataFrame:
    week = (pl.col("committed_at") - start).dt.total_days().floordiv(7).clip(upper_bound=12)
    return (
        pl.scan_parquet(file)
        .filter("is_counted")
        .select("repository", "alias_id", bit=pl.lit(2, pl.Int32).pow(week).cast(pl.Int32))
        .group_by("repository", "alias_id")
        .agg(pl.len().alias("commits"), pl.col("bit").bitwise_or().alias("weeks"))
        .join(identities.lazy(), on="alias_id")
        .join(repositories.lazy(), on="repository")
        .select("category", "repository", "contributor_id", "commits", "weeks")
        .collect(engine="streaming")
    )


def _measures(
    first_day: str,
    slugs: list[str],
    united: pl.DataFrame,
    turnover: tuple[pl.DataFrame, pl.DataFrame, pl.LazyFrame],
) -> list[dict[str, Any]]:
    people, before, first_timers = turnover
    volumes = united.lazy().group_by("category").agg(pl.col("commits").sum(), pl.col("repository").n_unique())
    levels = people.lazy().group_by("category").agg(pl.len(), pl.col("weeks").bitwise_count_ones().sum().alias("sum"))
    churned = before.lazy().join(people.lazy(), on=_KEYS, how="anti").group_by("category").len()
    new = people.lazy().join(first_timers, on=_KEYS, how="semi").group_by("category").len()
    parts = pl.collect_all([volumes, levels, churned, new], engine="streaming")
    by_category = [{row["category"]: row for row in part.to_dicts()} for part in parts]
    rows = []
    for number, slug in enumerate(slugs):
        volume, level, gone, arrived = (part.get(number, {}) for part in by_category)
        rows.append(
            {
                "quarter": first_day,
                "category": slug,
                "commits": volume.get("commits", 0),
                "contributors": level.get("len", 0),
                "repositories_active": volume.get("repository", 0),
                "mean_active_weeks": level["sum"] / level["len"] if level else None,
                "churned": gone.get("len", 0),
                "first_timers": arrived.get("len", 0),
            }
        )
    return rows


def _overlaps(first_day: str, slugs: list[str], people: pl.DataFrame) -> list[dict[str, Any]]:
    bit = pl.lit(2, pl.Int32).pow(pl.col("category").cast(pl.Int32)).cast(pl.Int32)
    masks = (
        people.lazy()
        .group_by("contributor_id")
        .agg(bit.bitwise_or().alias("mask"))
        .group_by("mask")
        .len()
        .collect(engine="streaming")
        .rows()
    )
    return [
        {
            "quarter": first_day,
            "category_a": slugs[a],
            "category_b": slugs[b],
            "shared": sum(count for mask, count in masks if mask >> a & 1 and mask >> b & 1),
        }
        for a, b in combinations(range(len(slugs)), 2)
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
