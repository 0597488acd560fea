"""The catalogue becomes a table as it is written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    return lab.bench(
        [],
        categories=("first", "second"),
        repositories={
            "a/fork": {"category": "first", "fork_of": "z/upstream", "created": "2022-03"},
            "z/upstream": {"category": "second", "former_names": ["y/upstream"], "tracked_from": "2022-01"},
            "b/forks-the-fork": {"category": "second", "fork_of": "a/fork", "tracked_to": "2023-01-02"},
        },
    ).run("tracked_repositories", read="2023-Q1")


def test_order_is_that_of_the_categories_then_of_their_files(bench: Bench) -> None:
    rows = bench.rows("tracked_repositories")
    assert [row["catalogue_order"] for row in rows] == list(range(len(rows)))
    assert [(row["repository"], row["category"], row["category_order"]) for row in rows[:3]] == [
        ("a/fork", "first", 0),
        ("z/upstream", "second", 1),
        ("b/forks-the-fork", "second", 1),
    ]


def test_depth_counts_the_upstreams_of_the_catalogue(bench: Bench) -> None:
    depths = {row["repository"]: row["fork_depth"] for row in bench.rows("tracked_repositories")[:3]}
    assert depths == {"a/fork": 1, "z/upstream": 0, "b/forks-the-fork": 2}


def test_dates_of_tracking_are_days_and_empty_means_always(bench: Bench) -> None:
    dates = [(row["tracked_from"], row["tracked_to"]) for row in bench.rows("tracked_repositories")[:3]]
    assert dates == [(None, None), (date(2022, 1, 1), None), (None, date(2023, 1, 2))]


def test_what_is_information_only_is_kept_as_written(bench: Bench) -> None:
    row = bench.row("tracked_repositories", repository="a/fork")
    assert (row["created"], row["fork_of"], row["verified"]) == ("2022-03", "z/upstream", "read")
    assert bench.row("tracked_repositories", repository="z/upstream")["former_names"] == ["y/upstream"]
