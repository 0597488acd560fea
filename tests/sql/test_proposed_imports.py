"""Which commits are proposed as history made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


def paths(added: int, modified: int = 0) -> list[str]:
    return [f"A:new/{n}.py" for n in range(added)] + [f"old/{n}.py" for n in range(modified)]


CASES: dict[str, dict[str, Any]] = {
    "root": {"at": "2023-Q1+0", "paths": paths(200), "parents": 0},
    "month": {"at": "2023-01-31 11:59:59", "paths": paths(200)},
    "says": {"at": "2023-Q1+70", "paths": paths(180, 20), "subject": "Squashed commit of the following"},
    "listed": {"at": "2023-Q1+60", "paths": paths(300), "subject": "import from elsewhere"},
    "late": {"at": "2023-01-31 12:00:00", "paths": paths(200)},
    "few": {"at": "2023-Q1+1", "paths": paths(199)},
    "changed": {"at": "2023-Q1+1", "paths": paths(179, 21)},
    "unimportant": {"at": "2023-Q1+60", "paths": paths(200), "subject": "Unimportant: initialise"},
    "merge": {"at": "2023-Q1+1", "paths": paths(200), "parents": 2},
    "unknown": {"at": "2023-Q1+1"},
}


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [
        lab.commit("a/one", "ada", case["at"], sha=sha.ljust(40, "0"), **{k: v for k, v in case.items() if k != "at"})
        for sha, case in CASES.items()
    ]
    imports = [{"repository": "a/one", "committed_from": "2023-03-02", "committed_to": "2023-03-03"}]
    commits[3]["committed_at"] = commits[3]["committed_at"].replace(month=3, day=2)
    listed = [{"repository": "a/one", "sha": "f" * 40}, *imports]
    return lab.bench(commits, categories="a", imports=listed).run("proposed_imports", read=QUARTER)


def test_large_commits_of_added_paths_are_proposed_for_one_of_three_reasons(bench: Bench) -> None:
    found = {
        row["sha"].rstrip("0"): (row["is_root"], row["is_in_first_30_days"], row["says_so"], row["is_listed"])
        for row in bench.rows("proposed_imports", QUARTER)
    }
    assert found == {
        "root": (True, True, False, False),
        "month": (False, True, False, False),
        "says": (False, False, True, False),
        "listed": (False, False, True, True),
    }


def test_a_proposal_says_how_many_paths_were_added(bench: Bench) -> None:
    row = bench.row("proposed_imports", QUARTER, sha="says".ljust(40, "0"))
    assert (row["path_count"], row["added_paths"]) == (200, 180)
