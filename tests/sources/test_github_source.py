"""The GitHub source over real repositories behind the fake GitHub: what it gives, what it costs, what it keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from github_bench import Q1, Q2, GitHubBench, commits, github_bench
from histories import append, git


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[GitHubBench]:
    with github_bench(tmp_path) as opened:
        yield opened


def test_a_quarter_of_a_repository_is_what_git_has(bench: GitHubBench) -> None:
    repository = bench.add("acme/engine", commits(250, "2022-12-20"))
    bench.visit(Q1)
    expected = git(
        repository.path, "log", "--format=%H", "--since=2022-12-31T23:59:59Z", "--until=2023-03-31T23:59:59Z"
    )
    assert bench.shas() == set(expected.split())
    assert bench.record("acme/engine").status == "full"
    assert bench.record("acme/engine").github_id == repository.github_id


def test_nothing_new_costs_nothing_and_changes_no_file(bench: GitHubBench) -> None:
    bench.add("acme/engine", commits(150))
    bench.add("acme/wheel", commits(3))
    bench.visit(Q1)
    files = {path: path.stat().st_mtime_ns for path in bench.home.rglob("*") if path.is_file()}
    asked = len(bench.fake.log)
    used = bench.fake.used(), bench.fake.used("graphql")
    bench.visit(Q1)
    assert (bench.fake.used(), bench.fake.used("graphql")) == used
    assert [entry.status for entry in bench.fake.log[asked:]] == [200, 304, 304]
    assert {path: path.stat().st_mtime_ns for path in bench.home.rglob("*") if path.is_file()} == files


def test_a_second_quarter_asks_for_that_quarter_only(bench: GitHubBench) -> None:
    bench.add("acme/engine", commits(150) + commits(30, "2023-04-03"))
    bench.visit(Q1)
    listed = len(bench.fake.asked("/commits"))
    bench.visit(Q1, Q2)
    assert len(bench.fake.asked("/commits")) == listed + 1
    assert (len(bench.shas(Q1)), len(bench.shas(Q2))) == (150, 30)


def test_new_commits_beyond_a_closed_quarter_leave_it_alone(bench: GitHubBench) -> None:
    repository = bench.add("acme/engine", commits(150))
    bench.visit(Q1)
    append(repository.path, commits(5, "2023-04-02"), onto=repository.tip())
    listed = len(bench.fake.paid("/commits[?]"))
    bench.visit(Q1)
    assert bench.record("acme/engine").tip == repository.tip()
    assert len(bench.fake.paid("/compare/")) == 1
    assert len(bench.fake.paid("/commits[?]")) == listed
    assert len(bench.shas()) == 150
