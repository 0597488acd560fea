"""Changes of categories: intervals, basket, catalogue effect, surprise and words, worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

BEFORE, NOW = "2022-Q4", "2023-Q1"
Z = 1.959963984540054


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # a: 2 people before, 3 now, ada in both
        *many("people/one", "ada", "2022-Q4+1", "2023-Q1+1", "2023-Q1+8"),
        *many("people/one", "bob", "2022-Q4+1"),
        *many("people/one", "cy", "2023-Q1+1"),
        *many("people/one", "dan", "2023-Q1+1"),
        # Four with a commit before, four others with one now: 8 degrees of freedom
        *(row for name in ("b1", "b2", "b3", "b4") for row in many("commits/one", name, "2022-Q4+1")),
        *(row for name in ("n1", "n2", "n3", "n4") for row in many("commits/one", name, "2023-Q1+1")),
        # All retained, doing the same
        *(row for name in ("r1", "r2", "r3") for row in many("same/one", name, "2022-Q4+1", "2023-Q1+1")),
        # One person
        *many("one/one", "eve", "2 x 2022-Q4+1", "3 x 2023-Q1+1"),
        # Nothing before; nothing now
        *many("from-nothing/one", "fay", "2023-Q1+1"),
        *many("to-nothing/one", "gus", "2022-Q4+1"),
        # 2 and 1 commits of the basket, 1 and 4 outside of it
        *many("basket/old", "hal", "2020-01-01", "2 x 2022-Q4+1", "2023-Q1+1"),
        *many("basket/young", "ida", "2022-Q4+1", "2 x 2023-Q1+1"),
        *many("basket/young", "jo", "2 x 2023-Q1+1"),
        *many("partial/one", "kit", "2022-Q4+1", "2023-Q1+1"),
    ]
    return lab.bench(
        commits,
        categories=("people", "commits", "same", "one", "from-nothing", "to-nothing", "basket", "partial", "quiet"),
        repositories={"basket/old": {"category": "basket"}, "basket/young": {"category": "basket"}},
        snapshots={"partial/one": {"status": "partial", "reason": "x", "complete_until": "2023-03-01"}},
    ).run("category_changes", read=f"{BEFORE}:{NOW}", publish=NOW)


def change(bench: Bench, entity: str, measure: str, quarter: str = NOW) -> dict[str, Any]:
    return bench.row("category_changes", quarter, entity=entity, measure=measure)


def per_cent(ratio: float, variance: float, quantile: float = Z) -> Any:
    half = quantile * math.sqrt(variance)
    return pytest.approx((100 * (ratio * math.exp(-half) - 1), 100 * (ratio * math.exp(half) - 1)), rel=1e-6)


def test_commits_by_hand(bench: Bench) -> None:
    row = change(bench, "commits", "commits")
    assert (row["value"], row["previous"], row["change"], row["degrees"]) == (4, 4, 0, 8)
    # e is 1/4 or -1/4 of eight people: sum e^2 = 1/2, times 8/7; t(8) = 2.306004
    assert (row["low"], row["high"]) == per_cent(1, 1 / 2 * 8 / 7, 2.306004135)


def test_commits_of_few_people_have_no_interval_and_say_so(bench: Bench) -> None:
    row = change(bench, "people", "commits")
    # e = 2/4 - 1/2, -1/2, 1/4, 1/4: (1/4 + 1/8)^2 / (1/16 + 1/128)
    assert row["degrees"] == pytest.approx((3 / 8) ** 2 / (9 / 128))
    assert (row["low"], row["high"], row["null_reason"]) == (None, None, "change_by_few")
    assert "change_by_few" in row["marks"]


def test_churn_and_retention_mirror_each_other(bench: Bench) -> None:
    churn, retention = (change(bench, "people", name) for name in ("churn_rate_pct", "retention_pct"))
    assert (churn["value"], retention["value"], churn["people"]) == (50, 50, 2)
    assert (churn["value_low"], churn["value_high"]) == pytest.approx((9.4531, 90.5469), abs=1e-4)
    # There was nobody two quarters ago
    assert (churn["change"], churn["null_reason"]) == (None, "no_base")


def test_all_retained_and_doing_the_same_leaves_nothing_open(bench: Bench) -> None:
    row = change(bench, "same", "contributors")
    assert (row["change"], row["low"], row["high"]) == (0, 0, 0)
    assert change(bench, "same", "commits")["null_reason"] == "change_by_few"


def test_one_person_carries_everything(bench: Bench) -> None:
    row = change(bench, "one", "commits")
    assert (row["value"], row["change"], row["low"], row["degrees"]) == (3, 50, None, 0)
    assert row["change_without_top"] is None
    assert row["marks"] == ["dominated", "small_base", "change_by_few"]
    assert change(bench, "one", "mean_active_weeks")["null_reason"] == "change_by_few"


def test_no_base_and_nothing_left_say_so(bench: Bench) -> None:
    row = change(bench, "from-nothing", "contributors")
    assert (row["previous"], row["change"], row["null_reason"]) == (0, None, "no_base")
    assert "new" in row["marks"]
    row = change(bench, "to-nothing", "contributors")
    assert (row["value"], row["change"], row["low"], row["null_reason"]) == (0, -100, None, "none_left")
    row = change(bench, "quiet", "mean_active_weeks")
    assert (row["value"], row["change"], row["null_reason"], row["trend_word"]) == (None, None, "no_base", "")


def test_basket_and_rest_of_the_catalogue_make_the_change(bench: Bench) -> None:
    row = change(bench, "basket", "commits")
    assert (row["value"], row["previous"], row["change"]) == (5, 3, 67)
    assert (row["basket_value"], row["basket_previous"], row["basket_change"]) == (1, 2, -50)
    assert (row["basket_contribution"], row["catalogue_contribution"]) == (-1, 3)
    assert "basket_differs" in row["marks"]
    # One person in the basket, there twice: nothing is left to chance. All went from 2 to 3, so the basket is what counts
    people = change(bench, "basket", "contributors")
    assert (people["basket_low"], people["basket_high"], people["is_word_of_basket"]) == (0, 0, True)
    row = change(bench, "basket", "repositories_active")
    assert (row["basket_contribution"], row["catalogue_contribution"], row["null_reason"]) == (0, 0, "no_model")
    assert change(bench, "basket", "churn_rate_pct")["basket_change"] is None


def test_the_change_without_the_largest_leaves_them_out_of_both_quarters(bench: Bench) -> None:
    # Of ida and jo, with 2 commits each, the first by id
    ida, jo = (bench.person(name) or "" for name in ("ida", "jo"))
    assert change(bench, "basket", "commits")["change_without_top"] == (50 if ida < jo else 0)


def test_partial_categories_are_marked_and_surprise_nobody(bench: Bench) -> None:
    rows = bench.rows("category_changes", NOW, entity="partial")
    assert all("partial" in row["marks"] and row["trend_word"] == "" and row["surprise"] is None for row in rows)
    assert all("partial" in row["marks"] for row in bench.rows("category_changes", NOW, entity="catalogue"))


def test_the_catalogue_counts_a_person_once(lab: Lab) -> None:
    commits = [*lab.commits("a/one", "ada", f"{BEFORE}+1", f"{NOW}+1"), *lab.commits("b/one", "ada", f"{NOW}+8")]
    bench = lab.bench(commits, categories="ab").write("category_changes", read=NOW)
    assert change(bench, "catalogue", "contributors")["value"] == 1
    assert change(bench, "catalogue", "mean_active_weeks")["value"] == 2
    assert change(bench, "catalogue", "repositories_active")["value"] == 2
    # New to b, but not to the catalogue
    assert [change(bench, entity, "contributors_new")["value"] for entity in ("a", "b", "catalogue")] == [0, 1, 0]


@pytest.fixture(scope="module")
def swinging(lab: Lab) -> Bench:
    """One commit, two commits, by turns: eight changes of log 2, up and down; then from one to four, by somebody else."""
    turns = [f"{1 + n % 2} x 20{20 + (n + 3) // 4}-Q{1 + (n + 3) % 4}+1" for n in range(9)]
    now = lab.commits("a/one", "bea", "4 x 2023-Q1+1")
    return lab.bench([*lab.commits("a/one", "ada", *turns), *now], categories="a").write("category_changes", read=NOW)


def test_surprise_by_hand(swinging: Bench) -> None:
    row = change(swinging, "a", "commits")
    assert (row["value"], row["previous"], row["earlier_changes"]) == (4, 1, 8)
    # Mean 0, sd log 2 sqrt(8/7): (log 4 - 0) / (sd sqrt(1 + 1/8)) = 2 / sqrt(9/7)
    assert row["surprise"] == pytest.approx(2 / math.sqrt(9 / 7))
    assert row["p_value"] == pytest.approx(0.12112, abs=1e-5)
    # Alone in having a p-value
    assert (row["q_value"], row["is_discovery"]) == (pytest.approx(row["p_value"]), False)
    assert change(swinging, "catalogue", "commits")["q_value"] is None


def test_people_who_never_changed_surprise_nobody(swinging: Bench) -> None:
    row = change(swinging, "a", "contributors")
    assert (row["earlier_changes"], row["surprise"], row["p_value"], row["q_value"]) == (8, None, None, None)


def test_fewer_than_six_changes_are_no_past(lab: Lab) -> None:
    quarters = ["2021-Q3", "2021-Q4", "2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]
    swings = [f"{1 + n % 2} x {quarter}+1" for n, quarter in enumerate(quarters)]
    bench = lab.bench(lab.commits("a/one", "ada", *swings, f"{NOW}+1"), categories="a")
    row = change(bench.write("category_changes", read=NOW), "a", "commits")
    assert (row["change"], row["earlier_changes"], row["surprise"]) == (-50, 5, None)


def test_the_first_quarter_has_values_and_no_changes(lab: Lab) -> None:
    bench = lab.bench(lab.commits("a/one", "ada", "2015-Q1+1"), categories="a").run("category_changes", read="2015-Q1")
    for row in bench.rows("category_changes", "2015-Q1", entity="a"):
        assert (row["previous"], row["change"], row["low"], row["null_reason"]) == (None, None, None, "first_quarter")
        assert (row["trend_word"], row["earlier_changes"]) == ("", 0)
        assert "first_quarter" in row["marks"]
    assert change(bench, "a", "mean_active_weeks", "2015-Q1")["value"] == 1
    assert change(bench, "a", "churn_rate_pct", "2015-Q1")["value"] is None


def test_values_of_the_sample_are_those_of_category_metrics(sample: Bench) -> None:
    counted = (
        "commits",
        "contributors",
        "contributors_new",
        "repositories_active",
        "mean_active_weeks",
        "one_week_share",
    )
    rates = ("churn_rate_pct", "retention_pct", "engaged_churn_rate_pct")
    for quarter in ("2022-Q3", "2023-Q1", "2023-Q3"):
        metrics = {row["category"]: row for row in sample.rows("category_metrics", quarter)}
        for row in sample.rows("category_changes", quarter):
            if row["entity"] == "catalogue":
                continue
            counts, measure = metrics[row["entity"]], row["measure"]
            if measure in counted + rates:
                assert row["value"] == counts[measure]
            if measure in ("commits", "contributors"):
                assert row["change"] == counts[f"{measure}_qoq_pct"]
                assert row["basket_change"] == counts[f"basket_{measure}_qoq_pct"]
            if measure == "commits":
                assert row["change_without_top"] == counts["commits_qoq_pct_without_top"]
            for mark in ("partial", "dominated", "new"):
                assert (mark in row["marks"]) == (mark in counts["marks"])
            assert "small_base" in row["marks"] or "small_base" not in counts["marks"]


@pytest.mark.parametrize("quarter", ["2022-Q3", "2023-Q1", "2023-Q3"])
def test_discoveries_of_the_sample_are_benjamini_and_hochbergs(sample: Bench, quarter: str) -> None:
    rows = sample.rows("category_changes", quarter)
    family = [
        r for r in rows if r["p_value"] is not None and r["entity"] != "catalogue" and r["measure"] != "retention_pct"
    ]
    assert len(family) > 80
    ordered = sorted(row["p_value"] for row in family)
    for row in family:
        adjusted = min(p * len(family) / rank for rank, p in enumerate(ordered, 1) if p >= row["p_value"])
        assert row["q_value"] == pytest.approx(min(1, adjusted))
        assert row["is_discovery"] == (row["q_value"] <= 0.1)
    churn = {row["entity"]: row["q_value"] for row in family if row["measure"] == "churn_rate_pct"}
    assert churn == {
        r["entity"]: r["q_value"] for r in rows if r["measure"] == "retention_pct" and r["entity"] in churn
    }
