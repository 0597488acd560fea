"""A path belongs to the first step that it fits, unless an override of its repository says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"
EXPECTED = {
    "src/engine.cpp": "core",
    "src/logo.png": "core",
    "docs/logo.png": "docs",
    "README.md": "docs",
    "tests/README.md": "tests",
    "tests/CMakeLists.txt": "build",
    "docs/requirements-docs.txt": "build",
    ".github/workflows/test.yml": "build",
    "third_party/lib/test_x.c": "vendored",
    "third_party/lib/CMakeLists.txt": "build",
    "docs/.gitbook/logo.png": "docs",
    "proto/api_pb2.py": "vendored",
    "src/benchmarks/test_speed.py": "tests",
    "examples/benchmark.py": "benchmarks",
    "examples/plugin/run.sh": "docs",
    "plugins/run.sh": "build",
    "Plugins/Redis.py": "integration",
}
OVERRIDDEN = {
    "plugins/own/cards.py": "core",
    "plugins/own/README.md": "docs",
    "plugins/own/tests/cards.py": "tests",
    "plugins/redis.py": "integration",
    "examples/main.py": "core",
    "examples/other.py": "docs",
    "java/Engine.java": "integration",
    "java/examples/Engine.java": "docs",
    "java/setup.py": "build",
    "pages/test_x/logo.png": "docs",
    "qa/run.sh": "tests",
    "qa/bench/run.sh": "benchmarks",
    "upkeep/lint.py": "build",
    "upkeep/test_lint.py": "tests",
    "xqa/run.sh": "build",
}


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [
        lab.commit("a/one", "ada", f"{QUARTER}+1", paths=list(EXPECTED)),
        lab.commit("a/one", "bob", f"{QUARTER}+2", paths=["D:src/engine.cpp", "A:src/gone.cpp"]),
        lab.commit("a/one", "ada", f"{QUARTER}+3", paths=[f"moved/{n}.py" for n in range(51)]),
        lab.commit("a/one", "ada", f"{QUARTER}+3", paths=["merged.py"], parents=2),
        lab.commit("a/one", "ada", f"{QUARTER}+3", paths=[]),
        lab.commit("a/one", "ada", f"{QUARTER}+3"),
        lab.commit("b/one", "ada", f"{QUARTER}+3", paths=list(OVERRIDDEN)),
    ]
    overrides = [
        {
            "repository": "b/one",
            "build": ["upkeep/"],
            "tests": ["qa/"],
            "benchmarks": ["qa/bench/"],
            "docs": ["pages/"],
            "core": ["plugins/OWN/", "examples/main"],
            "integration": ["java/"],
        }
    ]
    return lab.bench(commits, categories="ab", path_overrides=overrides).run("changed_paths", read=QUARTER)


def test_the_first_step_that_fits_counts(bench: Bench) -> None:
    found = {row["path"]: row["work_type"] for row in bench.rows("changed_paths", QUARTER, repository="a/one")}
    assert found == EXPECTED | {"src/gone.cpp": "core"}


def test_the_longest_override_of_a_repository_counts_where_its_class_has_its_turn(bench: Bench) -> None:
    found = {row["path"]: row["work_type"] for row in bench.rows("changed_paths", QUARTER, repository="b/one")}
    assert found == OVERRIDDEN
