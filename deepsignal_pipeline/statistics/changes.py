"""Changes of measures between two quarters, with their intervals, from exact counts of people.

Pure: counts come from SQL, words and marks from the domain. A measure is a quotient of two counts, so its change is exact
until the last division.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepsignal_pipeline.statistics.intervals import (
    Integers,
    Interval,
    Totals,
    difference_of_shares,
    mean_of_people,
    ratio_of_means,
    ratio_of_people,
    ratio_of_totals,
    wilson,
)

Kind = Literal["total", "people", "objects", "mean", "share"]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Measure:
    """A measure: what it is a quotient of, columns of `change_levels`, and what its values count."""

    name: str
    kind: Kind
    unit: str
    numerator: str
    denominator: str = ""

    @property
    def scale(self) -> int:
        """What the quotient is multiplied by."""
        return 100 if self.unit == "%" else 1

    @property
    def is_of_two_quarters(self) -> bool:
        """Whether one value looks at two quarters, so that its change looks at three."""
        return self.denominator.endswith("_before")


MEASURES = (
    Measure("commits", "total", "commits", "commits"),
    Measure("contributors", "people", "people", "contributors"),
    Measure("contributors_new", "people", "people", "contributors_new"),
    Measure("repositories_active", "objects", "repositories", "repositories_active"),
    Measure("mean_active_weeks", "mean", "weeks", "weeks", "contributors"),
    Measure("one_week_share", "share", "share", "one_week", "contributors"),
    Measure("new_share", "share", "share", "contributors_new", "contributors"),
    Measure("churn_rate_pct", "share", "%", "churned", "contributors_before"),
    Measure("retention_pct", "share", "%", "retained", "contributors_before"),
    Measure("engaged_churn_rate_pct", "share", "%", "engaged_churned", "engaged_before"),
)


class Level(NamedTuple):
    """A value as the quotient of two counts; a plain count stands over 1."""

    numerator: int
    denominator: int

    def value(self, scale: int = 1) -> float | None:
        """Return the quotient, None over 0."""
        return scale * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Cells:
    """People who did the same: (k,) arrays of weeks in this quarter, the one before and the one before that, and how many.

    `is_new_now`, `is_new_before`: whether their first commit is in that quarter.
    """

    now: Integers
    before: Integers
    earlier: Integers
    is_new_now: Booleans
    is_new_before: Booleans
    people: Integers


class Estimate(NamedTuple):
    """An interval of a change in per cent or points, or why there is none, and its degrees of freedom if it has any."""

    interval: Interval | None
    degrees: float | None = None
    null_reason: str | None = None


def level_of(measure: Measure, counts: Mapping[str, int | None]) -> Level | None:
    """Return the level of a measure in a quarter's counts; None where they look at a quarter that is not there."""
    numerator = counts[measure.numerator]
    denominator = counts[measure.denominator] if measure.denominator else 1
    return None if numerator is None or denominator is None else Level(numerator, denominator)


def change_of(measure: Measure, now: Level | None, before: Level | None) -> int | None:
    """Return the change: whole per cent, whole points for a share, halves rounded up; None without a base."""
    if now is None or before is None or not (now.denominator and before.denominator):
        return None
    first, second = now.numerator * before.denominator, before.numerator * now.denominator
    base = now.denominator * before.denominator if measure.kind == "share" else second
    return (200 * (first - second) + base) // (2 * base) if base else None


def step_of(measure: Measure, now: Level | None, before: Level | None) -> float | None:
    """Return the change that surprise compares: of logarithms, of a share in points."""
    if now is None or before is None:
        return None
    first, second = now.value(), before.value()
    if first is None or second is None:
        return None
    if measure.kind == "share":
        return 100 * (first - second)
    return log(first / second) if first and second else None


def steps_of(measure: Measure, levels: Sequence[Level | None]) -> list[float]:
    """Return the changes between neighbouring levels (newest first) that there are, the newest first."""
    steps = [step_of(measure, now, before) for now, before in pairwise(levels)]
    return [step for step in steps if step is not None]


def estimate_level(measure: Measure, level: Level | None, cells: Cells) -> Interval | None:
    """Return the interval of a ratio or mean over people, in its own unit; counts are a census and have none."""
    if level is None or measure.kind not in ("share", "mean"):
        return None
    if measure.kind == "share":
        interval = wilson(*level)
        return interval and Interval(*(measure.scale * end for end in interval))
    is_there = cells.now > 0
    return mean_of_people(cells.now[is_there], cells.people[is_there])[0]


def estimate_change(
    measure: Measure, now: Level, before: Level, cells: Cells, totals: Totals | None = None
) -> Estimate:
    """Return the interval of a change that is not None. `totals`: the commits, for a measure of the kind "total"."""
    if measure.kind == "objects":
        return Estimate(None, None, "no_model")
    if measure.kind == "share":
        difference = difference_of_shares(now, before, _covariance(measure, cells))
        return Estimate(difference and Interval(*(100 * end for end in difference)))
    if not now.numerator:
        return Estimate(None, None, "none_left")
    ratio, degrees = _ratio(measure, now, before, cells, totals)
    if ratio is None:
        return Estimate(None, degrees, "change_by_few")
    return Estimate(Interval(*(100 * (end - 1) for end in ratio)), degrees)


def _ratio(
    measure: Measure, now: Level, before: Level, cells: Cells, totals: Totals | None
) -> tuple[Interval | None, float | None]:
    if measure.kind == "mean":
        return ratio_of_means(cells.now, cells.before, cells.people)
    if measure.kind == "total" and totals is not None:
        return ratio_of_totals(totals)
    is_in_both = (cells.now > 0) & (cells.before > 0)
    # Nobody is new twice
    retained = int(cells.people[is_in_both].sum()) if measure.name == "contributors" else 0
    return ratio_of_people(now.numerator, before.numerator, retained), None


def _covariance(measure: Measure, cells: Cells) -> float:
    """Return the covariance of a share and the share before, over the people who are counted in both."""
    (is_of_now, has_now), (is_of_before, has_before) = _memberships(measure, cells)
    people, is_in_both = cells.people, is_of_now & is_of_before
    count_now, count_before = int(people[is_of_now].sum()), int(people[is_of_before].sum())
    if not (count_now and count_before):
        return 0.0
    share_now = int(people[is_of_now & has_now].sum()) / count_now
    share_before = int(people[is_of_before & has_before].sum()) / count_before
    products = people * (has_now - share_now) * (has_before - share_before)
    return float(products[is_in_both].sum()) / (count_now * count_before)


def _memberships(measure: Measure, cells: Cells) -> tuple[tuple[Booleans, Booleans], tuple[Booleans, Booleans]]:
    """Return, for this value and for the one before, who is counted below the line and who above it."""
    now, before, earlier = cells.now, cells.before, cells.earlier
    if measure.name == "one_week_share":
        return (now > 0, now == 1), (before > 0, before == 1)
    if measure.name == "new_share":
        return (now > 0, cells.is_new_now), (before > 0, cells.is_new_before)
    weeks = 2 if measure.name == "engaged_churn_rate_pct" else 1
    if measure.name == "retention_pct":
        return (before >= weeks, now > 0), (earlier >= weeks, before > 0)
    return (before >= weeks, now == 0), (earlier >= weeks, before == 0)
