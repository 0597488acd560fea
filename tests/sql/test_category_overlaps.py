"""People whom two categories share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # ada: three commits on one side, two weeks on the other, so qualified in both
        *many("a/one", "ada", "3 x 2023-Q1+1"),
        *many("b/one", "ada", "2023-Q1+1", "2023-Q1+8"),
        # bob: qualified in a alone; cy: two commits within one week on both sides
        *many("a/one", "bob", "2 x 2023-Q1+1", "2023-Q1+8"),
        *many("b/one", "bob", "2023-Q1+1"),
        *many("a/one", "cy", "2023-Q1+1", "2023-Q1+2"),
        *many("b/one", "cy", "2023-Q1+1", "2023-Q1+2"),
        *many("a/one", "dan", "2023-Q1+1"),
        *many("b/one", "eve", "2023-Q1+1"),
        *many("b/one", "fay", "2023-Q1+1"),
        # In c only the quarter before, which is no overlap; nobody and a bot are in all three
        *many("c/one", "ada", "2022-Q4+1"),
        *(
            row
            for slug in "abc"
            for name in ("root", "renovate[bot]")
            for row in many(f"{slug}/one", name, "2023-Q1+1")
        ),
        # Qualified in d through two repositories of it
        *many("d/one", "dan", "2023-Q1+1"),
        *many("d/two", "dan", "2023-Q1+8"),
        *many("a/one", "dan", "2023-Q1+8"),
    ]
    two = {f"d/{name}": {"category": "d"} for name in ("one", "two")}
    bench = lab.bench(commits, categories="abcd", repositories=two)
    return bench.run("category_overlaps", read=f"2022-Q4:{QUARTER}", publish=QUARTER)


def pair(bench: Bench, a: str, b: str, *names: str) -> list[Any]:
    row = bench.row("category_overlaps", QUARTER, category_a=a, category_b=b)
    return [row[name] for name in names]


def test_shared_people_and_those_qualified_on_both_sides(bench: Bench) -> None:
    assert pair(bench, "a", "b", "shared", "shared_qualified") == [3, 1]


def test_containments_and_jaccard(bench: Bench) -> None:
    # a: ada, bob, cy, dan; b: ada, bob, cy, eve, fay
    names = ("contributors_a", "contributors_b", "containment_a", "containment_b", "jaccard")
    assert pair(bench, "a", "b", *names) == [4, 5, 3 / 4, 3 / 5, 3 / 6]


def test_two_repositories_of_a_category_qualify_together(bench: Bench) -> None:
    assert pair(bench, "a", "d", "shared", "shared_qualified") == [1, 1]


def test_an_empty_category_shares_nobody_and_has_no_containment(bench: Bench) -> None:
    names = ("shared", "contributors_b", "containment_a", "containment_b", "jaccard")
    assert pair(bench, "a", "c", *names) == [0, 0, 0, None, 0]
    assert pair(bench, "spare-4", "spare-5", "shared", "containment_a", "jaccard") == [0, None, None]


def test_there_are_66_pairs_in_the_order_of_the_catalogue(bench: Bench) -> None:
    order = [(row["order_a"], row["order_b"]) for row in bench.rows("category_overlaps", QUARTER)]
    assert order == [(a, b) for a in range(12) for b in range(a + 1, 12)]
