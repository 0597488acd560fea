"""The measures of a repository, or the reason why there are none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

BEFORE, NOW = "2022-Q4", "2023-Q1"
MEASURES = (
    "commits", "contributors", "commits_previous", "contributors_previous", "commits_qoq_pct", "contributors_qoq_pct",
    "contributors_new", "contributors_retained", "mean_active_weeks", "top_contributor_share", "contributor_rank",
)  # fmt: skip


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # ada stays and made 3 of 8 in 2 weeks, bob is new, cy was seen before; dan is not seen again
        *many("a/busy", "ada", "4 x 2022-Q4+1", "2 x 2023-Q1+1", "2023-Q1+8"),
        *many("a/busy", "bob", "2 x 2023-Q1+1"),
        *many("a/busy", "cy", "2022-Q3+1", "2023-Q1+1"),
        *many("a/busy", "dan", "4 x 2022-Q4+1"),
        *many("a/busy", "root", "2 x 2023-Q1+1"),
        *many("a/busy", "renovate[bot]", "2023-Q1+1"),
        # New to this repository, though not to its category
        *many("a/second", "ada", "3 x 2023-Q1+1"),
        *many("a/second", "bob", "3 x 2023-Q1+1"),
        # More commits than the others but one person; the first by name but the least commits
        *many("a/third", "eve", "6 x 2022-Q4+1", "9 x 2023-Q1+1"),
        *many("a/tie", "eve", "6 x 2022-Q4+1", "9 x 2023-Q1+1"),
        *many("a/alone", "fay", "2023-Q1+1"),
        *many("a/quiet", "fay", "2022-Q4+1"),
        *many("a/partial", "gus", "2022-Q4+1", "2023-Q1+1"),
        *many("a/future", "gus", "2023-Q1+1"),
        *many("a/past", "gus", "2022-Q4+1"),
    ]
    names = ("alone", "busy", "second", "third", "tie", "quiet", "partial", "unasked", "failed", "future", "past")
    repositories: dict[str, dict[str, Any]] = {f"a/{name}": {"category": "a"} for name in names}
    repositories["a/future"]["tracked_from"] = "2023-04-01"
    repositories["a/past"]["tracked_to"] = "2023-01-01"
    return lab.bench(
        commits,
        categories="a",
        repositories=repositories,
        snapshots={
            "a/partial": {"status": "partial", "reason": "x", "complete_until": "2023-03-31"},
            "a/unasked": None,
            "a/failed": {"status": "failed", "reason": "x", "complete_until": None},
        },
    ).run("repository_metrics", read=f"{BEFORE}:{NOW}", publish=NOW)


def test_a_history_begins_with_its_first_commit(bench: Bench) -> None:
    assert measures(bench, "a/busy", "history_from") == [date(2022, 7, 2)]
    assert measures(bench, "a/unasked", "history_from") == [None]


def measures(bench: Bench, repository: str, *names: str) -> list[Any]:
    row = bench.row("repository_metrics", NOW, repository=repository)
    return [row[name] for name in names]


def test_levels_and_changes(bench: Bench) -> None:
    # 8 commits before and now; people 2 before and 3 now
    assert measures(bench, "a/busy", *MEASURES) == [8, 3, 8, 2, 0, 50, 1, 1, 4 / 3, 3 / 8, 1]


def test_new_means_new_to_the_repository(bench: Bench) -> None:
    assert measures(bench, "a/second", "contributors_new", "contributors_retained") == [2, 0]


def test_without_a_base_changes_are_null_with_the_reason(bench: Bench) -> None:
    names = ("commits_previous", "commits_qoq_pct", "contributors_qoq_pct", "null_reason", "change_null_reason")
    assert measures(bench, "a/second", *names) == [0, None, None, None, "no_base"]


def test_a_quiet_repository_is_measured_and_has_no_rank(bench: Bench) -> None:
    assert measures(bench, "a/quiet", *MEASURES) == [0, 0, 1, 1, -100, -100, 0, 0, None, None, None]
    assert measures(bench, "a/quiet", "null_reason", "change_null_reason") == [None, None]


@pytest.mark.parametrize(
    ("repository", "reason"),
    [
        ("a/partial", "partial_source"),
        ("a/unasked", "not_read"),
        ("a/failed", "not_read"),
        ("a/future", "not_tracked"),
        ("a/past", "not_tracked"),
    ],
)
def test_what_cannot_be_measured_is_null_with_the_reason(bench: Bench, repository: str, reason: str) -> None:
    assert measures(bench, repository, *MEASURES) == [None] * len(MEASURES)
    assert measures(bench, repository, "null_reason", "change_null_reason") == [reason, None]


def test_the_rank_is_by_contributors_then_commits_then_name(bench: Bench) -> None:
    rows = [row for row in bench.rows("repository_metrics", NOW) if row["contributor_rank"]]
    ranked = sorted(rows, key=lambda row: row["contributor_rank"])
    assert [row["repository"] for row in ranked] == ["a/busy", "a/second", "a/third", "a/tie", "a/alone"]


def test_the_first_quarter_has_levels_and_no_changes(lab: Lab) -> None:
    bench = lab.bench(lab.commits("a/one", "ada", "2014-Q4+1", "2015-Q1+1"), categories="a")
    row = bench.write("repository_metrics", read="2015-Q1").row("repository_metrics", "2015-Q1", repository="a/one")
    assert [row[name] for name in MEASURES] == [1, 1, None, None, None, None, 0, None, 1, 1, 1]
    assert row["change_null_reason"] == "first_quarter"
