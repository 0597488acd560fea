"""The GitHub source over real repositories behind the fake GitHub: what it gives, what it costs, what it keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from github_bench import Q1, Q2, GitHubBench, commits, github_bench
from histories import append, git

from deepsignal_pipeline.sources import SourceError


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


def test_the_forecast_is_what_it_costs(bench: GitHubBench) -> None:
    for number, size in enumerate([0, 1, 99, 100, 101, 350]):
        bench.add(f"acme/part-{number}", commits(1, "2022-06-01") + commits(size, hours=3))
    (said,) = [line for line in bench.visit(Q1) if "to list" in line]
    assert said == "6 repositories to list, 651 commits: 9 requests of 5,000 left"
    assert bench.fake.used() == 9
    for repository in bench.fake.repositories:
        append(repository.path, commits(120, "2023-04-02", hours=3), onto=repository.tip())
    before = bench.fake.used()
    (said,) = [line for line in bench.visit(Q1, Q2) if "to list" in line]
    # Two pages of the new quarter each; of the old one a page where it has one, a question where it has more, else nothing
    assert f" {6 * 2 + 3 + 2} requests of " in said
    assert bench.fake.used() - before == 6 * 2 + 3 + 2
    assert len(bench.rows(Q2)) == 720


def test_facts_are_kept_and_read_again_after_a_week(bench: GitHubBench) -> None:
    repository = bench.add("acme/engine", commits(5), stars=17, topics=("llm", "serving"))
    bench.visit(Q1)
    (row,) = bench.staged("source_metadata", lambda source, session: source.stage_metadata(session))
    assert (row["repository"], row["github_id"], row["stars"], row["forks"]) == ("acme/engine", 1000, 17, 2)
    assert (row["topics"], row["language"], row["licence"]) == (["llm", "serving"], "Python", None)
    assert (row["is_archived"], row["created_at"].year, row["names"]) == (False, 2019, ["acme/engine"])
    repository.stars = 18
    bench.clock.sleep(6 * 86400)
    bench.visit(Q1)
    assert bench.fake.used("graphql") == 0
    bench.clock.sleep(2 * 86400)
    bench.visit(Q1)
    (row,) = bench.staged("source_metadata", lambda source, session: source.stage_metadata(session))
    assert row["stars"] == 18


def test_a_quarter_that_ended_since_makes_more_complete(bench: GitHubBench) -> None:
    bench.add("acme/engine", commits(5))
    bench.visit(Q1)
    first = bench.record("acme/engine")
    bench.visit(Q1)
    assert bench.record("acme/engine") == first
    bench.clock.sleep(92 * 86400)
    bench.visit(Q1)
    second = bench.record("acme/engine")
    assert (second.status, second.tip) == ("unchanged", first.tip)
    assert second.complete_until > first.complete_until


def test_a_quarter_that_no_visit_read_is_refused_and_not_empty(bench: GitHubBench) -> None:
    bench.add("acme/engine", commits(5))
    bench.visit(Q1)
    with pytest.raises(SourceError, match="2023-Q2: no visit has read it"):
        bench.rows(Q2)
    assert bench.source.state(Q2) is None
    assert bench.source.state(Q1) is not None


def test_states_change_with_what_they_stand_for(bench: GitHubBench) -> None:
    repository = bench.add("acme/engine", commits(5))
    bench.visit(Q1, Q2)
    first = {quarter: bench.source.state(quarter) for quarter in (Q1, Q2, None)}
    bench.visit(Q1, Q2)
    assert {quarter: bench.source.state(quarter) for quarter in (Q1, Q2, None)} == first
    append(repository.path, commits(1, "2023-05-01"), onto=repository.tip())
    bench.visit(Q1, Q2)
    assert bench.source.state(Q1) == first[Q1]
    assert bench.source.state(Q2) != first[Q2]
    assert bench.source.state(None) != first[None]
