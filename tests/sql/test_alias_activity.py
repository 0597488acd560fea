"""Weeks and days of an alias, as bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

DAYS = (0, 6, 7, 45, 46, 83, 84, 89)


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [row for day in DAYS for row in lab.commits("a/one", f"day-{day}", f"2023-Q1+{day}")]
    commits += lab.commits("a/one", "day-91", "2022-Q4+91")
    commits += lab.commits("a/one", "ada", "2 x 2023-Q1+0", "2023-01-01 23:59:59", "2023-Q1+46", "2023-Q1+89")
    commits += lab.commits("b/one", "ada", "2023-Q1+3")
    commits += [lab.commit("b/one", "ada", "2023-Q1+5", parents=2)]
    commits += lab.commits("b/one", "renovate[bot]", "2023-Q1+3")
    return lab.bench(commits, categories="ab").run("alias_activity", read="2022-Q4:2023-Q1")


@pytest.mark.parametrize("day", [*DAYS, 91])
def test_a_day_is_one_bit_and_lies_in_week_day_over_7_but_12_at_most(bench: Bench, day: int) -> None:
    quarter = "2022-Q4" if day == 91 else "2023-Q1"
    week = {0: 0, 6: 0, 7: 1, 45: 6, 46: 6, 83: 11, 84: 12, 89: 12, 91: 12}[day]
    low, high = (1 << day, 0) if day < 46 else (0, 1 << (day - 46))
    rows = bench.rows("alias_activity", quarter, commits=1, repository="a/one")
    assert (1 << week, low, high) in {(r["week_bits"], r["day_bits_low"], r["day_bits_high"]) for r in rows}


def test_commits_of_an_alias_are_added_up_a_repository_and_bits_united(bench: Bench) -> None:
    row = bench.row("alias_activity", "2023-Q1", commits=5)
    assert row["week_bits"] == 1 | 1 << 6 | 1 << 12
    assert (row["day_bits_low"], row["day_bits_high"]) == (1, 1 | 1 << 43)
    assert (row["repository"], row["category"]) == ("a/one", "a")


def test_what_is_not_counted_is_left_out_and_automation_is_not_told_yet(bench: Bench) -> None:
    rows = bench.rows("alias_activity", "2023-Q1", repository="b/one")
    assert [(row["commits"], row["day_bits_low"]) for row in rows] == [(1, 1 << 3), (1, 1 << 3)]


def test_leap_and_plain_first_quarters_end_in_the_same_week(lab: Lab) -> None:
    commits = lab.commits("a/one", "ada", "2020-03-31 23:59:59", "2021-03-31 23:59:59")
    bench = lab.bench(commits, categories="a").write("alias_activity", read="2020-Q1:2021-Q1")
    rows = [bench.row("alias_activity", quarter) for quarter in ("2020-Q1", "2021-Q1")]
    assert [row["week_bits"] for row in rows] == [1 << 12, 1 << 12]
    assert [row["day_bits_high"] for row in rows] == [1 << 44, 1 << 43]


def test_weights_are_added_up_over_classified_commits_and_null_without_any(lab: Lab) -> None:
    def commit(author: str, day: int, *paths: str) -> dict[str, object]:
        return lab.commit("a/one", author, f"2023-Q1+{day}", paths=list(paths))

    commits = [commit("ada", 0, "a.py"), commit("ada", 8, "a.py", "b.md"), commit("ada", 16, "b.md")]
    commits += [
        commit("bob", 0, "b.md"),
        *lab.commits("a/one", "ada", "2023-Q1+30"),
        *lab.commits("a/one", "cy", "2023-Q1+1"),
    ]
    bench = lab.bench(commits, categories="a").run("alias_activity", read="2023-Q1")
    ada, bob, cy = (
        bench.row("alias_activity", "2023-Q1", commits=n, classified_commits=c) for n, c in ((4, 3), (1, 1), (1, 0))
    )
    assert (ada["core_weight"], ada["docs_weight"], ada["tests_weight"]) == (1_500_000, 1_500_000, 0)
    assert (ada["core_week_bits"], ada["week_bits"]) == (0b11, 0b10111)
    assert (bob["core_weight"], bob["docs_weight"], bob["core_week_bits"]) == (0, 1_000_000, 0)
    assert (cy["core_weight"], cy["docs_weight"], cy["core_week_bits"]) == (None, None, None)
