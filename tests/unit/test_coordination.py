"""The exact mean over permutations of authors is the one that drawing permutations comes near to."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepsignal_pipeline.statistics.coordination import sharing_probabilities


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_it_is_the_share_of_all_draws_that_have_two_authors(commits: list[int]) -> None:
    owners = [author for author, count in enumerate(commits) for _ in range(count)]
    found = sharing_probabilities(commits, len(owners))
    for drawn in range(1, len(owners) + 1):
        draws = list(combinations(owners, drawn))
        assert found[drawn] == pytest.approx(sum(len(set(draw)) > 1 for draw in draws) / len(draws))


def test_it_is_exact_for_large_repositories() -> None:
    commits = [400, 150, 37, *[3] * 20, *[1] * 80]
    found = sharing_probabilities(commits, 120)
    for drawn in (2, 17, 120):
        exact = 1 - Fraction(sum(comb(n, drawn) for n in commits), comb(sum(commits), drawn))
        assert found[drawn] == pytest.approx(float(exact), abs=1e-12)


def test_drawn_permutations_agree() -> None:
    """200 of them, as many as are usually drawn, and 5,000, which leaves little to chance."""
    rng = np.random.default_rng(20230331)
    commits = [60, 25, 10, 5, *[1] * 20]
    owners = np.repeat(np.arange(len(commits)), commits)
    sizes = rng.integers(2, 9, 40)
    files = [rng.choice(len(owners), size, replace=False) for size in sizes]
    expected = sum(sharing_probabilities(commits, 8)[size] for size in sizes)
    for permutations in (200, 5_000):
        shared = []
        for _ in range(permutations):
            permuted = rng.permutation(owners)
            shared.append(sum(len(set(permuted[file])) > 1 for file in files))
        error = np.std(shared, ddof=1) / np.sqrt(permutations)
        assert abs(np.mean(shared) - expected) < 4 * error


def test_the_order_of_authors_does_not_matter_to_the_last_bit() -> None:
    commits = [7, 1, 300, 12, 1, 5]
    assert sharing_probabilities(commits, 12) == sharing_probabilities(commits[::-1], 12)


def test_more_commits_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="a file of 4 commits in a repository of 3"):
        sharing_probabilities([2, 1], 4)
