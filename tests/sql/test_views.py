"""The views for people: `commits` tells every commit with the one reason against it, automation included."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, Lab


def test_automation_is_the_last_reason(lab: Lab) -> None:
    commits = [
        lab.commit("a/one", "ada", "2023-02-01"),
        lab.commit("a/one", "root", "2023-02-02"),
        lab.commit("a/one", "renovate[bot]", "2023-02-03"),
        lab.commit("a/one", "Devin AI", "2023-02-04"),
        lab.commit("a/one", "renovate[bot]", "2023-02-05", parents=2),
    ]
    bench = lab.bench(commits, categories="a")
    bench.write("counted_commits", "contributor_identities", read="2023-Q1")
    rows = bench.query("SELECT kind, is_counted, not_counted_reason FROM commits ORDER BY committed_at")
    assert [tuple(row.values()) for row in rows] == [
        ("human", True, None),
        ("placeholder", True, None),
        ("bot", False, "bot"),
        ("agent", False, "bot"),
        ("bot", False, "merge"),
    ]


def test_counted_and_reasons_of_the_view_are_those_of_the_metrics(sample: Bench) -> None:
    """Nothing of the sample is lost between the source and the metrics."""
    seen = sample.query(
        "SELECT quarter, category, count(*) AS commits_read, count(*) FILTER (WHERE is_counted) AS commits, "
        "count(*) FILTER (WHERE is_counted = (not_counted_reason IS NULL)) AS told, "
        "count(*) FILTER (WHERE not_counted_reason = 'merge') AS merge, "
        "count(*) FILTER (WHERE not_counted_reason = 'duplicate') AS duplicate, "
        "count(*) FILTER (WHERE not_counted_reason = 'bot') AS bot FROM commits GROUP BY ALL"
    )
    metrics = sample.query(
        "SELECT quarter, category, commits_read, commits, commits_read AS told, not_counted_merge AS merge, "
        "not_counted_duplicate AS duplicate, not_counted_bot AS bot FROM category_metrics"
    )
    key = [(row["quarter"], row["category"]) for row in metrics]
    found = {(row["quarter"], row["category"]): row for row in seen}
    assert metrics == [found[place] for place in key]
    raw = sample.query("SELECT count(*) AS n FROM raw_commits")[0]["n"]
    assert raw == sum(row["commits_read"] for row in seen)


def test_every_view_and_column_says_what_it_is(sample: Bench) -> None:
    silent = sample.query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL "
        "UNION ALL SELECT view_name, '' FROM duckdb_views() WHERE NOT internal AND comment IS NULL"
    )
    assert silent == []
    said = sample.query("SELECT comment FROM duckdb_views() WHERE view_name = 'category_metrics'")
    assert said == [{"comment": "A row is a category, all twelve in every quarter."}]
    column = sample.query(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'category_metrics' AND column_name = 'contributors'"
    )
    assert column == [{"comment": "people with at least one counted commit [people]"}]
    reason = sample.query(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'commits' AND column_name IN ('sha', 'not_counted_reason')"
    )
    assert reason == [
        {"comment": "commit id"},
        {"comment": "first reason that applies, bot the last; null when counted"},
    ]
