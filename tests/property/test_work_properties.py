"""Work types, depth and coordination against their definitions, in plain Python, over generated activity and the sample."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_quarters import PUBLISHED

from deepsignal_pipeline.domain.work_types import WORK_TYPES
from deepsignal_pipeline.tables.contributor_profiles import VOLUMES, WORK_CLASSES

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"
TABLES = ("contributor_activity", "category_metrics", "work_type_mix", "category_depth", "category_coordination")
KIND_OF = {
    "src/a.cu": "core", "src/b.cu": "core", "plugins/c.py": "integration", "d.md": "docs", "setup.py": "build",
    "tests/e.py": "tests", "bench/f.py": "benchmarks", "vendor/g.c": "vendored",
}  # fmt: skip
REPOSITORIES = {"a/one": "a", "a/two": "a", "b/one": "b"}
AUTHORS = ("ada", "Ada", "bob", "cy", "root", "renovate[bot]")


class Done(NamedTuple):
    """A commit: where, by whom, on which day of the quarter; paths are None where unknown."""

    repository: str
    author: str
    day: int
    paths: tuple[str, ...] | None


MANY = tuple(f"src/many/{n}.cu" for n in range(51))
DONE = st.builds(
    Done,
    st.sampled_from(sorted(REPOSITORIES)),
    st.sampled_from(AUTHORS),
    st.integers(0, 89),
    st.one_of(
        st.lists(st.sampled_from(sorted(KIND_OF)), max_size=7, unique=True).map(tuple),
        st.sampled_from([None, MANY, ("src/a.cu",), ("src/a.cu", "src/b.cu")]),
    ),
)


def person(author: str) -> str | None:
    """Two aliases are one person; a placeholder is none, and automation does not count at all."""
    return None if author == "root" else author.lower()


def weights_of(done: list[Done]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for one in done:
        if one.paths == ():
            found["empty"] += 1
        for path in one.paths or ():
            found[KIND_OF[path]] += Fraction(1, len(one.paths or ()))
    return found


def classified(done: list[Done]) -> list[Done]:
    return [one for one in done if one.paths is not None and one.paths is not MANY]


def work_class(weights: dict[str, Fraction]) -> str:
    whole = sum(weights[kind] for kind in ("core", "integration", "docs", "build"))
    if not whole:
        return "neutral"
    return next((k for k in ("core", "integration", "docs", "build") if 2 * weights[k] >= whole), "mixed")


def depth_of(done: list[Done]) -> dict[str, int]:
    people: dict[str, list[Done]] = defaultdict(list)
    for one in done:
        if who := person(one.author):
            people[who].append(one)
    found: dict[str, int] = defaultdict(int)
    for own in people.values():
        known = classified(own)
        weights = weights_of(known)
        weeks = len({min(12, one.day // 7) for one in own})
        volume = "one_commit" if len(own) == 1 else "sustained" if len(own) >= 3 and weeks >= 2 else "occasional"
        found[f"{volume}_{work_class(weights) if known else 'unknown'}"] += 1
        core_weeks = {min(12, one.day // 7) for one in known if any(KIND_OF[p] == "core" for p in one.paths or ())}
        found["core_builders"] += weights["core"] >= 3 and len(core_weeks) >= 2
    return found


def coordination_of(done: list[Done]) -> tuple[int, int, Fraction]:
    """Return core files with two commits or more, those with two authors or more, and how many chance would give."""
    files, shared, expected = 0, 0, Fraction(0)
    for repository in REPOSITORIES:
        known = [one for one in classified(done) if one.repository == repository and person(one.author)]
        commits: dict[str | None, int] = defaultdict(int)
        authors: dict[str, list[str | None]] = defaultdict(list)
        for one in known:
            commits[person(one.author)] += 1
            for path in one.paths or ():
                if KIND_OF[path] == "core":
                    authors[path].append(person(one.author))
        for owners in authors.values():
            if len(owners) >= 2:
                files += 1
                shared += len(set(owners)) > 1
                alone = sum(comb(count, len(owners)) for count in commits.values())
                expected += 1 - Fraction(alone, comb(len(known), len(owners)))
    return files, shared, expected


@settings(max_examples=12, deadline=None)
@given(done=st.lists(DONE, min_size=1, max_size=30))
def test_any_activity_agrees_with_the_definitions(lab: Lab, done: list[Done]) -> None:
    commits = [
        lab.commit(
            one.repository, one.author, f"{QUARTER}+{one.day}", paths=None if one.paths is None else list(one.paths),
            email="ada@example.org" if person(one.author) == "ada" else f"{one.author}@example.org",
        )
        for one in done
    ]  # fmt: skip
    bench = lab.bench(commits, categories="ab", repositories={r: {"category": c} for r, c in REPOSITORIES.items()})
    bench.write(*TABLES, read=f"2022-Q4:{QUARTER}", publish=QUARTER)
    assert_identities_hold(bench, QUARTER)
    for category in "ab":
        own = [o for o in done if REPOSITORIES[o.repository] == category and o.author != "renovate[bot]"]
        assert_mix_agrees(bench, category, classified(own))
        row = bench.row("category_depth", QUARTER, category=category)
        depth = depth_of(own)
        cells = {f"{volume}_{kind}": row[f"{volume}_{kind}"] for volume in VOLUMES for kind in WORK_CLASSES}
        assert cells == dict.fromkeys(cells, 0) | {k: v for k, v in depth.items() if k != "core_builders"}
        assert (row["core_builders"] or 0) == depth["core_builders"]
        found = bench.row("category_coordination", QUARTER, category=category)
        files, shared, expected = coordination_of(own)
        assert (found["core_files"], found["shared_core_files"]) == (files, shared)
        if expected:
            assert found["coordination"] == pytest.approx(float(shared / expected))


def assert_mix_agrees(bench: Bench, category: str, known: list[Done]) -> None:
    row = bench.row("work_type_mix", QUARTER, entity=category)
    weights = weights_of(known)
    for kind in WORK_TYPES if known else ():
        # A part of a commit is off by less than a millionth
        assert row[f"{kind}_share"] == pytest.approx(float(weights[kind] / len(known)), abs=1e-6)
    assert (row["core_share"] is None) is not bool(known)


def assert_identities_hold(bench: Bench, quarter: str) -> None:
    for table in ("alias_activity", "contributor_activity"):
        for row in bench.rows(table, quarter):
            assert weight(row) == 1_000_000 * row["classified_commits"] <= 1_000_000 * row["commits"]
    mix = {row["entity"]: row for row in bench.rows("work_type_mix", quarter)}
    for row in mix.values():
        shares = [row[f"{kind}_share"] for kind in WORK_TYPES]
        assert row["null_reason"] or sum(shares) == pytest.approx(1)
    for row in bench.rows("category_depth", quarter):
        cells = [row[f"{volume}_{kind}"] for volume in VOLUMES for kind in WORK_CLASSES]
        metrics = bench.row("category_metrics", quarter, category=row["category"])
        assert sum(cells) == row["contributors"] == metrics["contributors"]
        assert metrics["commits"] == mix[row["category"]]["commits"]
        if row["contributors"]:
            assert row["full_time_like_share"] == metrics["full_time_like"] / metrics["contributors"]
    bands = tenures(bench, quarter)
    for row in bench.rows("category_metrics", quarter):
        for band in ("under_1_year", "1_to_2_years", "2_years_or_more"):
            assert row[f"tenure_{band}"] == bands[row["category"], band]


def weight(row: dict[str, Any]) -> int:
    return sum(row[f"{kind}_weight"] or 0 for kind in WORK_TYPES)


def tenures(bench: Bench, quarter: str) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in bench.rows("contributor_profiles", quarter):
        found[row["category"], row["tenure_band"]] += 1
    return found


@pytest.mark.parametrize("quarter", PUBLISHED)
def test_the_identities_hold_on_the_sample(sample: Bench, quarter: str) -> None:
    assert_identities_hold(sample, quarter)


def test_files_are_owned_more_than_by_chance_everywhere_in_the_sample(sample: Bench) -> None:
    rows = [row for row in sample.rows("category_coordination", "2023-Q1") if row["core_files"] >= 100]
    assert len(rows) == 12
    assert all(0.4 < row["coordination"] < 1 for row in rows)
