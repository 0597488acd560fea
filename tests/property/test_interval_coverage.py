"""Intervals cover what they promise, in simulation from the sample's own people (docs/analysis.md has the whole table)."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from interval_coverage import Kind, Tally, read_people, simulate_again, simulate_pairs

from deepsignal_pipeline.domain.quarters import Quarter

if TYPE_CHECKING:
    from conftest import Bench

DRAWS, SEED = 40, 7
ERRORS = 3
"""Standard errors of the simulation by which a coverage may miss: it runs few draws."""

PROMISED = [
    Kind("churn_rate_pct", "level"),
    Kind("churn_rate_pct", "change"),
    Kind("retention_pct", "level"),
    Kind("one_week_share", "level"),
    Kind("one_week_share", "change"),
    Kind("new_share", "level"),
    Kind("new_share", "change"),
    Kind("engaged_churn_rate_pct", "level"),
    Kind("contributors", "change"),
    Kind("contributors_new", "change"),
    Kind("mean_active_weeks", "level"),
    Kind("mean_active_weeks", "change"),
]


@pytest.fixture(scope="module")
def tallies(sample: Bench) -> dict[Kind, Tally]:
    people = read_people(sample.pipeline, [Quarter(2022, 3), Quarter(2022, 4), Quarter(2023, 1)])
    return simulate_again(people, DRAWS, SEED)


def error_at(coverage: float, count: int) -> float:
    return ERRORS * sqrt(coverage * (1 - coverage) / count)


@pytest.mark.parametrize("kind", PROMISED, ids="-".join)
def test_intervals_over_sixty_people_cover_93_to_97_per_cent(tallies: dict[Kind, Tally], kind: Kind) -> None:
    tally = tallies[kind]
    assert tally.count >= 500
    assert 0.93 - error_at(0.93, tally.count) <= tally.coverage <= 0.97 + error_at(0.97, tally.count)


@pytest.mark.parametrize("of", ["change", "change, of 5 degrees"])
def test_intervals_of_commits_cover_93_per_cent_whenever_they_are_printed(tallies: dict[Kind, Tally], of: str) -> None:
    tally = tallies[Kind("commits", of)]
    assert tally.count >= 500
    assert tally.coverage >= 0.93 - error_at(0.93, tally.count)


def test_intervals_of_shared_people_cover_at_least_95_per_cent(sample: Bench) -> None:
    shared = [row["shared"] for row in sample.rows("category_overlaps", "2023-Q1") if row["shared"]]
    tally = simulate_pairs(shared, 2000, SEED)
    # Exact, so that no pair is below what it promises
    assert min(tally.by_population) >= 0.95 - error_at(0.95, 2000)


def test_the_simulation_would_see_intervals_that_are_too_narrow(sample: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of their width covers some two thirds."""
    from deepsignal_pipeline.statistics import intervals

    monkeypatch.setattr(intervals, "_Z", 0.5 * intervals._Z)
    people = read_people(sample.pipeline, [Quarter(2023, 1)])
    for kind in (Kind("contributors", "change"), Kind("one_week_share", "level")):
        tally = simulate_again(people, DRAWS, SEED)[kind]
        assert tally.coverage < 0.93 - error_at(0.93, tally.count)


def test_the_simulation_is_the_same_every_time(sample: Bench) -> None:
    people = {name: rows[:400] for name, rows in read_people(sample.pipeline, [Quarter(2023, 1)]).items()}
    first, second = (simulate_again(people, 3, SEED) for _ in range(2))
    assert first == second
    assert all(np.isfinite(tally.coverage) for tally in first.values())
