"""What can be predicted, over the window, under the identities of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # 2022-Q4: ada and bob in a; ada in b
        *many("a/one", "ada", "2022-Q4+1"),
        *many("a/one", "bob", "2 x 2022-Q4+1", "2022-Q4+8"),
        *many("b/one", "ada", "2022-Q4+1"),
        # 2023-Q1: ada stays in two weeks, bob is gone, cy and a placeholder are new; ada and cy are in both
        *many("a/one", "ada", "2023-Q1+1", "2023-Q1+8"),
        *many("a/one", "cy", "2023-Q1+1"),
        *many("a/one", "root", "2023-Q1+1"),
        *many("b/one", "ada", "2023-Q1+1"),
        *many("b/one", "cy", "2023-Q1+1"),
        # b/two stops in the middle of the quarter
        *many("b/two", "dan", "2022-Q4+1"),
    ]
    two = {f"b/{name}": {"category": "b"} for name in ("one", "two")}
    bench = lab.bench(
        commits,
        categories="ab",
        repositories=two,
        snapshots={"b/two": {"complete_until": "2023-02-01"}, "spare-2/one": None},
    )
    return bench.run("measure_history", read=QUARTER)


def figures(bench: Bench, entity: str, quarter: str = QUARTER) -> dict[str, Any]:
    day = {"2023-Q1": "2023-01-01", "2022-Q4": "2022-10-01", "2021-Q1": "2021-01-01"}[quarter]
    rows = bench.rows("measure_history", QUARTER, entity=entity)
    return {row["measure"]: row["value"] for row in rows if str(row["measured_quarter"]) == day}


def test_the_measures_of_a_category(bench: Bench) -> None:
    assert figures(bench, "a") == {
        "commits": 4,  # the placeholder's counts, its author does not
        "contributors": 2,
        "repositories_active": 1,
        "mean_active_weeks": 3 / 2,
        "one_week_share": 1 / 2,
        "new_share": 1 / 2,
        "churn_rate_pct": 50,
    }


def test_the_same_of_the_quarter_before(bench: Bench) -> None:
    found = figures(bench, "a", "2022-Q4")
    assert (found["contributors"], found["mean_active_weeks"], found["new_share"]) == (2, 3 / 2, 1)


def test_they_agree_with_the_published_metrics(bench: Bench) -> None:
    bench.run("category_metrics", read=QUARTER)
    published = bench.row("category_metrics", QUARTER, category="a")
    found = figures(bench, "a")
    shared = set(found) & set(published)
    assert shared == {
        "commits",
        "contributors",
        "repositories_active",
        "mean_active_weeks",
        "one_week_share",
        "churn_rate_pct",
    }
    assert {name: published[name] for name in shared} == {name: found[name] for name in shared}


def test_a_person_of_two_categories_is_one_of_the_catalogue(bench: Bench) -> None:
    found = figures(bench, "catalogue", "2022-Q4")
    assert (found["contributors"], found["commits"]) == (3, 6)


def test_the_shared_people_of_a_pair(bench: Bench) -> None:
    assert figures(bench, "a+b", "2022-Q4") == {"shared": 1}


@pytest.mark.parametrize("entity", ["b", "catalogue", "a+b"])
def test_a_source_that_ends_too_early_makes_null(bench: Bench, entity: str) -> None:
    assert set(figures(bench, entity).values()) == {None}
    rows = bench.rows("measure_history", QUARTER, entity=entity)
    assert {r["null_reason"] for r in rows if str(r["measured_quarter"]) == "2023-01-01"} == {"partial_source"}


def test_what_was_not_read_is_null_and_a_quiet_category_is_not(bench: Bench) -> None:
    assert {row["null_reason"] for row in bench.rows("measure_history", QUARTER, entity="spare-2")} == {"not_read"}
    quiet = figures(bench, "spare-3")
    assert (quiet["commits"], quiet["contributors"], quiet["mean_active_weeks"], quiet["churn_rate_pct"]) == (
        0,
        0,
        None,
        None,
    )
    assert bench.row("measure_history", QUARTER, entity="spare-3", measure="churn_rate_pct", measured_quarter=day())[
        "null_reason"
    ] == "nobody"  # fmt: skip


def day() -> object:
    from datetime import date

    return date(2023, 1, 1)


def test_the_smallest_group_that_a_share_tells_of(bench: Bench) -> None:
    row = bench.row("measure_history", QUARTER, entity="a", measure="churn_rate_pct", measured_quarter=day())
    assert (row["people"], row["smallest_part"]) == (2, 1)


def test_all_that_was_read_is_measured_of_twelve_categories_the_catalogue_and_66_pairs(bench: Bench) -> None:
    rows = bench.rows("measure_history", QUARTER)
    assert len(rows) == 10 * (13 * 7 + 66)
    assert {str(row["measured_quarter"]) for row in rows} >= {"2020-10-01", "2023-01-01"}


def test_a_gap_in_what_was_read_ends_the_history(lab: Lab) -> None:
    commits = lab.commits("a/one", "ada", "2015-Q1+1", "2015-Q2+1", "2018-Q1+1")
    bench = lab.bench(commits, categories="a").run("measure_history", read="2015-Q1:2018-Q1")
    bench.lake.file(TABLES["alias_activity"], Quarter(2015, 2)).unlink()
    assert bench.make("measure_history", "2018-Q1").is_published
    rows = bench.rows("measure_history", "2018-Q1", entity="a", measure="churn_rate_pct")
    assert [str(row["measured_quarter"]) for row in rows] == [
        str(q.first_day) for q in quarter_range(Quarter(2015, 3), Quarter(2018, 1))
    ]
    assert rows[0]["null_reason"] == "first_quarter"


def test_nothing_lies_before_the_first_quarter_of_all(lab: Lab) -> None:
    commits = [*lab.commits("a/one", "ada", "2015-Q1+1", "2015-Q2+1"), *lab.commits("a/one", "bob", "2015-Q1+1")]
    bench = lab.bench(commits, categories="a").run("measure_history", read="2015-Q1:2015-Q2")
    churn = bench.rows("measure_history", "2015-Q2", entity="a", measure="churn_rate_pct")
    assert [(str(row["measured_quarter"]), row["value"], row["null_reason"]) for row in churn] == [
        ("2015-01-01", None, "first_quarter"),
        ("2015-04-01", 50, None),
    ]
