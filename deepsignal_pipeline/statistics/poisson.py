"""Tests of counts against an expectation. Where the expectation comes from is another module's part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr, pdtrc, xlogy

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_TIE = 1e-9
"""Outcomes whose log probabilities differ by less are equally likely: what differs is rounding."""


def mid_p(counts: Integers, expected: Floats) -> Floats:
    """Two-sided Poisson mid-p of counts at their expectations.

    counts, expected: (k,) each, not below 0. The probability of all outcomes that are less likely than the count, on
    either side, and half of that of the equally likely ones: half, since a discrete count is else too careful
    (Lancaster 1961). Twice the smaller tail is more careful still where little is expected; docs/analysis.md compares.
    """
    own = _log_probability(counts, expected)
    mode = np.floor(expected).astype(np.int64)
    # Nobody seen is at least as likely as e times the expected number of people
    end = np.maximum(counts, np.ceil(np.e * expected).astype(np.int64)) + 2

    def outcomes_below(limit: Floats) -> Integers:
        return _first(lambda k: _log_probability(k, expected) >= limit, np.zeros_like(mode), mode)

    def first_above(limit: Floats) -> Integers:
        return _first(lambda k: _log_probability(k, expected) < limit, mode, end)

    below, above = outcomes_below(own - _TIE), first_above(own - _TIE)
    equally_likely = outcomes_below(own + _TIE) - below + above - first_above(own + _TIE)
    less_likely = np.where(below > 0, pdtr(np.maximum(below - 1, 0), expected), 0.0)
    less_likely = less_likely + np.where(above > 0, pdtrc(np.maximum(above - 1, 0), expected), 1.0)
    return np.minimum(1.0, less_likely + equally_likely * np.exp(own) / 2)


def _log_probability(counts: Integers, expected: Floats) -> Floats:
    logs: Floats = xlogy(counts, expected) - expected - gammaln(counts + 1)
    return logs


def _first(is_reached: Callable[[Integers], NDArray[np.bool_]], start: Integers, end: Integers) -> Integers:
    """Return, of each element, the first number from start for which a monotone condition holds; end if none does."""
    low, high = start.copy(), end.copy()
    while (low < high).any():
        middle = (low + high) // 2
        reached = is_reached(middle) | (low >= high)
        low, high = np.where(reached, low, middle + 1), np.where(reached, np.minimum(high, middle), high)
    return low
