"""Commits as the source gave them, each in the quarter of its committer date in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Lab


def test_a_quarter_is_half_open(lab: Lab) -> None:
    times = ("2022-12-31 23:59:59", "2023-01-01 00:00:00", "2023-03-31 23:59:59", "2023-04-01 00:00:00")
    bench = lab.bench(lab.commits("a/one", "ada", *times), categories="a").run("raw_commits", read="2022-Q4:2023-Q2")
    held = [[str(row["committed_at"])[:19] for row in bench.rows("raw_commits", q)] for q in ("2022-Q4", "2023-Q1")]
    assert held == [[times[0]], [times[1], times[2]]]
    assert len(bench.rows("raw_commits", "2023-Q2")) == 1


def test_the_committers_clock_is_read_in_utc(lab: Lab) -> None:
    commit = lab.commit("a/one", "ada", "2023-01-01")
    # 23:30 on New Year's Eve two hours west of Greenwich is half past one on New Year's Day
    commit["committed_at"] = datetime(2022, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    bench = lab.bench([commit], categories="a").write("raw_commits", read="2022-Q4:2023-Q1")
    assert [len(bench.rows("raw_commits", quarter)) for quarter in ("2022-Q4", "2023-Q1")] == [0, 1]


def test_one_commit_of_two_repositories_is_two_rows(lab: Lab) -> None:
    commits = [lab.commit(f"{slug}/one", "ada", "2023-02-01", sha="1" * 40) for slug in "ab"]
    bench = lab.bench(commits, categories="ab").write("raw_commits", read="2023-Q1")
    assert [row["repository"] for row in bench.rows("raw_commits", "2023-Q1")] == ["a/one", "b/one"]


def test_a_commit_that_a_repository_gives_twice_is_refused(lab: Lab) -> None:
    commits = [lab.commit("a/one", "ada", "2023-02-01", sha="1" * 40) for _ in range(2)]
    bench = lab.bench(commits, categories="a").run("repository_snapshots", read="2023-Q1")
    made = bench.make("raw_commits", "2023-Q1")
    assert [outcome.check for outcome in made.outcomes if not outcome.passed] == ["raw_commits_grain_is_unique"]
    assert made.rejected[0].is_file()
    assert not bench.lake.quarters(made.table)
