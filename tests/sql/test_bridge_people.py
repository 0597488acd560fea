"""Who works in two categories, and since when in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from instants import instant

from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # ada came to b in 2021 and to a in this quarter; cy is qualified in a alone; nobody and a bot are in both
        *many("b/one", "ada", "2021-Q2+10", "2023-Q1+1", "2023-Q1+8"),
        *many("a/one", "ada", "3 x 2023-Q1+40"),
        *many("a/one", "cy", "3 x 2023-Q1+2"),
        *many("b/one", "cy", "2 x 2023-Q1+2"),
        *(row for name in ("root", "renovate[bot]") for c in "ab" for row in many(f"{c}/one", name, "3 x 2023-Q1+5")),
    ]
    return lab.bench(commits, categories="ab").run("bridge_people", read=QUARTER)


def test_who_is_qualified_in_both_stands_with_both_beginnings(bench: Bench) -> None:
    (row,) = bench.rows("bridge_people", QUARTER)
    assert row == {
        "category_a": "a",
        "category_b": "b",
        "order_a": 0,
        "order_b": 1,
        "contributor_id": bench.person("ada"),
        "began_a_at": instant("2023-Q1+40"),
        "commits_a": 3,
        "active_weeks_a": 1,
        "began_b_at": instant("2021-Q2+10"),
        "commits_b": 2,
        "active_weeks_b": 2,
    }


def test_the_person_is_not_shown_in_a_preview(bench: Bench) -> None:
    table = TABLES["bridge_people"]
    assert [column.name for column in table.columns if column.is_personal] == ["contributor_id"]
    made = bench.make("bridge_people", QUARTER)
    (preview,) = made.previews.values()
    assert "category_a" in preview
    assert str(bench.person("ada")) not in preview


def test_the_public_tables_of_the_sample_have_as_many_bridge_people(sample: Bench) -> None:
    for quarter in ("2022-Q4", "2023-Q1"):
        pairs = {(r["category_a"], r["category_b"]): r for r in sample.rows("category_overlaps", quarter)}
        people = sample.rows("bridge_people", quarter)
        listed = [(row["category_a"], row["category_b"]) for row in people]
        assert {pair: listed.count(pair) for pair in pairs} == {p: r["shared_qualified"] for p, r in pairs.items()}
        assert len(people) > 10
