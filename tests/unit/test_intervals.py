"""Intervals against values worked out by hand or published, and what they must do at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepsignal_pipeline.statistics.intervals import (
    Totals,
    difference_of_shares,
    mean_of_people,
    ratio_of_means,
    ratio_of_people,
    ratio_of_totals,
    wilson,
)
from deepsignal_pipeline.statistics.surprise import surprise

Z = 1.959963984540054


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def totals_of(now: list[int], before: list[int]) -> Totals:
    powers = [(2, 0), (1, 1), (0, 2), (4, 0), (3, 1), (2, 2), (1, 3), (0, 4)]
    sums = {(i, j): sum(x**i * y**j for x, y in zip(now, before, strict=True)) for i, j in powers}
    return Totals(sum(now), sum(before), sums)


@pytest.mark.parametrize(
    ("successes", "people", "low", "high"),
    # Newcombe (1998), table I, method 3: the score interval without continuity correction
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(successes: int, people: int, low: float, high: float) -> None:
    assert wilson(successes, people) == pytest.approx((low, high), abs=5e-5)


def test_wilson_at_its_ends_holds_the_share_and_needs_somebody() -> None:
    assert wilson(0, 7).low == 0  # type: ignore[union-attr]
    assert wilson(7, 7).high == 1  # type: ignore[union-attr]
    assert wilson(0, 0) is None


def test_a_ratio_of_people_knows_who_is_in_both() -> None:
    # 2 before, 3 now, 1 in both: the variance of the log is 1/3 + 1/2 - 2/6 = 1/2
    half = Z * math.sqrt(1 / 2)
    assert ratio_of_people(3, 2, 1) == pytest.approx((1.5 * math.exp(-half), 1.5 * math.exp(half)))


def test_a_ratio_of_people_at_its_edges() -> None:
    assert ratio_of_people(5, 5, 5) == (1, 1)
    assert ratio_of_people(0, 5, 0) is None
    assert ratio_of_people(5, 0, 0) is None


def test_a_ratio_of_totals_by_hand() -> None:
    # Four people with a commit now and four with one before: e = 1/4 or -1/4, sum e^2 = 1/2, sum e^4 = 1/32, 8 degrees
    interval, degrees = ratio_of_totals(totals_of([1] * 4 + [0] * 4, [0] * 4 + [1] * 4))
    half = 2.306004135 * math.sqrt(1 / 2 * 8 / 7)
    assert degrees == 8
    assert interval == pytest.approx((math.exp(-half), math.exp(half)))


def test_a_ratio_of_totals_carried_by_few_has_no_interval() -> None:
    interval, degrees = ratio_of_totals(totals_of([900, 1, 1, 1, 1, 1, 1], [10, 1, 1, 1, 1, 1, 1]))
    assert interval is None
    assert degrees is not None
    assert degrees < 5
    assert ratio_of_totals(totals_of([3], [2])) == (None, 0)
    assert ratio_of_totals(totals_of([0], [2])) == (None, None)


def test_a_total_that_is_nobodys_does_not_decide_again() -> None:
    """Commits of unresolved authors are in the totals: the ratio is theirs too, the variance is not."""
    people = totals_of([2, 1, 1, 2, 1, 1] * 2, [1, 2, 1, 1, 1, 2] * 2)
    with_more = Totals(people.now + 8, people.before + 8, people.powers)
    narrow, wide = (ratio_of_totals(totals)[0] for totals in (with_more, people))
    assert narrow is not None
    assert wide is not None
    assert math.log(narrow.high / narrow.low) < math.log(wide.high / wide.low)


def test_a_mean_by_hand() -> None:
    # Weeks 1 and 3: without one of them the mean is 3 or 1; logs ln 3 and 0, variance 1/2 * 2 * (ln 3 / 2)^2, t(1) = 12.706
    interval, degrees = mean_of_people(ints(1, 3), ints(1, 1))
    half = 12.7062047 * math.log(3) / 2
    assert degrees == 1
    assert interval == pytest.approx((2 * math.exp(-half), 2 * math.exp(half)), rel=1e-6)


def test_cells_of_people_are_people() -> None:
    cells = ratio_of_means(ints(1, 2, 0), ints(2, 0, 1), ints(3, 2, 4))
    people = ratio_of_means(ints(1, 1, 1, 2, 2, 0, 0, 0, 0), ints(2, 2, 2, 0, 0, 1, 1, 1, 1), ints(*[1] * 9))
    assert cells[1] == people[1] == 8
    assert cells[0] == pytest.approx(people[0])


def test_who_was_in_neither_quarter_does_not_decide() -> None:
    among_others = ratio_of_means(ints(1, 2, 0, 0), ints(2, 0, 1, 0), ints(3, 2, 4, 50))
    assert among_others == ratio_of_means(ints(1, 2, 0), ints(2, 0, 1), ints(3, 2, 4))


def test_a_mean_of_one_person_has_no_interval() -> None:
    assert mean_of_people(ints(4), ints(1))[0] is None
    assert mean_of_people(ints(), ints())[0] is None
    # Two people, but one quarter is empty without one of them
    assert ratio_of_means(ints(2, 3), ints(0, 1), ints(1, 1))[0] is None


def test_a_difference_of_shares_is_newcombes() -> None:
    # Newcombe (1998), table II, method 10: 56/70 - 48/80
    assert difference_of_shares((56, 70), (48, 80), 0.0) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_same_people_doing_the_same_make_a_difference_more_certain() -> None:
    apart = difference_of_shares((40, 100), (50, 100), 0.0)
    together = difference_of_shares((40, 100), (50, 100), 0.002)
    assert apart is not None
    assert together is not None
    assert together.high - together.low < apart.high - apart.low
    assert difference_of_shares((0, 0), (1, 2), 0.0) is None


counts = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13), st.integers(1, 9)), min_size=1, max_size=12)


@given(counts)
def test_every_interval_holds_what_it_is_of(cells: list[tuple[int, int, int]]) -> None:
    now, before, people = (ints(*column) for column in zip(*cells, strict=True))
    there, were = int(people[now > 0].sum()), int(people[before > 0].sum())
    both = int(people[(now > 0) & (before > 0)].sum())
    ratio = ratio_of_people(there, were, both)
    if ratio:
        assert ratio.low <= there / were * (1 + 1e-12)
        assert there / were <= ratio.high * (1 + 1e-12)
    share = wilson(both, were)
    if share:
        assert 0 <= share.low <= both / were <= share.high <= 1
    totals = totals_of(*(list(map(int, np.repeat(column, people))) for column in (now, before)))
    interval, degrees = ratio_of_totals(totals)
    assert (interval is None) == (degrees is None or degrees < 5)
    assert degrees is None or degrees <= people.sum() + 1e-9
    mean, _ = mean_of_people(now[now > 0], people[now > 0])
    if mean:
        value = int((now * people).sum()) / there
        assert mean.low <= value * (1 + 1e-12)
        assert value <= mean.high * (1 + 1e-12)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_turning_quarters_round_turns_the_ratio_round(now: int, before: int, retained: int) -> None:
    retained = min(now, before, retained)
    forth, back = ratio_of_people(now, before, retained), ratio_of_people(before, now, retained)
    assert forth is not None
    assert back is not None
    assert forth.low * back.high == pytest.approx(1)
    assert forth.high * back.low == pytest.approx(1)


@given(st.integers(0, 40), st.integers(1, 40))
def test_what_a_share_leaves_has_the_mirrored_interval(successes: int, more: int) -> None:
    share, rest = wilson(successes, successes + more), wilson(more, successes + more)
    assert share is not None
    assert rest is not None
    assert share.low == pytest.approx(1 - rest.high)
    assert share.high == pytest.approx(1 - rest.low)


def test_surprise_by_hand() -> None:
    # Eight steps of 1 and -1: mean 0, sd sqrt(8/7); a step of 2 lies 2 / (sqrt(8/7) sqrt(9/8)) = 2 / sqrt(9/7) away
    found = surprise(2, [1, -1] * 4)
    assert found is not None
    assert found.distance == pytest.approx(2 / math.sqrt(9 / 7))
    assert found.p_value == pytest.approx(0.12113, abs=1e-5)


def test_surprise_needs_six_changes_that_differ() -> None:
    assert surprise(2, [1, -1, 1, -1, 1]) is None
    assert surprise(2, [1, -1, 1, -1, 1, -1]) is not None
    assert surprise(2, [0.5] * 8) is None
