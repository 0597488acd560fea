"""What holds for the metrics of any activity, and a second computation of them in plain Python.

The oracle below was written from the definitions (docs/methodology.md), not from the SQL, and shares no code
with it. It runs over small generated lakes and over the embedded sample.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_quarters import PUBLISHED

import deepsignal_pipeline
from deepsignal_pipeline.content import content_directory, load_automation_rules, load_overrides
from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.quarters import Quarter

if TYPE_CHECKING:
    from conftest import Bench, Lab

SAMPLE = Path(deepsignal_pipeline.__file__).parent / "sample"
DAY = 86_400
Shared = dict[tuple[str, str], tuple[int, int]]


class Commit(NamedTuple):
    """A commit as the oracle sees it; `at` in seconds since 1970."""

    repository: str
    sha: str
    parents: int
    name: str
    email: str
    at: int


class Place(NamedTuple):
    """A repository: its category, its turn to own a commit, and between which instants its commits count."""

    category: str
    turn: tuple[int, int]
    begins: float
    ends: float
    fetched: int
    complete: int


@dataclass
class Oracle:
    """Computes the measures of categories from commits, one sentence of the definitions a method."""

    commits: list[Commit]
    places: dict[str, Place]
    people: dict[tuple[str, str], tuple[str | None, str]]

    def __post_init__(self) -> None:
        holders: dict[str, list[str]] = defaultdict(list)
        for commit in self.commits:
            holders[commit.sha].append(commit.repository)
        owner = {sha: min(held, key=lambda name: self.places[name].turn) for sha, held in holders.items()}
        self.owned = [c for c in self.commits if owner[c.sha] == c.repository and self.is_of_a_counted_kind(c)]
        self.first: dict[tuple[str, str], int] = {}
        for commit in self.owned:
            who, kind = self.people[commit.name, commit.email]
            if kind == "human" and who:
                key = (self.places[commit.repository].category, who)
                self.first[key] = min(commit.at, self.first.get(key, commit.at))

    def is_of_a_counted_kind(self, commit: Commit) -> bool:
        """Tell whether no merge, bad date or date of tracking stands against a commit."""
        place = self.places[commit.repository]
        is_possible = 631_152_000 <= commit.at <= place.fetched + DAY  # 1990-01-01
        return commit.parents < 2 and is_possible and place.begins <= commit.at < place.ends

    def counted(self, quarter: Quarter) -> list[Commit]:
        """Return the counted commits of a quarter, automation left out."""
        start, end = quarter.start.timestamp(), quarter.end.timestamp()
        return [
            c
            for c in self.owned
            if start <= c.at < end
            and self.places[c.repository].complete >= end
            and self.people[c.name, c.email][1] in ("human", "placeholder")
        ]

    def presences(self, quarter: Quarter) -> dict[str, dict[str, list[int]]]:
        """Return the days on which each person committed, by category, with repeats."""
        found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for commit in self.counted(quarter):
            who, _ = self.people[commit.name, commit.email]
            if who:
                day = int(commit.at - quarter.start.timestamp()) // DAY
                found[self.places[commit.repository].category][who].append(day)
        return found

    def measures(self, quarter: Quarter) -> dict[str, dict[str, Any]]:
        """Return the measures of every category."""
        commits: dict[str, int] = defaultdict(int)
        for commit in self.counted(quarter):
            commits[self.places[commit.repository].category] += 1
        now, before = self.presences(quarter), self.presences(quarter.shift(-1))
        categories = sorted({place.category for place in self.places.values()})
        return {c: {"commits": commits[c]} | self.people_measures(c, quarter, now, before) for c in categories}

    def people_measures(
        self, category: str, quarter: Quarter, now: dict[str, Any], before: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what is told of a category's people against the quarter before."""
        here, there = set(now.get(category, ())), set(before.get(category, ()))
        start = quarter.start.timestamp()
        new = {who for who in here if self.first[category, who] >= start}
        churned = there - here
        stays = {who: {c for c in now if who in now[c]} for who in churned}
        moved = {who for who, places in stays.items() if any(who not in before.get(c, ()) for c in places)}
        weeks = [len({min(12, day // 7) for day in days}) for days in now.get(category, {}).values()]
        return {
            "contributors": len(here),
            "contributors_previous": len(there),
            "contributors_retained": len(here & there),
            "contributors_new": len(new),
            "contributors_returning": len(here - there - new),
            "contributors_churned": len(churned),
            "churned_moved": len(moved),
            "churned_narrowed": len({who for who in churned - moved if stays[who]}),
            "churned_gone": len({who for who in churned if not stays[who]}),
            "mean_active_weeks": sum(weeks) / len(weeks) if weeks else None,
            "median_active_weeks": median(weeks) if weeks else None,
            "one_week_share": weeks.count(1) / len(weeks) if weeks else None,
            "full_time_like": sum(is_full_time_like(days) for days in now.get(category, {}).values()),
        }

    def overlaps(self, quarter: Quarter) -> Shared:
        """Return how many people two categories share, and how many of them are qualified in both."""
        now = self.presences(quarter)
        categories = {place.category for place in self.places.values()}
        return {
            pair: (len(both), sum(all(is_qualified(now[c][who]) for c in pair) for who in both))
            for pair in combinations(sorted(categories), 2)
            if (both := set(now.get(pair[0], ())) & set(now.get(pair[1], ())))
        }


def is_qualified(days: list[int]) -> bool:
    return len(days) >= 3 or len({min(12, day // 7) for day in days}) >= 2


def is_full_time_like(days: list[int]) -> bool:
    distinct = set(days)
    return any(len(distinct & set(range(first, first + 28))) >= 10 for first in distinct)


def identities_of(bench: Bench) -> dict[tuple[str, str], tuple[str | None, str]]:
    rows = bench.query(
        "SELECT DISTINCT name, email, contributor_id, kind FROM contributor_aliases "
        "JOIN contributor_identities USING (alias_id)"
    )
    return {(row["name"], row["email"]): (row["contributor_id"], row["kind"]) for row in rows}


def places_of(bench: Bench) -> dict[str, Place]:
    def seconds(day: date | None, default: float) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() if day else default

    snapshots = {row["repository"]: row for row in bench.rows("repository_snapshots")}
    return {
        row["repository"]: Place(
            row["category"],
            (row["fork_depth"], row["catalogue_order"]),
            seconds(row["tracked_from"], float("-inf")),
            seconds(row["tracked_to"], float("inf")),
            int(snapshots[row["repository"]]["fetched_at"].timestamp()),
            int(snapshots[row["repository"]]["complete_until"].timestamp()),
        )
        for row in bench.rows("tracked_repositories")
        if row["repository"] in snapshots
    }


def assert_oracle_agrees(bench: Bench, oracle: Oracle, quarter: str) -> None:
    expected = oracle.measures(Quarter.parse(quarter))
    found = {row["category"]: row for row in bench.rows("category_metrics", quarter)}
    for category, measures in expected.items():
        assert {name: found[category][name] for name in measures} == measures, category
    overlaps = {
        tuple(sorted((row["category_a"], row["category_b"]))): (row["shared"], row["shared_qualified"])
        for row in bench.rows("category_overlaps", quarter)
        if row["shared"]
    }
    assert overlaps == oracle.overlaps(Quarter.parse(quarter))


def assert_identities_hold(bench: Bench, quarter: str) -> None:
    categories = bench.rows("category_metrics", quarter)
    for row in categories:
        assert_category_identities(row)
    counts = [row["contributors"] for row in categories]
    activity = bench.rows("contributor_activity", quarter)
    unique = len({row["contributor_id"] for row in activity} - {None})
    assert max(counts) <= unique <= sum(counts)
    shared = sum(row["shared"] for row in bench.rows("category_overlaps", quarter))
    assert shared >= sum(counts) - unique
    assert {row["category"]: row["commits"] for row in categories if row["commits"]} == summed(activity)
    repositories = bench.rows("repository_metrics", quarter)
    assert sum(row["commits"] for row in categories) == sum(row["commits"] or 0 for row in repositories)
    raw = len(bench.rows("counted_commits", quarter))
    assert sum(row["commits_read"] for row in categories) == raw


def summed(activity: list[dict[str, Any]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for row in activity:
        total[row["category"]] += row["commits"]
    return dict(total)


def assert_category_identities(row: dict[str, Any]) -> None:
    reasons = sum(value for name, value in row.items() if name.startswith("not_counted_"))
    assert row["commits_read"] == row["commits"] + reasons
    parts = ("retained", "new", "returning")
    assert row["contributors"] == sum(row[f"contributors_{part}"] for part in parts)
    assert row["contributors_churned"] == sum(row[f"churned_{part}"] for part in ("moved", "narrowed", "gone"))
    assert row["contributors_previous"] == row["contributors_retained"] + row["contributors_churned"]
    assert row["contributors_net_change"] == row["contributors"] - row["contributors_previous"]
    if row["contributors_previous"]:
        assert row["retention_pct"] + row["churn_rate_pct"] == pytest.approx(100)
    if row["contributors"]:
        assert 1 <= row["mean_active_weeks"] <= min(13, row["commits"] / row["contributors"])
        assert 1 <= row["absence_factor"] <= row["contributors"] or row["unresolved_commits"]
        assert 0 <= row["commits_gini"] < 1
    bands = ("tenure_under_1_year", "tenure_1_to_2_years", "tenure_2_years_or_more")
    assert row["contributors"] == sum(row[band] for band in bands)
    assert row["contributors_with_coauthors"] >= row["contributors"]


# Few repositories and people, so that they meet; among them a fork, dates of tracking, a partial source, two aliases of
# one person, automation and a placeholder.
REPOSITORIES: dict[str, dict[str, Any]] = {
    "a/up": {"category": "a"},
    "b/fork": {"category": "b", "fork_of": "c/last"},
    "b/tracked": {"category": "b", "tracked_from": "2022-08-15", "tracked_to": "2023-02-01"},
    "c/last": {"category": "c"},
    "c/partial": {"category": "c"},
}
AUTHORS = ("ada", "Ada", "bob", "cy", "dan", "root", "renovate[bot]")
QUARTERS = ("2022-Q2", "2022-Q3", "2022-Q4", "2023-Q1")
NAMES = ("contributor_activity", "category_metrics", "repository_metrics", "category_overlaps")

EVENTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(sorted(REPOSITORIES)), min_size=1, max_size=2, unique=True),
        st.sampled_from(AUTHORS),
        st.sampled_from(QUARTERS),
        st.one_of(st.integers(0, 89), st.sampled_from([0, 6, 7, 45, 46, 89])),
        st.sampled_from([1, 1, 1, 2]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(events=EVENTS)
def test_any_activity_agrees_with_the_definitions(lab: Lab, events: list[Any]) -> None:
    commits = [
        lab.commit(name, author, f"{quarter}+{day}", sha=f"{number:040x}", parents=parents)
        for number, (names, author, quarter, day, parents) in enumerate(events)
        for name in names
    ]
    partial = {"status": "partial", "reason": "x", "complete_until": "2023-02-01"}
    bench = lab.bench(commits, categories="abc", repositories=REPOSITORIES, snapshots={"c/partial": partial})
    bench.write(*NAMES, read="2022-Q4:2023-Q1", publish="2023-Q1")
    rows = [
        Commit(c["repository"], c["sha"], len(c["parents"]), c["author_name"], c["author_email"], int(at.timestamp()))
        for c in commits
        if (at := c["committed_at"])
    ]
    oracle = Oracle(rows, places_of(bench), identities_of(bench))
    assert_identities_hold(bench, "2023-Q1")
    assert_oracle_agrees(bench, oracle, "2023-Q1")


@pytest.mark.parametrize("quarter", PUBLISHED)
def test_the_identities_hold_on_the_sample(sample: Bench, quarter: str) -> None:
    assert_identities_hold(sample, quarter)


@pytest.fixture(scope="module")
def sample_oracle(sample: Bench) -> Oracle:
    """Feed the oracle with the sample's rows as its decoder gives them, whole history, without listed imports."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.read_parquet(str(SAMPLE / "commits.parquet")).create_view("sample_rows")
        window = {"window_start": datetime(1960, 1, 1, tzinfo=UTC), "window_end": datetime(2030, 1, 1, tzinfo=UTC)}
        columns = "repository, sha, len(parents), author_name, author_email, CAST(epoch(committed_at) AS BIGINT)"
        columns += ", coauthors"
        decoder = (SAMPLE / "commits.sql").read_text(encoding="utf-8")
        # The decoder is a file of the package
        select = f"SELECT {columns} FROM ({decoder})"  # noqa: S608
        rows = connection.execute(select, window).fetchall()
    rules = load_automation_rules(content_directory())
    listed = {(entry.repository, entry.sha) for entry in load_overrides(content_directory(), None).imports}
    commits = [
        _given_back(Commit(*row), coauthors or [], rules) for *row, coauthors in rows if (row[0], row[1]) not in listed
    ]
    return Oracle(commits, places_of(sample), identities_of(sample))


def _given_back(commit: Commit, coauthors: list[dict[str, str]], rules: AutomationRules) -> Commit:
    """Give what an importer committed to the first person whom its trailers name."""
    people = [who for who in coauthors if rules.classify(who["name"], who["email"], None) == "human"]
    if not people or not rules.is_importer(commit.name, commit.email):
        return commit
    return commit._replace(name=people[0]["name"], email=people[0]["email"])


@pytest.mark.parametrize("quarter", ["2022-Q4", "2023-Q1"])
def test_the_sample_agrees_with_the_definitions(sample: Bench, sample_oracle: Oracle, quarter: str) -> None:
    assert_oracle_agrees(sample, sample_oracle, quarter)


def test_a_source_that_ends_within_the_quarter_agrees_with_the_definitions(
    sample: Bench, sample_oracle: Oracle
) -> None:
    """LangChain ends on 2023-05-04, AutoGPT on 2023-07-11: neither is measured in 2023-Q3, and both are told."""
    assert_oracle_agrees(sample, sample_oracle, "2023-Q3")
    row = sample.row("category_metrics", "2023-Q3", category="agent-framework")
    assert "partial" in row["marks"]
    reasons = sample.query(
        "SELECT repository, null_reason FROM repository_metrics "
        "WHERE quarter = DATE '2023-07-01' AND null_reason = 'partial_source' ORDER BY repository"
    )
    assert [row["repository"] for row in reasons] == ["Significant-Gravitas/AutoGPT", "langchain-ai/langchain"]
