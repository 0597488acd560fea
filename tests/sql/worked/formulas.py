"""The formulas behind the expected intervals, written from the literature and not from the project's code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import exp, sqrt

import numpy as np
from scipy import stats

Z = 1.959963984540054
"""Of a normal distribution 2.5 % lie above it."""


def t(degrees: float) -> float:
    """Return what 2.5 % of Student's t lie above."""
    return float(stats.t.ppf(0.975, degrees))


def wilson(counted: int, people: int) -> tuple[float, float]:
    """Return the roots p of (counted/people - p)^2 = Z^2 p (1 - p) / people (Wilson 1927)."""
    # As a quadratic equation in p: a p^2 - 2 b p + c = 0
    share = counted / people
    a, b, c = 1 + Z**2 / people, share + Z**2 / (2 * people), share**2
    root = sqrt(max(0.0, b * b - a * c))
    return (b - root) / a, (b + root) / a


def garwood(count: int) -> tuple[float, float]:
    """Return the means at which a count, or one less likely on its side, has a chance of 2.5 % (Garwood 1936)."""
    return float(stats.chi2.ppf(0.025, 2 * count)) / 2, float(stats.chi2.ppf(0.975, 2 * count + 2)) / 2


def around(ratio: float, variance: float, quantile: float = Z) -> tuple[float, float]:
    """Return the ends of an interval of a ratio that is symmetric in the logarithm."""
    reach = exp(quantile * sqrt(variance))
    return ratio / reach, ratio * reach


def per_cent(ends: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of the interval of a ratio as those of a change in per cent."""
    return 100 * (ends[0] - 1), 100 * (ends[1] - 1)


def newcombe(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """Return the ends of the interval of a difference of two shares of other people, in points (Newcombe 1998).

    Each share is counted/people. The distances to the ends of their Wilson intervals add up as squares.
    """
    (p, (p_low, p_high)), (q, (q_low, q_high)) = ((k / n, wilson(k, n)) for k, n in (now, before))
    return 100 * (p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)), 100 * (
        p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    )


def shared_by_chance(sizes: Sequence[int], people: tuple[int, int], pair: tuple[int, int]) -> float:
    """Return how many people two categories share in the mean over all ways to deal people out.

    sizes: how many people each category has; people: how many are in two categories, and how many in one.
    """
    twos, ones = people
    without_one = [size - (category in pair) for category, size in enumerate(sizes)]
    return twos * _ways(without_one, twos - 1, ones) / _ways(sizes, twos, ones)


def _ways(sizes: Sequence[int], twos: int, ones: int) -> float:
    """Return in how many ways people, one after the other, can be put into as many categories as each is in."""
    # By how many places of each category are taken
    ways = np.zeros([size + 1 for size in sizes])
    ways[(0,) * len(sizes)] = 1
    for chosen, times in ((2, twos), (1, ones)):
        for _ in range(times):
            before, ways = ways, np.zeros_like(ways)
            for entered in combinations(range(len(sizes)), chosen):
                one_more = tuple(slice(1, None) if c in entered else slice(None) for c in range(len(sizes)))
                one_less = tuple(slice(None, -1) if c in entered else slice(None) for c in range(len(sizes)))
                ways[one_more] += before[one_less]
    return float(ways[(-1,) * len(sizes)])
