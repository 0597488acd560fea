"""What became of every commit: outcomes of a repository add up to what was read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, Lab

NOW = "2023-Q1"


def test_a_worked_example(lab: Lab):
    bench = lab.bench(
        [
            lab.commit("a/one", "Ada", "2023-01-05"),
            lab.commit("a/one", "Ada", "2023-01-07"),
            lab.commit("a/one", "root", "2023-02-01"),
            lab.commit("a/one", "renovate[bot]", "2023-02-02"),
            lab.commit("a/one", "Ada", "2023-03-01", parents=2),
        ],
        categories=("a",),
    ).run("commit_audit", read=NOW)
    found = {row["outcome"]: row["commits"] for row in bench.rows("commit_audit", NOW)}
    assert found == {"counted": 2, "unresolved": 1, "bot": 1, "merge": 1}
    people = {row["outcome"]: row["people_commits"] for row in bench.rows("commit_audit", NOW)}
    assert people == {"counted": 2, "unresolved": 1, "bot": 0, "merge": 1}


def test_outcomes_add_up_to_what_was_read(sample: Bench):
    (row,) = sample.query(
        """
        SELECT (SELECT sum(commits) FROM commit_audit) AS audited, (SELECT count(*) FROM counted_commits
          WHERE quarter IN (SELECT DISTINCT quarter FROM commit_audit)) AS read
        """
    )
    assert row["audited"] == row["read"] > 0


def test_outcomes_of_a_category_are_the_measures_of_it(sample: Bench):
    rows = sample.query(
        """
        SELECT m.category, m.commits, m.unresolved_commits, m.not_counted_merge, m.not_counted_bot,
          sum(a.commits) FILTER (WHERE outcome IN ('counted', 'unresolved')) AS counted,
          sum(a.commits) FILTER (WHERE outcome = 'unresolved') AS unresolved,
          sum(a.commits) FILTER (WHERE outcome = 'merge') AS merged,
          sum(a.commits) FILTER (WHERE outcome = 'bot') AS automatic
        FROM category_metrics AS m JOIN commit_audit AS a USING (quarter, category)
        GROUP BY ALL
        """
    )
    assert len(rows) > 20
    for row in rows:
        assert row["commits"] == row["counted"]
        assert row["unresolved_commits"] == (row["unresolved"] or 0)
        assert row["not_counted_merge"] == (row["merged"] or 0)
        assert row["not_counted_bot"] == (row["automatic"] or 0)
