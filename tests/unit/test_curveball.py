"""The null model of overlaps: its margins, its mean against exact enumeration, and the p-values it gives."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import false_discovery_control

from deepsignal_pipeline.staging.overlaps import null_model
from deepsignal_pipeline.statistics.curveball import Integers, Overlaps, expected_overlaps
from deepsignal_pipeline.statistics.poisson import mid_p

PAIRS = np.triu_indices(12, 1)


def of_matrix(rows: list[tuple[int, ...]], **options: int) -> Overlaps:
    """Run the chain on people (rows) x categories of 0 and 1."""
    bits = [sum(value << category for category, value in enumerate(row)) for row in rows]
    sets, people = np.unique(np.array(bits, np.int64), return_counts=True)
    return expected_overlaps(sets, people, len(rows[0]), **options)


def exactly_expected(rows: list[tuple[int, ...]]) -> Integers:
    """Average the pair counts over every matrix with the same margins, listed one by one."""
    matrix = np.array(rows)
    sizes = matrix.sum(axis=0)
    choices = [list(combinations(range(matrix.shape[1]), int(k))) for k in matrix.sum(axis=1)]
    found, total = 0, np.zeros((matrix.shape[1],) * 2)
    for choice in product(*choices):
        drawn = np.zeros_like(matrix)
        for person, places in enumerate(choice):
            drawn[person, list(places)] = 1
        if (drawn.sum(axis=0) == sizes).all():
            found += 1
            total += np.triu(drawn.T @ drawn, 1)
    return total / found


TINY = {
    "three categories": [(1, 1, 0), (1, 0, 0), (0, 1, 1), (0, 0, 1), (1, 0, 0)],
    "four categories": [(1, 1, 0, 0), (1, 1, 1, 0), (0, 0, 1, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1)],
    "one person everywhere": [(1, 1, 1, 1), (1, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)],
    "skewed": [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0), (1, 0, 0, 1, 0), (1, 0, 0, 0, 1), (0, 1, 1, 0, 0)],
}


@pytest.mark.parametrize("name", TINY)
def test_the_mean_over_a_long_run_is_that_over_all_matrices(name: str) -> None:
    """With 20,000 sweeps a pair's mean has a standard error below 0.01 here; four of them are allowed."""
    found = of_matrix(TINY[name], sweeps=20_000)
    assert found.expected == pytest.approx(exactly_expected(TINY[name]), abs=0.04)


def test_categories_that_nothing_tells_apart_get_the_same_expectation() -> None:
    found = of_matrix([(1, 1, 0), (1, 0, 1), (0, 1, 1)] * 4, sweeps=20_000)
    first = found.expected[np.triu_indices(3, 1)]
    assert first == pytest.approx([4.0] * 3, abs=0.05)


MATRICES = st.lists(
    st.tuples(st.integers(0, 2**6 - 1), st.integers(1, 400)), min_size=0, max_size=20, unique_by=lambda row: row[0]
)


@settings(max_examples=60, deadline=None)
@given(cells=MATRICES, seed=st.integers(0, 2**32 - 1))
def test_any_matrix_shares_in_all_what_chance_gives_it(cells: list[tuple[int, int]], seed: int) -> None:
    sets, people = np.array(cells, np.int64).reshape(-1, 2).T
    found = expected_overlaps(sets, people, 6, sweeps=20, seed=seed)
    degrees = np.array([int(s).bit_count() for s in sets], np.int64)
    in_all = int((people * degrees * (degrees - 1) // 2).sum())
    assert found.observed.sum() == in_all
    assert found.over_sweeps.sum() == 20 * in_all
    sizes = [int(people[sets >> c & 1 == 1].sum()) for c in range(6)]
    for a, b in combinations(range(6), 2):
        assert 0 <= found.over_sweeps[a, b] <= 20 * min(sizes[a], sizes[b])


def test_neither_the_order_of_the_sets_nor_a_second_run_changes_a_byte() -> None:
    sets, people = np.array([1, 3, 6, 5, 2, 4]), np.array([90, 12, 7, 30, 55, 41])
    runs = [expected_overlaps(sets[o], people[o], 3, sweeps=50) for o in ([0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 4, 2])]
    assert (runs[0].over_sweeps == runs[1].over_sweeps).all()


def test_nobody_and_one_category_give_nothing() -> None:
    nobody = np.array([], np.int64)
    assert not expected_overlaps(nobody, nobody, 12, sweeps=2).over_sweeps.any()
    assert expected_overlaps(np.array([1]), np.array([5]), 1, sweeps=2).expected.tolist() == [[0.0]]


def test_a_category_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond the 2"):
        expected_overlaps(np.array([4]), np.array([1]), 2)


def test_the_mid_p_of_small_counts_by_hand() -> None:
    # At 2 expected: P(0) = .1353, P(1) = P(2) = .2707, P(3) = .1804, P(4) = .0902, P(5 and more) = .0527
    found = mid_p(np.array([0, 1, 2, 4]), np.full(4, 2.0))
    all_but_1_and_2 = 1 - 2 * 0.2707
    by_hand = [0.1353 / 2 + 0.0902 + 0.0527, 0.2707 + all_but_1_and_2, 0.2707 + all_but_1_and_2, 0.0902 / 2 + 0.0527]
    assert found == pytest.approx(by_hand, abs=2e-4)


@settings(max_examples=80, deadline=None)
@given(count=st.integers(0, 120), expected=st.floats(0.001, 60))
def test_the_mid_p_is_the_sum_over_all_outcomes(count: int, expected: float) -> None:
    outcomes = np.arange(400)
    logs = outcomes * np.log(expected) - expected - gammaln(outcomes + 1)
    weights = np.where(logs < logs[count] - 1e-9, 1.0, np.where(logs <= logs[count] + 1e-9, 0.5, 0.0))
    found = mid_p(np.array([count]), np.array([expected]))
    assert found[0] == pytest.approx((weights * np.exp(logs)).sum(), rel=1e-6, abs=1e-300)


def test_far_tails_stay_numbers() -> None:
    found = mid_p(np.array([200, 0, 5]), np.array([4.0, 300.0, 0.0]))
    assert 0 < found[0] < 1e-200
    assert 0 < found[1] < 1e-120
    assert found[2] == 0  # who never meets by chance has met


def test_shuffled_people_are_rarely_found_to_meet_more_or_less_than_by_chance() -> None:
    """Some 750 people in twelve categories of very different sizes, 60 times shuffled: 3,960 tests.

    The figures of the sample's quarters and of the reference's size stand in docs/analysis.md (python -m benchmarks
    overlap_null).
    """
    rng = np.random.default_rng(20)
    sizes = 1 / np.arange(1, 13)
    drawn = [rng.choice(12, k, replace=False, p=sizes / sizes.sum()) for k in [1] * 400 + [2] * 250 + [3] * 100]
    sets, people = np.unique([int((1 << who).sum()) for who in drawn], return_counts=True)
    expected = expected_overlaps(sets, people, 12).expected[PAIRS]
    shuffled = [expected_overlaps(sets, people, 12, sweeps=1, burn_in=40, seed=n).over_sweeps[PAIRS] for n in range(60)]
    found = np.array([mid_p(counts, expected) for counts in shuffled])
    assert 0.03 <= (found <= 0.05).mean() <= 0.06
    # The check can fail: two categories that share half as many again are found
    assert (mid_p((shuffled[0] * 3) // 2, expected) <= 0.05).mean() > 0.2


def test_where_most_pairs_expect_less_than_one_person_chance_is_seldom_a_find() -> None:
    """Of some 100 people in twelve categories most pairs expect less than one, as in the sample's first quarters."""
    rng = np.random.default_rng(21)
    sizes = 1 / np.arange(1, 13)
    drawn = [rng.choice(12, k, replace=False, p=sizes / sizes.sum()) for k in [1] * 70 + [2] * 30]
    sets, people = np.unique([int((1 << who).sum()) for who in drawn], return_counts=True)
    expected = expected_overlaps(sets, people, 12).expected[PAIRS]
    assert (expected < 1).sum() > 50
    found = np.array(
        [
            mid_p(expected_overlaps(sets, people, 12, sweeps=1, burn_in=40, seed=n).over_sweeps[PAIRS], expected)
            for n in range(200)
        ]
    )
    assert 0.01 <= (found <= 0.05).mean() <= 0.05
    finds = (false_discovery_control(found, axis=1) <= 0.1).any(axis=1)
    assert 0 < finds.mean() <= 0.1


def test_what_no_sweep_gives_is_tested_as_one_person_in_all_sweeps() -> None:
    """Five people are in two categories that hardly anybody else is in, of a million people."""
    found = null_model(np.array([0b0011, 0b1100, 0b0100]), np.array([5, 1_000, 1_000_000]), 4).to_pylist()
    a_b, *_, c_d = found
    assert (a_b["shared_over_sweeps"], a_b["sweeps"]) == (0, 1_000)
    assert a_b["p_value"] == pytest.approx(mid_p(np.array([5]), np.array([0.001]))[0])
    assert 0 < a_b["p_value"] < 1e-15
    assert c_d["shared_over_sweeps"] > 0
