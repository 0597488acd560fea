"""Cells of volume and work class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    kernel, adapter = ["src/kernel.cu"], ["plugins/redis.py"]
    commits = [
        lab.commit("a/one", who, f"{QUARTER}+{day}", paths=kernel) for who in ("ada", "bob") for day in (0, 8, 9)
    ]
    commits += [lab.commit("a/one", who, f"{QUARTER}+1", paths=adapter) for who in ("cy", "dan")]
    commits += [lab.commit("a/one", "eve", f"{QUARTER}+{day}") for day in (1, 2)]
    commits += [lab.commit("b/one", "eve", f"{QUARTER}+1")]
    return lab.bench(commits, categories="abc").run("category_depth", read=QUARTER)


def test_a_kernel_written_and_an_adapter_touched_are_in_different_cells(bench: Bench) -> None:
    row = bench.row("category_depth", QUARTER, category="a")
    cells = {
        name: value for name, value in row.items() if name.startswith(("one_commit_", "occasional_", "sustained_"))
    }
    filled = {name: value for name, value in cells.items() if value and not name.endswith("_share")}
    assert filled == {"sustained_core": 2, "one_commit_integration": 2, "occasional_unknown": 1}
    assert (row["contributors"], row["one_commit"], row["occasional"], row["sustained"]) == (5, 2, 1, 2)


def test_core_builders_are_counted_among_those_whose_work_is_known(bench: Bench) -> None:
    row = bench.row("category_depth", QUARTER, category="a")
    assert (row["core_builders"], row["core_builder_share"], row["sustained_share"]) == (2, 2 / 4, 2 / 5)
    assert row["full_time_like_share"] == 0.0


def test_nothing_known_is_null_with_a_reason_and_never_0(bench: Bench) -> None:
    unknown, empty = (bench.row("category_depth", QUARTER, category=category) for category in "bc")
    assert (unknown["null_reason"], unknown["core_builders"], unknown["core_builder_share"]) == (
        "paths_unknown",
        None,
        None,
    )
    assert (unknown["one_commit_unknown"], unknown["full_time_like_share"]) == (1, 0.0)
    assert (empty["null_reason"], empty["contributors"], empty["full_time_like_share"]) == ("no_commits", 0, None)
