"""How good probabilities were: means by range, and differences from the base rate clustered by quarter."""

from __future__ import annotations

from math import sqrt
from statistics import fmean
from typing import Any

import pytest
from foresight import calibrate
from scipy.special import stdtrit

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.tables.prediction_calibration import BINS, FORECASTERS

DECIDED = [
    # deadline, probability, base rate, own record, came true
    ((2022, 2), 70, 50, 60, True),
    ((2022, 2), 70, 50, 60, False),
    ((2022, 3), 30, 50, 40, False),
    ((2022, 3), 50, 50, 50, True),
    ((2022, 4), 20, 40, 90, True),
]


def scored(kind: str = "program", decided: Any = DECIDED) -> list[dict[str, Any]]:
    return [
        {
            "author_kind": kind,
            "event": "commits-rise" if kind == "program" else None,
            "deadline": Quarter(*deadline).first_day,
            "probability_pct": given,
            "base_rate_pct": base,
            "own_record_pct": own,
            "persistence_pct": base,
            "momentum_pct": base,
            "reversion_pct": base,
            "state": "came_true" if came else "failed",
        }
        for deadline, given, base, own, came in decided
    ]


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], dict[str, Any]]:
    undecided = [row | {"state": state} for row in scored() for state in ("open", "undecidable", "refused", "unread")]
    return {(row["forecaster"], row["bin"]): row for row in calibrate(scored() + undecided)}


def test_the_rows_are_always_the_same(rows: dict[tuple[str, str], Any]) -> None:
    assert list(rows) == [(forecaster, name) for forecaster in FORECASTERS for name in BINS]
    assert len(rows) == 84


def test_means_over_what_was_decided(rows: dict[tuple[str, str], Any]) -> None:
    row = rows["program", "all"]
    assert (row["decided"], row["came_true"], row["quarters"]) == (5, 3, 3)
    assert (row["mean_probability_pct"], row["observed_pct"]) == (48, 60)
    # The likelier side: 70 came, 30 failed; not 70 failed, 20 came; 50 leans to no side
    assert row["hit_rate_pct"] == 50
    assert row["mean_brier"] == pytest.approx(fmean([0.09, 0.49, 0.09, 0.25, 0.64]))
    assert row["mean_base_rate_brier"] == pytest.approx(fmean([0.25, 0.25, 0.25, 0.25, 0.36]))
    assert row["mean_skill"] == pytest.approx(1 - 1.56 / 1.36)
    assert rows["program", "commits-rise"] == row | {"bin": "commits-rise", "bin_order": 8}


@pytest.mark.parametrize(
    ("name", "decided", "came"), [("0-19", 0, 0), ("20-39", 2, 1), ("40-59", 1, 1), ("60-79", 2, 1)]
)
def test_a_probability_is_in_one_range(rows: dict[tuple[str, str], Any], name: str, decided: int, came: int) -> None:
    assert (rows["program", name]["decided"], rows["program", name]["came_true"]) == (decided, came)


def test_an_empty_range_has_no_means(rows: dict[tuple[str, str], Any]) -> None:
    row = rows["program", "80-100"]
    assert (row["decided"], row["mean_brier"], row["observed_pct"], row["brier_difference"]) == (0, None, None, None)


def test_the_rules_are_judged_four_at_once(rows: dict[tuple[str, str], Any]) -> None:
    row = rows["own_record", "all"]
    own = [[0.16 - 0.25, 0.36 - 0.25], [0.16 - 0.25, 0], [0.01 - 0.36]]
    mean = sum(map(sum, own)) / 5
    error = sqrt(sum(sum(d - mean for d in quarter) ** 2 for quarter in own) * 3 / 2) / 5
    assert row["brier_difference"] == pytest.approx(mean)
    assert row["brier_difference_high"] - mean == pytest.approx(error * stdtrit(2, 1 - 0.05 / 8))
    assert rows["base_rate", "all"]["brier_difference"] == 0


def test_two_quarters_are_too_few_for_an_interval() -> None:
    row = next(
        row for row in calibrate(scored(decided=DECIDED[:4])) if (row["forecaster"], row["bin"]) == ("program", "all")
    )
    assert (row["quarters"], row["brier_difference_low"], row["brier_difference_high"]) == (2, None, None)
    assert row["brier_difference"] is not None


def test_what_has_no_base_rate_is_not_compared() -> None:
    bare = scored("analyst", [(*row[:2], None, *row[3:]) for row in DECIDED[:1]])
    row = next(row for row in calibrate(scored("analyst", DECIDED[2:]) + bare) if row["bin"] == "all")
    assert (row["forecaster"], row["decided"]) == ("analyst", 4)
    assert row["mean_brier"] == pytest.approx(fmean([0.09, 0.09, 0.25, 0.64]))
    assert row["mean_base_rate_brier"] == pytest.approx(fmean([0.25, 0.25, 0.36]))
    assert row["brier_difference"] == pytest.approx((0.98 - 0.86) / 3)
