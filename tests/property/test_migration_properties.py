"""What holds for overlaps and migration of any activity, and a second computation of homes and arrivals in plain Python.

Written from the definitions (docs/methodology.md), over the days of each person that the oracle of the
measures gives; it runs over small generated lakes and over the embedded sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_quarters import PUBLISHED
from test_metric_identities import (
    AUTHORS,
    REPOSITORIES,
    Commit,
    Oracle,
    identities_of,
    is_qualified,
    places_of,
    sample_oracle,
)

from deepsignal_pipeline.domain.quarters import Quarter

if TYPE_CHECKING:
    from conftest import Bench, Lab

__all__ = ["sample_oracle"]

Cells = dict[tuple[str, str], int]
NAMES = ("contributor_activity", "category_metrics", "category_overlaps", "bridge_people", "contributor_migration")


def homes(oracle: Oracle, order: dict[str, int], quarters: list[Quarter]) -> dict[str, str]:
    """Return everybody's home over a span of quarters."""
    weeks: dict[tuple[str, str], set[tuple[Quarter, int]]] = defaultdict(set)
    commits: Counter[tuple[str, str]] = Counter()
    for quarter in quarters:
        for category, people in oracle.presences(quarter).items():
            for who, days in people.items():
                weeks[who, category] |= {(quarter, min(12, day // 7)) for day in days}
                commits[who, category] += len(days)
    best: dict[str, tuple[Any, ...]] = {}
    for (who, category), active in weeks.items():
        count = commits[who, category]
        home = category if len(active) >= 2 or count >= 3 else "passing"
        rank = (len(active), count, max(active), -order[category], home)
        best[who] = max(rank, best.get(who, rank))
    return {who: rank[-1] for who, rank in best.items()}


def matrix(before: dict[str, str], now: dict[str, str]) -> Cells:
    """Return the cells from homes to homes, with totals."""
    cells: Counter[tuple[str, str]] = Counter()
    for who in before.keys() | now.keys():
        origin, destination = before.get(who, "absent"), now.get(who, "absent")
        cells.update({(origin, destination), (origin, "all"), ("all", destination), ("all", "all")})
    return dict(cells)


def arrivals(oracle: Oracle, quarter: Quarter) -> Cells:
    """Return the people new to each category by where they were in the four quarters before."""
    past: dict[str, set[str]] = defaultdict(set)
    for back in range(1, 5):
        for category, people in oracle.presences(quarter.shift(-back)).items():
            for who in people:
                past[who].add(category)
    cells: Counter[tuple[str, str]] = Counter()
    for category, people in oracle.presences(quarter).items():
        for who in people:
            if oracle.first[category, who] >= quarter.start.timestamp():
                origins = past.get(who, set())
                cells.update((origin, category) for origin in [*origins, "any" if origins else "none", "all"])
    return dict(cells)


def flows(bench: Bench, quarter: str) -> dict[str, Cells]:
    found: dict[str, Cells] = defaultdict(dict)
    for row in bench.rows("contributor_migration", quarter):
        if row["people"]:
            found[row["flow"]][row["origin"], row["destination"]] = row["people"]
    return found


def assert_oracle_agrees(bench: Bench, oracle: Oracle, label: str) -> None:
    quarter, found = Quarter.parse(label), flows(bench, label)
    order = {row["category"]: row["category_order"] for row in bench.rows("tracked_repositories")}
    spans = [[quarter.shift(-n) for n in range(first, first + 4)] for first in (4, 0)]
    assert found["arrivals"] == arrivals(oracle, quarter)
    assert found["year"] == matrix(*(homes(oracle, order, span) for span in spans))
    assert found["quarter"] == matrix(*(homes(oracle, order, [quarter.shift(-n)]) for n in (1, 0)))
    now = oracle.presences(quarter)
    bridges = {
        (who, a, b)
        for a in now
        for b in now
        if order[a] < order[b]
        for who in now[a].keys() & now[b].keys()
        if is_qualified(now[a][who]) and is_qualified(now[b][who])
    }
    rows = bench.rows("bridge_people", label)
    assert {(row["contributor_id"], row["category_a"], row["category_b"]) for row in rows} == bridges
    for row in rows:
        for side in "ab":
            began = oracle.first[row[f"category_{side}"], row["contributor_id"]]
            assert row[f"began_{side}_at"].timestamp() == began


def assert_identities_hold(bench: Bench, quarter: str) -> None:
    pairs, found = bench.rows("category_overlaps", quarter), flows(bench, quarter)
    metrics = {row["category"]: row for row in bench.rows("category_metrics", quarter)}
    ids = [row["contributor_id"] for row in bench.rows("contributor_activity", quarter) if row["contributor_id"]]
    memberships = sum(row["contributors"] for row in metrics.values())
    assert sum(row["shared"] for row in pairs) >= memberships - len(set(ids))
    assert sum(row["shared"] * row["sweeps"] for row in pairs) == sum(row["shared_over_sweeps"] for row in pairs)
    for category, row in metrics.items():
        new, any_past = row["contributors_new"], found["arrivals"].get(("any", category), 0)
        assert found["arrivals"].get(("all", category), 0) == new
        assert any_past + found["arrivals"].get(("none", category), 0) == new
        past = [n for (o, d), n in found["arrivals"].items() if d == category and o not in ("any", "none", "all")]
        assert max(past, default=0) <= any_past <= sum(past)
    assert_balanced(found["year"])
    assert_balanced(found["quarter"])
    here = sum(n for (o, d), n in found["quarter"].items() if o == "all" and d not in ("all", "absent"))
    assert here == len(set(ids))


def assert_balanced(cells: Cells) -> None:
    inner = {at: n for at, n in cells.items() if "all" not in at}
    for side in (0, 1):
        sums: Counter[str] = Counter()
        for at, people in inner.items():
            sums[at[side]] += people
        assert sums == {at[side]: n for at, n in cells.items() if at[1 - side] == "all" and at[side] != "all"}
    assert sum(inner.values()) == cells.get(("all", "all"), 0)


QUARTERS = ("2021-Q2", "2021-Q4", "2022-Q1", "2022-Q2", "2022-Q4", "2023-Q1", "2023-Q1")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(REPOSITORIES)),
        st.sampled_from(AUTHORS),
        st.sampled_from(QUARTERS),
        st.one_of(st.integers(0, 89), st.sampled_from([0, 6, 7, 84, 89])),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=10, deadline=None)
@given(events=EVENTS)
def test_any_migration_agrees_with_the_definitions(lab: Lab, events: list[Any]) -> None:
    commits = [lab.commit(name, author, f"{quarter}+{day}") for name, author, quarter, day in events]
    partial = {"status": "partial", "reason": "x", "complete_until": "2023-02-01"}
    bench = lab.bench(commits, categories="abc", repositories=REPOSITORIES, snapshots={"c/partial": partial})
    bench.write(*NAMES, read="2021-Q2:2023-Q1", publish="2023-Q1")
    rows = [
        Commit(c["repository"], c["sha"], 1, c["author_name"], c["author_email"], int(c["committed_at"].timestamp()))
        for c in commits
    ]
    oracle = Oracle(rows, places_of(bench), identities_of(bench))
    assert_identities_hold(bench, "2023-Q1")
    assert_oracle_agrees(bench, oracle, "2023-Q1")


@pytest.mark.parametrize("quarter", PUBLISHED)
def test_the_identities_of_migration_hold_on_the_sample(sample: Bench, quarter: str) -> None:
    assert_identities_hold(sample, quarter)


@pytest.mark.parametrize("quarter", ["2023-Q1", "2023-Q3"])
def test_the_migration_of_the_sample_agrees_with_the_definitions(
    sample: Bench,
    sample_oracle: Oracle,
    quarter: str,
) -> None:
    assert_oracle_agrees(sample, sample_oracle, quarter)
