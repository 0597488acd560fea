"""Shares of work types: a commit's weight is one, whatever it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [
        lab.commit("a/one", "ada", f"{QUARTER}+1", paths=["a.py", "b.py", "tests/a.py", "README.md"]),
        lab.commit("a/one", "bob", f"{QUARTER}+2", paths=["a.py"]),
        lab.commit("a/one", "root", f"{QUARTER}+2", paths=["README.md"]),
        lab.commit("a/one", "cy", f"{QUARTER}+3", paths=[f"moved/{n}.py" for n in range(51)]),
        lab.commit("a/one", "renovate[bot]", f"{QUARTER}+3", paths=["setup.py"]),
        lab.commit("a/two", "ada", f"{QUARTER}+4", paths=[]),
        lab.commit("b/one", "ada", f"{QUARTER}+4"),
    ]
    repositories = {name: {"category": "a"} for name in ("a/one", "a/two", "a/quiet")}
    bench = lab.bench(commits, categories="abc", repositories=repositories)
    return bench.run("work_type_mix", read=QUARTER)


def mix(bench: Bench, entity: str) -> dict[str, Any]:
    row = bench.row("work_type_mix", QUARTER, entity=entity)
    return {name.removesuffix("_share"): value for name, value in row.items() if name.endswith("_share") and value}


def test_a_share_is_the_weight_over_the_classified_commits(bench: Bench) -> None:
    assert mix(bench, "a/one") == {"core": 1.5 / 3, "tests": 0.25 / 3, "docs": 1.25 / 3}
    assert mix(bench, "a/two") == {"empty": 1.0}
    assert mix(bench, "catalogue") == mix(bench, "a")  # nothing is known of the other categories
    assert mix(bench, "a") == {"core": 1.5 / 4, "tests": 0.25 / 4, "docs": 1.25 / 4, "empty": 1 / 4}


def test_unresolved_authors_count_large_commits_and_automation_do_not(bench: Bench) -> None:
    row = bench.row("work_type_mix", QUARTER, entity="a/one")
    assert (row["commits"], row["classified_commits"], row["classified_contributors"]) == (4, 3, 2)


def test_without_paths_or_commits_there_are_no_shares_but_a_reason(bench: Bench) -> None:
    rows = {entity: bench.row("work_type_mix", QUARTER, entity=entity) for entity in ("b", "b/one", "c", "a")}
    reasons = {entity: row["null_reason"] for entity, row in rows.items()}
    assert reasons == {"b": "paths_unknown", "b/one": "paths_unknown", "c": "no_commits", "a": None}
    assert mix(bench, "b") == mix(bench, "c") == {}


def test_all_categories_and_the_active_repositories_have_a_row(bench: Bench) -> None:
    rows = bench.rows("work_type_mix", QUARTER)
    assert [row["entity"] for row in rows if row["entity_kind"] == "repository"] == ["a/one", "a/two", "b/one"]
    assert len([row for row in rows if row["entity_kind"] == "category"]) == 12
