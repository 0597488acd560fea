"""Changes of any activity: what plain sets of people give, and what must add up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.staging.change_sums import Known
from deepsignal_pipeline.staging.changes import estimated_changes

NOW = Quarter(2023, 1)
REPOSITORIES = {"a/old": "a", "a/young": "a", "b/old": "b"}
BEGAN = {"a/old": "2015-01-01", "a/young": "2022-11-01", "b/old": "2015-01-01"}

Doing = tuple[int, str, str, int, int]
"""Quarters back, repository, person, week bits, commits."""

ACTIVITY = st.dictionaries(
    st.tuples(st.integers(0, 9), st.sampled_from(sorted(REPOSITORIES)), st.sampled_from("pqrstuvw")),
    st.tuples(st.integers(1, 8191), st.integers(0, 30)),
    max_size=60,
)


def changes_of(activity: list[Doing]) -> dict[tuple[str, str], dict[str, Any]]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        session = Session(connection, Lake(Path()))
        session.stage("contributor_activity", _activity(activity))
        session.stage("first_commits", _first_commits(activity))
        entries = [
            {"repository": name, "category": category, "tracked_from": None, "tracked_to": None}
            for name, category in REPOSITORIES.items()
        ]
        dates = pa.schema(
            [(n, pa.string()) for n in ("repository", "category")]
            + [(n, pa.date32()) for n in ("tracked_from", "tracked_to")]
        )
        session.stage("tracked_repositories", pa.Table.from_pylist(entries, schema=dates))
        seen = [{"repository": name, "complete_until": instant("2023-10-01")} for name in REPOSITORIES]
        session.stage("repository_snapshots", pa.Table.from_pylist(seen))
        begun = [{"repository": name, "first_owned_at": instant(BEGAN[name])} for name in REPOSITORIES]
        session.stage("first_repository_commits", pa.Table.from_pylist(begun))
        rows = estimated_changes(session, NOW, {})
        # What was counted for an earlier quarter, in any order of quarters, serves this one
        known: Known = {}
        for quarter in (NOW.shift(-2), NOW, NOW.shift(-1)):
            estimated_changes(session, quarter, known)
        assert estimated_changes(session, NOW, known) == rows
        return {(row["entity"], row["measure"]): row for row in rows}


def instant(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00+00:00")


def _activity(activity: list[Doing]) -> pa.Table:
    rows = [
        {
            "quarter": NOW.shift(-back).first_day,
            "category": REPOSITORIES[repository],
            "repository": repository,
            "contributor_id": person,
            "commits": commits,
            "week_bits": weeks,
        }
        for back, repository, person, weeks, commits in activity
    ]
    names = ("category", "repository", "contributor_id")
    schema = pa.schema(
        [
            ("quarter", pa.date32()),
            *((name, pa.string()) for name in names),
            ("commits", pa.int64()),
            ("week_bits", pa.int32()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _first_commits(activity: list[Doing]) -> pa.Table:
    firsts: dict[tuple[str, str], int] = {}
    for back, repository, person, _, _ in activity:
        key = (person, REPOSITORIES[repository])
        firsts[key] = max(back, firsts.get(key, back))
    rows = [
        {
            "contributor_id": person,
            "category": category,
            "first_owned_at": NOW.shift(-back).start,
            "first_in_catalogue_at": NOW.shift(-max(b for (who, _), b in firsts.items() if who == person)).start,
        }
        for (person, category), back in sorted(firsts.items())
    ]
    types = [(n, pa.string()) for n in ("contributor_id", "category")]
    times = [(n, pa.timestamp("us", "UTC")) for n in ("first_owned_at", "first_in_catalogue_at")]
    return pa.Table.from_pylist(rows, schema=pa.schema([*types, *times]))


def people(activity: list[Doing], entity: str, back: int, repositories: set[str] | None = None) -> dict[str, int]:
    """Return who was there, with the weeks in which they were."""
    found: dict[str, int] = {}
    for at, repository, person, weeks, _ in activity:
        is_asked = entity in (REPOSITORIES[repository], "catalogue") and (
            not repositories or repository in repositories
        )
        if at == back and is_asked:
            found[person] = found.get(person, 0) | weeks
    return {person: weeks.bit_count() for person, weeks in found.items()}


@settings(max_examples=30, deadline=None)
@given(ACTIVITY)
def test_changes_are_what_sets_of_people_give(drawn: dict[Any, Any]) -> None:
    # As many commits as weeks, at least
    activity = [(*key, weeks, weeks.bit_count() + more) for key, (weeks, more) in drawn.items()]
    rows = changes_of(activity)
    for entity in ("a", "b", "catalogue"):
        now, before, earlier = (people(activity, entity, back) for back in (0, 1, 2))
        assert rows[entity, "contributors"]["value"] == len(now)
        assert rows[entity, "contributors"]["previous"] == len(before)
        assert rows[entity, "contributors"]["people_in_both"] == len(now.keys() & before.keys())
        assert rows[entity, "mean_active_weeks"]["value"] == (sum(now.values()) / len(now) if now else None)
        ever = set().union(*(people(activity, entity, back) for back in range(1, 10)))
        assert rows[entity, "contributors_new"]["value"] == len(now.keys() - ever)
        lost = before.keys() - now.keys()
        assert rows[entity, "churn_rate_pct"]["value"] == (100 * len(lost) / len(before) if before else None)
        lost_before = earlier.keys() - before.keys()
        assert rows[entity, "churn_rate_pct"]["previous"] == (
            100 * len(lost_before) / len(earlier) if earlier else None
        )
        old = {"a/old", "b/old"}
        kept = [len(people(activity, entity, back, old)) for back in (0, 1)]
        assert [rows[entity, "contributors"][f"basket_{name}"] for name in ("value", "previous")] == kept


@settings(max_examples=20, deadline=None)
@given(ACTIVITY)
def test_what_must_hold_of_any_change(drawn: dict[Any, Any]) -> None:
    rows = changes_of([(*key, weeks, weeks.bit_count() + more) for key, (weeks, more) in drawn.items()])
    for (entity, measure), row in rows.items():
        churn, retention = (rows[entity, name] for name in ("churn_rate_pct", "retention_pct"))
        assert churn["value"] is None or churn["value"] + retention["value"] == pytest.approx(100)
        assert churn["low"] is None or churn["low"] == pytest.approx(-retention["high"])
        assert (row["change"] is None) <= (row["low"] is None)
        assert (row["low"] is None) == (row["null_reason"] is not None)
        if row["low"] is not None:
            assert row["low"] - 1 <= row["change"] <= row["high"] + 1
        if row["basket_contribution"] is not None:
            assert row["basket_contribution"] + row["catalogue_contribution"] == row["value"] - row["previous"]
        if row["value_low"] is not None:
            assert row["value_low"] <= row["value"] * (1 + 1e-12)
            assert row["value"] <= row["value_high"] * (1 + 1e-12)
        assert not row["trend_word"] or not {"partial", "dominated", "small_base", "new"} & set(row["marks"])
        assert measure != "commits" or rows["catalogue", measure]["value"] == sum(
            rows[category, measure]["value"] for category in ("a", "b")
        )
