"""What the source saw is kept, faults included, for repositories of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [*lab.commits("a/one", "ada", "2023-02-01", "2023-03-01"), *lab.commits("b/one", "bea", "2023-02-01")]
    failed = {"status": "failed", "reason": "no answer", "complete_until": None, "tip": None}
    visits = {"b/one": failed, "c/one": None}
    bench = lab.bench(commits, categories="abc", snapshots=visits)
    stranger = bench.pipeline.source.snapshots[0] | {"repository": "not/of-the-catalogue"}  # type: ignore[attr-defined]
    bench.pipeline.source.snapshots.append(stranger)  # type: ignore[attr-defined]
    return bench.run("repository_snapshots", read="2023-Q1")


def test_a_visit_is_a_row_with_its_dates(bench: Bench) -> None:
    row = bench.row("repository_snapshots", repository="a/one")
    assert (row["status"], row["reason"], row["commits"]) == ("full", None, 2)
    assert [row[f"{end}_committed_at"].isoformat() for end in ("first", "last")] == [
        "2023-02-01T00:00:00+00:00",
        "2023-03-01T00:00:00+00:00",
    ]


def test_a_failure_is_a_row_with_its_reason(bench: Bench) -> None:
    row = bench.row("repository_snapshots", repository="b/one")
    assert (row["status"], row["reason"], row["complete_until"]) == ("failed", "no answer", None)


def test_a_repository_that_was_not_asked_for_has_no_row(bench: Bench) -> None:
    assert bench.rows("repository_snapshots", repository="c/one") == []


def test_what_the_catalogue_does_not_list_was_asked_for_by_name_and_is_kept(bench: Bench) -> None:
    assert bench.row("repository_snapshots", repository="not/of-the-catalogue")["status"] == "full"


def test_a_second_count_that_differs_is_published_with_a_warning(lab: Lab) -> None:
    counted = {"a/one": {"recounted_commits": 3}, "b/one": {"recounted_commits": None}}
    bench = lab.bench(lab.commits("a/one", "ada", "2 x 2023-02-01"), categories="ab", snapshots=counted)
    bench.run("tracked_repositories", read="2023-Q1")
    made = bench.make("repository_snapshots")
    broken = [(outcome.check, outcome.broken_rows) for outcome in made.outcomes if not outcome.passed]
    assert broken == [("repository_snapshots_an_independent_count_agrees", 1)]
    assert made.is_published
    assert bench.row("repository_snapshots", repository="a/one")["recounted_commits"] == 3


def test_a_visit_that_was_not_full_must_say_why(lab: Lab) -> None:
    bench = lab.bench([], categories="a", snapshots={"a/one": {"status": "partial"}})
    bench.run("tracked_repositories", read="2023-Q1")
    made = bench.make("repository_snapshots")
    broken = [(outcome.check, outcome.broken_rows) for outcome in made.outcomes if not outcome.passed]
    assert broken == [("repository_snapshots_what_is_not_full_has_a_reason", 1)]
