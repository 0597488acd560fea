"""Numbers, as readers and machines see them."""

from dataclasses import replace

import pytest

from deepsignal_pipeline.report.facts import Fact, Hidden
from deepsignal_pipeline.report.formats import MINUS, show, show_raw, show_raw_interval


def fact(value: float | None, unit: str, measure: str, hidden: Hidden = "") -> Fact:
    return Fact("x.y", "category", "x", measure, value, unit, "", "", None, (), hidden=hidden)


@pytest.mark.parametrize(
    ("value", "unit", "measure", "style", "shown"),
    [
        (23907.0, "commits", "commits", "", "23,907"),
        (0.0, "people", "contributors", "", "0"),
        (72.0, "%", "contributors_qoq_pct", "", "+72%"),
        (-5.0, "%", "basket_contributors_qoq_pct", "", f"{MINUS}5%"),
        (-5.0, "%", "contributors_qoq_pct", "bare", "5%"),
        (0.0, "%", "commits_qoq_pct", "", "0%"),
        (91.0, "%", "commits_qoq_pct_without_top", "", "+91%"),
        (12.0, "people", "contributors_net_change", "", "+12"),
        (55.434, "%", "churn_rate_pct", "", "55%"),
        (55.5, "%", "churn_rate_pct", "", "56%"),
        (0.485, "share", "top_contributor_share", "", "49%"),
        (0.03, "share", "jaccard", "", "3.0%"),
        (2.25, "weeks", "mean_active_weeks", "", "2.3"),
        (2.0, "weeks", "median_active_weeks", "", "2.0"),
        (2.0, "weeks", "median_active_weeks", "short", "2"),
        (0.05, "years", "median_tenure_years", "", "0.1"),
        (None, "%", "contributors_qoq_pct", "", "n/a"),
    ],
)
def test_numbers_for_readers(value: float | None, unit: str, measure: str, style: str, shown: str):
    assert show(fact(value, unit, measure), style) == shown


@pytest.mark.parametrize(
    ("ends", "unit", "measure", "shown", "raw"),
    [
        ((-3.4, 21.5), "%", "contributors_qoq_pct", f"{MINUS}3 to +22%", ("-3.4", "21.5")),
        ((38.2, 47.9), "%", "churn_rate_pct", "38 to 48%", ("38.2", "47.9")),
        ((0.382, 0.479), "share", "one_week_share", "38 to 48%", ("0.382", "0.479")),
        ((2.94, 3.55), "weeks", "mean_active_weeks", "2.9 to 3.6", ("2.94", "3.55")),
        ((-3.5, 0.4), "points", "churn_rate_change", f"{MINUS}3 to 0", ("-3.5", "0.4")),
        ((None, None), "%", "commits_qoq_pct", "n/a", ("", "")),
    ],
)
def test_intervals(ends: tuple[float | None, float | None], unit: str, measure: str, shown: str, raw: tuple[str, str]):
    told = replace(fact(3.0, unit, measure), low=ends[0], high=ends[1])
    assert (show(told, "interval"), show_raw_interval(told)) == (shown, raw)
    hidden = replace(told, hidden="suppressed")
    assert (show(hidden, "interval"), show_raw_interval(hidden)) == ("withheld", ("", ""))


@pytest.mark.parametrize(
    ("ends", "unit", "measure", "shown"),
    [
        ((44.6, 61.2), "%", "churn_rate_pct", "45–61"),
        ((0.382, 0.479), "share", "one_week_share", "38–48"),
        ((2.94, 3.55), "weeks", "mean_active_weeks", "2.9–3.6"),
        ((3.2, 16.4), "people", "shared", "3–16"),
    ],
)
def test_a_range_has_the_unit_of_the_value_above_it(ends: tuple[float, float], unit: str, measure: str, shown: str):
    assert show(replace(fact(3.0, unit, measure), low=ends[0], high=ends[1]), "range") == shown


@pytest.mark.parametrize("unit", ["%", "share", "weeks", "times", "rank", "people more", "commits"])
def test_only_people_are_said_to_be_fewer_than_five(unit: str):
    """60% of three people, or their 40 commits, are not "< 5"."""
    told = fact(60.0, unit, "churn_rate_pct", "suppressed")
    assert (show(told), show_raw(told)) == ("withheld", "withheld")


@pytest.mark.parametrize(
    ("hidden", "shown", "raw"),
    [
        ("suppressed", "< 5", "< 5"),
        ("withheld", "withheld", "withheld"),
        ("partial", "n/a", ""),
        ("paths_unknown", "n/a", ""),
    ],
)
def test_hidden_numbers(hidden: Hidden, shown: str, raw: str):
    assert show(fact(3.0, "people", "contributors", hidden)) == shown
    assert show_raw(fact(3.0, "people", "contributors", hidden)) == raw


@pytest.mark.parametrize(
    ("value", "raw"), [(158.0, "158"), (-5.0, "-5"), (0.4883, "0.4883"), (1 / 3, "0.333333"), (None, "")]
)
def test_numbers_for_machines(value: float | None, raw: str):
    assert show_raw(fact(value, "share", "jaccard")) == raw
