"""Core files with several authors, against what chance would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    """Build a repository of four commits, two each by ada and bob; x is theirs together, y is ada's."""
    done = {"ada": ["src/x.py", "src/y.py"], "bob": ["src/x.py", "docs/z.md"]}
    commits = [lab.commit("a/one", who, f"{QUARTER}+1", paths=paths) for who, paths in done.items()]
    commits += [lab.commit("a/one", "ada", f"{QUARTER}+2", paths=["src/y.py", "docs/z.md"])]
    commits += [lab.commit("a/one", "bob", f"{QUARTER}+2", paths=["src/once.py"])]
    # These tell nothing of files or of people
    commits += [lab.commit("a/one", who, f"{QUARTER}+3", paths=["src/y.py"]) for who in ("root", "renovate[bot]")]
    commits += [lab.commit("a/one", "cy", f"{QUARTER}+3", paths=["src/y.py", *(f"src/{n}.py" for n in range(50))])]
    commits += [lab.commit("b/one", "ada", f"{QUARTER}+{day}", paths=["src/x.py"]) for day in (1, 2)]
    commits += [lab.commit("c/one", "ada", f"{QUARTER}+{day}") for day in (1, 2)]
    return lab.bench(commits, categories="abc").run("category_coordination", read=QUARTER)


def test_the_share_is_divided_by_the_one_that_permuted_authors_would_give(bench: Bench) -> None:
    row = bench.row("category_coordination", QUARTER, category="a")
    assert (row["core_files"], row["shared_core_files"], row["core_file_authors"]) == (2, 1, 2)
    # Two of four commits are by one author in 2 x C(2, 2) of C(4, 2) = 6 ways
    assert row["shared_core_file_share"] == 1 / 2
    assert row["expected_shared_core_file_share"] == pytest.approx(4 / 6)
    assert row["coordination"] == pytest.approx(3 / 4)


def test_one_author_or_no_file_is_null_with_a_reason(bench: Bench) -> None:
    alone, unknown = (bench.row("category_coordination", QUARTER, category=category) for category in "bc")
    assert (alone["null_reason"], alone["core_files"], alone["coordination"]) == ("one_author", 1, None)
    assert (unknown["null_reason"], unknown["core_files"], unknown["coordination"]) == ("no_core_files", 0, None)
