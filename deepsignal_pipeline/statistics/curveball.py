"""The null model of overlaps: people x categories with both margins fixed, drawn by the curveball chain.

A matrix of the null model has every person in as many categories as they are in, and every category with as many people
as it has; all such matrices are equally likely. What is expected of a pair is its mean over sweeps of the chain. Testing
a pair against this mean is `poisson`'s part.

The chain is Strona et al. 2014 (Nature Communications 5, 4114): two categories pool the people who are in exactly one of
them and deal them out anew. A sweep is a global trade (Carstens et al. 2018, ESA): the categories are paired at random
and every pair trades, so every category trades once. People in the same set of categories cannot be told apart by an
overlap, so the chain keeps only how many people each set has and draws those who change from the multivariate
hypergeometric distribution. That is the same chain, lumped: its cost does not grow with the people, and neither their
ids nor their order can reach the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

SWEEPS = 1_000
BURN_IN = 10
SEED = 20_140_611

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Overlaps:
    """Pair counts (categories, categories), int64, of what was observed and summed over the sweeps; 0 off the upper half."""

    observed: Integers
    over_sweeps: Integers
    sweeps: int

    @property
    def expected(self) -> NDArray[np.float64]:
        """Mean over the sweeps, in people."""
        return self.over_sweeps / self.sweeps


def expected_overlaps(
    sets: Integers, people: Integers, categories: int, *, sweeps: int = SWEEPS, burn_in: int = BURN_IN, seed: int = SEED
) -> Overlaps:
    """Return the pair counts of a matrix, and their sums over sweeps of the null model.

    sets: (k,) distinct sets of categories, bit c set for category c; people: (k,) how many people are in exactly that
    set, fewer than 10^9 in all. Equal counts give equal sums, whatever their order. ValueError for a bit beyond
    `categories`.
    """
    if sets.size and int(sets.max()) >> categories:
        raise ValueError(f"a set names a category beyond the {categories} there are")
    counts = np.zeros(2**categories, np.int64)
    counts[sets] = people
    observed = _pair_counts(counts, categories)
    rng = np.random.default_rng(seed)
    total = np.zeros_like(counts)
    only = _sets_with_and_without(categories)
    for sweep in range(burn_in + sweeps):
        _sweep(counts, only, rng)
        if sweep >= burn_in:
            total += counts
    return Overlaps(observed, _pair_counts(total, categories), sweeps)


def _sweep(counts: Integers, only: Integers, rng: np.random.Generator) -> None:
    """Pair the categories at random and let each pair trade; of an odd number one sits out."""
    order = rng.permutation(len(only))
    for first, second in zip(order[0::2], order[1::2], strict=False):
        _trade(counts, only[first, second], only[second, first], rng)


def _trade(counts: Integers, first: Integers, second: Integers, rng: np.random.Generator) -> None:
    """Deal the people of exactly one of two categories out anew, in place; each category keeps its number of people."""
    in_first = counts[first]
    pool = in_first + counts[second]
    present = np.flatnonzero(pool)
    dealt = rng.multivariate_hypergeometric(pool[present], in_first.sum())
    counts[first[present]] = dealt
    counts[second[present]] = pool[present] - dealt


@cache
def _sets_with_and_without(categories: int) -> Integers:
    """Return, at [a, b], all sets with a and without b: at [b, a] stands the same set with b in the place of a."""
    sets = np.arange(2**categories)
    only = np.zeros((categories, categories, 2 ** max(0, categories - 2)), np.int64)
    for a, b in permutations(range(categories), 2):
        rest = sets[(sets >> a & 1 == 0) & (sets >> b & 1 == 0)]
        only[a, b] = rest | 1 << a
    return only


def _pair_counts(counts: Integers, categories: int) -> Integers:
    inside = np.arange(len(counts))[:, None] >> np.arange(categories) & 1
    return np.triu((inside * counts[:, None]).T @ inside, 1)
