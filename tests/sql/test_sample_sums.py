"""The sample's commits against sums that were taken from its histories without this project (tests/sql/sums.csv).

The file counts rows with at most one parent by category and quarter; "distinct" leaves out what a fork repeats.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

import deepsignal_pipeline
from deepsignal_pipeline.domain.quarters import Quarter

if TYPE_CHECKING:
    from conftest import Bench

SAMPLE = Path(deepsignal_pipeline.__file__).parent / "sample"
with (Path(__file__).parent / "sums.csv").open(encoding="utf-8", newline="") as file:
    SUMS = list(csv.DictReader(file))


@pytest.mark.parametrize("quarter", ["2022-Q4", "2023-Q1"])
def test_commits_without_merges_and_without_duplicates_are_the_known_sums(sample: Bench, quarter: str) -> None:
    suffix = quarter.replace("-", "").lower()
    stated = {s["category"]: (int(s[f"commits_{suffix}"]), int(s[f"distinct_commits_{suffix}"])) for s in SUMS}
    found = {}
    for row in sample.rows("category_metrics", quarter):
        without_merges = row["commits_read"] - row["not_counted_merge"]
        found[row["category"]] = (without_merges, without_merges - row["not_counted_duplicate"])
    # A category without a repository in the sample has no line in the file
    assert found == dict.fromkeys(found, (0, 0)) | stated
    assert set(stated) <= set(found)


@pytest.mark.parametrize("quarter", ["2022-Q4", "2023-Q1"])
def test_counted_and_left_out_by_reason_are_all_rows_of_the_sample(sample: Bench, quarter: str) -> None:
    window = Quarter.parse(quarter)
    bounds = [window.start.timestamp(), window.end.timestamp()]
    with duckdb.connect() as connection:
        held = connection.execute(_ROWS, [str(SAMPLE / "commits.parquet"), *bounds]).fetchall()
    category_of = {row["repository"]: row["category"] for row in sample.rows("tracked_repositories")}
    rows, merges = Counter[str](), Counter[str]()
    for repository, count, merged in held:
        rows[category_of[repository]] += count
        merges[category_of[repository]] += merged
    for row in sample.rows("category_metrics", quarter):
        reasons = {name: count for name, count in row.items() if name.startswith("not_counted_")}
        assert row["commits"] + sum(reasons.values()) == row["commits_read"] == rows[row["category"]]
        assert reasons["not_counted_merge"] == merges[row["category"]]


_ROWS = """
SELECT repository, count(*), count(*) FILTER (WHERE parents > 1)
FROM (SELECT unnest(repositories) AS repository, committed_at, len(parents) AS parents FROM read_parquet($1))
WHERE committed_at >= $2 AND committed_at < $3
GROUP BY repository
"""
