"""95 % intervals in closed forms, as if each person of the quarters compared had independently decided again.

The forms, and how often each covers the truth in simulation, stand in docs/analysis.md, "Intervals".
No seed, no iteration: equal counts give equal intervals. What is counted is counted by SQL; nothing is counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri, stdtrit

_TAIL = 0.025
_Z = float(ndtri(1 - _TAIL))
SMALLEST_DEGREES = 5
"""With fewer degrees of freedom so few people make the change of a total that no interval of it can be trusted."""

Integers = NDArray[np.int64]


class Interval(NamedTuple):
    """Lower and upper end, in the unit of what they enclose."""

    low: float
    high: float


@dataclass(frozen=True)
class Totals:
    """Exact sums over people of x (this quarter) and y (the one before): powers[i, j] = sum of x**i * y**j.

    `now` and `before` are the quarters' totals. They may hold more than the people's sums: what has no person does not
    decide again.
    """

    now: int
    before: int
    powers: dict[tuple[int, int], int]


def wilson(successes: int, people: int) -> Interval | None:
    """Interval of a share, 0 to 1, by Wilson's score; None over nobody."""
    if people == 0:
        return None
    share, z2 = successes / people, _Z * _Z
    middle = share + z2 / (2 * people)
    half = _Z * np.sqrt(share * (1 - share) / people + z2 / (4 * people * people))
    scale = 1 + z2 / people
    # At both ends rounding would leave the interval a hair short of the share itself
    low = 0.0 if successes == 0 else float((middle - half) / scale)
    high = 1.0 if successes == people else float((middle + half) / scale)
    return Interval(low, high)


def garwood(counts: Integers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Intervals of the means of Poisson counts, (k,) each: exact, so at least 95 % at every mean (Garwood 1936)."""
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), _TAIL), 0.0)
    return low, gammaincinv(counts + 1, 1 - _TAIL)


def ratio_of_people(now: int, before: int, retained: int) -> Interval | None:
    """Interval of now / before, two counts of people of whom `retained` are in both; None on a count of 0.

    The variance of the log ratio is 1/now + 1/before - 2 retained / (now before).
    """
    if not (now and before):
        return None
    variance = (now + before - 2 * retained) / (now * before)
    return _around_log(now / before, _Z * float(np.sqrt(variance)))


def ratio_of_totals(totals: Totals) -> tuple[Interval | None, float | None]:
    """Interval of now / before, two sums over people, and its degrees of freedom.

    With e = x / now - y / before of a person, the variance of the log ratio is the sum of e^2 times d / (d - 1), and
    Student's t has d = (sum e^2)^2 / sum e^4 degrees. Under SMALLEST_DEGREES there is no interval; on a total of 0 there
    are no degrees.
    """
    now, before, powers = totals.now, totals.before, totals.powers
    if not (now and before):
        return None, None
    # e is multiplied by now * before, so that the sums are whole numbers: differences of near equals lose no digit
    squares = _power_of_difference(powers, now, before, 2)
    fourths = _power_of_difference(powers, now, before, 4)
    degrees = squares * squares / fourths if fourths else 0.0
    if degrees < SMALLEST_DEGREES:
        return None, degrees
    # Effectively so many people are behind the sum, and their own mean is among what was estimated: n / (n - 1)
    variance = squares / (now * before) ** 2 * degrees / (degrees - 1)
    return _around_log(now / before, float(stdtrit(degrees, 1 - _TAIL)) * float(np.sqrt(variance))), degrees


def mean_of_people(values: Integers, people: Integers) -> tuple[Interval | None, int]:
    """Interval of a mean over people, by the jackknife of its logarithm with t(n - 1), and these degrees.

    values: (k,) what a person did, above 0; people: (k,) how many did it. None for fewer than two people.
    """
    return ratio_of_means(values, values * 0, people)


def ratio_of_means(now: Integers, before: Integers, people: Integers) -> tuple[Interval | None, int]:
    """Interval of mean(now) / mean(before), and its degrees: the jackknife of the log ratio over the union of people.

    now, before: (k,) what a person did in each quarter, 0 for who was not there; people: (k,) how many did both. Each
    mean is over those who were there, the union is of those who were there in either; where nobody was before, it is
    mean(now) alone. None if leaving one out empties a quarter.
    """
    is_there = (now > 0) | (before > 0)
    now, before, people = now[is_there], before[is_there], people[is_there]
    count = int(people.sum())
    logs = _logs_without_one(now, people) - (_logs_without_one(before, people) if before.any() else 0.0)
    if count < 2 or not np.isfinite(logs).all():
        return None, count - 1
    deviations = logs - (people * logs).sum() / count
    variance = (count - 1) / count * float((people * deviations**2).sum())
    ratio = _mean(now, people) / (_mean(before, people) if before.any() else 1.0)
    return _around_log(ratio, float(stdtrit(count - 1, 1 - _TAIL)) * float(np.sqrt(variance))), count - 1


def difference_of_shares(now: tuple[int, int], before: tuple[int, int], covariance: float) -> Interval | None:
    """Interval of a share less the share before, -1 to 1, by Newcombe's combination of Wilson's intervals.

    now, before: successes and people. covariance: of the two shares, over the people who are in both. None over nobody.
    """
    intervals = wilson(*now), wilson(*before)
    if intervals[0] is None or intervals[1] is None:
        return None
    shares = now[0] / now[1], before[0] / before[1]
    variances = [share * (1 - share) / people for share, (_, people) in zip(shares, (now, before), strict=True)]
    scale = float(np.sqrt(variances[0] * variances[1]))
    correlation = min(1.0, max(-1.0, covariance / scale)) if scale else 0.0

    def reach(first: float, second: float) -> float:
        return float(np.sqrt(max(0.0, first**2 - 2 * correlation * first * second + second**2)))

    difference = shares[0] - shares[1]
    below = reach(shares[0] - intervals[0].low, intervals[1].high - shares[1])
    above = reach(intervals[0].high - shares[0], shares[1] - intervals[1].low)
    return Interval(difference - below, difference + above)


def _power_of_difference(powers: dict[tuple[int, int], int], now: int, before: int, degree: int) -> int:
    """Return the sum over people of (x before - y now)**degree, expanded: a whole number."""
    binomials = {2: (1, 2, 1), 4: (1, 4, 6, 4, 1)}[degree]
    terms = (
        (-1) ** j * binomial * powers[degree - j, j] * before ** (degree - j) * now**j
        for j, binomial in enumerate(binomials)
    )
    return sum(terms)


def _logs_without_one(values: Integers, people: Integers) -> NDArray[np.float64]:
    """Return the log of the mean over those with a value, each cell of people left out by one in turn."""
    total, count = int((values * people).sum()), int(people[values > 0].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log((total - values) / (count - (values > 0)))


def _mean(values: Integers, people: Integers) -> float:
    return int((values * people).sum()) / int(people[values > 0].sum())


def _around_log(ratio: float, half: float) -> Interval:
    return Interval(ratio * float(np.exp(-half)), ratio * float(np.exp(half)))
