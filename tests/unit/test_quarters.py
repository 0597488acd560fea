"""Quarters: labels, keys, half-open intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, QuarterError, quarter_range


@pytest.mark.parametrize("text", ["2023-Q1", "2023-q1", " 2023-Q1 ", "2023-01-01", "2023-01-01\n"])
def test_a_label_and_a_key_are_the_same_quarter(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2023, 1)


@pytest.mark.parametrize(
    "text", ["", "2023", "2023Q1", "2023-Q0", "2023-Q5", "2023-02-01", "2023-01-02", "23-Q1", "2023-Q1-", "x2023-Q1"]
)
def test_anything_else_is_refused_with_both_forms_named(text: str) -> None:
    with pytest.raises(QuarterError, match=r"write it as 2023-Q1 or as its first day, 2023-01-01"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    ("quarter", "first_day", "end"),
    [
        (Quarter(2023, 1), date(2023, 1, 1), datetime(2023, 4, 1, tzinfo=UTC)),
        (Quarter(2023, 2), date(2023, 4, 1), datetime(2023, 7, 1, tzinfo=UTC)),
        (Quarter(2023, 3), date(2023, 7, 1), datetime(2023, 10, 1, tzinfo=UTC)),
        (Quarter(2022, 4), date(2022, 10, 1), datetime(2023, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_quarter_lasts_from_its_first_day_to_the_next_ones(quarter: Quarter, first_day: date, end: datetime) -> None:
    assert quarter.first_day == quarter.start.date() == first_day
    assert (quarter.start.time().isoformat(), quarter.start.tzinfo) == ("00:00:00", UTC)
    assert quarter.end == end == quarter.shift(1).start
    assert Quarter.parse(quarter.key) == Quarter.parse(quarter.label) == Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2023, 1, 1), "2023-Q1"),
        (date(2023, 3, 31), "2023-Q1"),
        (date(2023, 4, 1), "2023-Q2"),
        (date(2024, 2, 29), "2024-Q1"),
        (date(2023, 12, 31), "2023-Q4"),
    ],
)
def test_every_day_lies_in_one_quarter(day: date, label: str) -> None:
    assert Quarter.containing(day).label == label


@pytest.mark.parametrize(
    ("quarters", "label"), [(0, "2023-Q1"), (1, "2023-Q2"), (4, "2024-Q1"), (-1, "2022-Q4"), (-5, "2021-Q4")]
)
def test_shifting_crosses_years(quarters: int, label: str) -> None:
    assert Quarter(2023, 1).shift(quarters).label == label
    assert Quarter(2023, 1).shift(quarters).shift(-quarters) == Quarter(2023, 1)


def test_quarters_are_ordered_by_time() -> None:
    unsorted = [Quarter(2023, 1), Quarter(2022, 4), Quarter(2022, 1)]
    assert sorted(unsorted) == list(reversed(unsorted))
    assert Quarter.parse("2015-01-01") == FIRST_QUARTER


def test_a_range_holds_both_ends() -> None:
    labels = [quarter.label for quarter in quarter_range(Quarter(2022, 3), Quarter(2023, 2))]
    assert labels == ["2022-Q3", "2022-Q4", "2023-Q1", "2023-Q2"]
    assert quarter_range(FIRST_QUARTER, FIRST_QUARTER) == [FIRST_QUARTER]


def test_a_reversed_range_is_refused() -> None:
    with pytest.raises(QuarterError, match="the first quarter lies after the last"):
        quarter_range(Quarter(2023, 2), Quarter(2023, 1))
