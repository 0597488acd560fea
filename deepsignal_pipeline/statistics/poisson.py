"""Tests of counts against an expectation. Where the expectation comes from is another module's part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln, pdtr, pdtrc, xlogy


def mid_p(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided Poisson mid-p of counts at their expectations (METRICS, "overlap").

    counts, expected: (k,) each, not below 0. Twice the smaller tail, a tail holding half of the observed count's own
    probability, and at most 1. The mid-p halves what a discrete count would else be too careful by (Lancaster 1961).
    """
    own = np.exp(xlogy(counts, expected) - expected - gammaln(counts + 1))
    # 0 people have nothing below them; pdtr knows no negative count
    below = np.where(counts > 0, pdtr(np.maximum(counts - 1, 0), expected), 0.0) + own / 2
    above = np.where(expected > 0, pdtrc(counts, expected), 0.0) + own / 2
    tails: NDArray[np.float64] = np.minimum(below, above)
    return np.minimum(1.0, 2 * tails)


def garwood(counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % interval of the mean of Poisson counts, (k,) each: exact, so at least 95 % (Garwood 1936)."""
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), 0.025), 0.0)
    return low, gammaincinv(counts + 1, 0.975)
