"""The sample's commits against sums that were taken from its histories without this project (tests/sql/sums.csv).

The file counts rows with at most one parent by category and quarter; "distinct" leaves out what a fork repeats.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench

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
