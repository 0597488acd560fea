"""What a person did in a repository: aliases united, automation left out, unresolved authors kept without a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    c, many = lab.commit, lab.commits
    commits = [
        *many("a/one", "ada", "2023-Q1+0", "2023-Q1+45"),
        c("a/one", "Ada Lovelace", "2023-Q1+45", email="ADA@example.org"),
        c("a/one", "Ada Lovelace", "2023-Q1+46", email="ADA@example.org"),
        *many("a/two", "ada", "2023-Q1+7"),
        *many("a/one", "root", "2023-Q1+1"),
        *many("a/one", "unknown", "2023-Q1+1", "2023-Q1+70"),
        *many("a/one", "renovate[bot]", "2023-Q1+1"),
        *many("a/one", "Devin AI", "2023-Q1+1"),
        c("a/one", "bob", "2023-Q1+1", parents=2),
    ]
    both = {"a/one": {"category": "a"}, "a/two": {"category": "a"}}
    return lab.bench(commits, categories="a", repositories=both).run("contributor_activity", read=QUARTER)


def test_the_aliases_of_a_person_are_united(bench: Bench) -> None:
    row = bench.row("contributor_activity", QUARTER, repository="a/one", contributor_id=bench.person("ada"))
    # Days 0, 45 (twice) and 46; weeks 0 and 6
    assert (row["commits"], row["active_days"], row["active_weeks"]) == (4, 3, 2)
    assert (row["week_bits"], row["day_bits_low"], row["day_bits_high"]) == (1 | 1 << 6, 1 | 1 << 45, 1)


def test_a_person_of_two_repositories_is_two_rows(bench: Bench) -> None:
    rows = bench.rows("contributor_activity", QUARTER, contributor_id=bench.person("ada"))
    assert [(row["repository"], row["commits"]) for row in rows] == [("a/one", 4), ("a/two", 1)]


def test_unresolved_authors_share_a_row_without_a_person(bench: Bench) -> None:
    row = bench.row("contributor_activity", QUARTER, kind="placeholder")
    assert (row["contributor_id"], row["repository"], row["commits"]) == (None, "a/one", 3)
    assert (row["active_weeks"], row["active_days"]) == (2, 2)


def test_automation_and_what_is_not_counted_are_left_out(bench: Bench) -> None:
    assert sum(row["commits"] for row in bench.rows("contributor_activity", QUARTER)) == 8
