"""Offsets of dates and accounts of co-authors: a second list, by GraphQL, held against the first."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import github_faults as faults
import pytest
from fake_github import FakeGitHub, only
from fake_http import Request, Response
from github_bench import ENGINE, LIST, Q1, GitHubBench, commits, github_bench
from histories import git

PEOPLE = "^/graphql"


@pytest.fixture
def bench() -> Iterator[GitHubBench]:
    with github_bench(people=True) as opened:
        described = [replace(commit, offset=("+0900", "-0330")[n % 2]) for n, commit in enumerate(commits(250))]
        described[7] = replace(described[7], message="pair\n\nCo-authored-by: Ada Wren <ada.wren@example.org>")
        opened.add(ENGINE, described)
        yield opened


def only_people(change: Any) -> Any:
    """Change the answers to questions about people."""

    def fault(_: FakeGitHub, request: Request, response: Response) -> Response | None:
        if "first" not in request.body["variables"]:
            return None
        return change(request, response)

    return only(PEOPLE, fault)


def offsets(bench: GitHubBench) -> dict[str, int]:
    """Return the offset of each author date in minutes, as git tells it."""
    lines = git(bench.fake.repositories[0].path, "log", "--format=%H %ad", "--date=format:%z").splitlines()
    signed = {line.split()[0]: line.split()[1] for line in lines}
    return {sha: int(f"{text[0]}1") * (int(text[1:3]) * 60 + int(text[3:])) for sha, text in signed.items()}


def test_offsets_are_those_that_git_has(bench: GitHubBench) -> None:
    bench.visit()
    assert {row["sha"]: row["author_tz"] for row in bench.rows()} == offsets(bench)
    assert {row["committer_tz"] for row in bench.rows()} == {540, -210}
    assert bench.fake.used("graphql") == 1 + 3
    used = bench.fake.used(), bench.fake.used("graphql")
    bench.visit()
    assert (bench.fake.used(), bench.fake.used("graphql")) == used


def test_accounts_of_co_authors_are_told(bench: GitHubBench) -> None:
    bench.visit()
    accounts = bench.staged("source_accounts", lambda source, session: source.stage_accounts(session))
    assert {row["login"] for row in accounts} == {"nari-kim", "ada-wren"}


def test_who_asks_for_people_later_gets_them(bench: GitHubBench) -> None:
    bench.people = False
    bench.visit()
    assert {row["author_tz"] for row in bench.rows()} == {None}
    state = bench.source.state(Q1)
    bench.people = True
    bench.visit()
    assert {row["sha"]: row["author_tz"] for row in bench.rows()} == offsets(bench)
    assert bench.record(ENGINE).restated == ()
    assert bench.source.state(Q1) != state


def test_a_page_too_heavy_is_asked_for_smaller(bench: GitHubBench) -> None:
    def heavy(request: Request, _: Response) -> Response | None:
        return Response.of({"message": "timeout"}, 502) if request.body["variables"]["first"] > 50 else None

    bench.fake.faults = [only_people(heavy)]
    bench.visit()
    assert {row["sha"]: row["author_tz"] for row in bench.rows()} == offsets(bench)


def test_a_commit_that_the_second_list_lacks_makes_the_quarter_incomplete(bench: GitHubBench) -> None:
    def shorter(_: Request, response: Response) -> Response:
        data = response.data()
        data["data"]["repository"]["object"]["history"]["nodes"].pop()
        return Response.of(data)

    bench.fake.faults = [only_people(shorter)]
    bench.visit()
    assert bench.record(ENGINE).status == "partial"
    assert "3 commits of the list are not in GraphQL's" in str(bench.record(ENGINE).reason)
    bench.fake.faults = []
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    # The list itself was whole, so its pages are paid once
    assert len(bench.fake.paid(LIST)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"repository": {"object": None}}},
        {"data": {"repository": {"object": {"history": {"pageInfo": {}, "nodes": []}}}}},
        {"data": {"repository": {"object": {"history": {"pageInfo": {"hasNextPage": False}, "nodes": [{"oid": 1}]}}}}},
        {
            "data": {
                "repository": {"object": {"history": {"pageInfo": {"hasNextPage": True, "endCursor": ""}, "nodes": []}}}
            }
        },
    ],
)
def test_an_answer_of_another_shape_is_never_taken_for_people(bench: GitHubBench, answer: Any) -> None:
    bench.fake.faults = [only_people(lambda _, __: Response.of(answer))]
    bench.visit()
    assert bench.record(ENGINE).status == "partial"


def test_a_limit_of_graphql_is_waited_for(bench: GitHubBench) -> None:
    bench.fake.faults = [only(PEOPLE, faults.primary_limit(403, minutes=20), after=2)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert sum(bench.clock.slept) >= 1200


def test_what_people_cost_is_forecast_and_is_what_they_cost(bench: GitHubBench) -> None:
    for name, size in (("acme/wheel", 100), ("acme/idle", 0)):
        bench.add(name, [*commits(1, "2022-06-01"), *commits(size)])
    (said,) = [line for line in bench.visit() if "to list" in line]
    assert (
        said
        == "3 repositories to list, 350 commits: 4 requests of 5,000 left, 4 points of GraphQL's 5,000 left for people"
    )
    assert (bench.fake.used(), bench.fake.used("graphql")) == (4, 1 + 4)


def test_a_budget_of_graphql_that_is_too_small_for_people_is_told_first(bench: GitHubBench) -> None:
    bench.add("acme/wheel", commits(100))
    bench.fake.spend("graphql", 4)
    (said,) = [line for line in bench.visit() if "to list" in line]
    assert "4 points of GraphQL's 4 left for people" in said
    bench.people = False
    bench.fake.spend("graphql", 2)
    assert "people" not in "".join(bench.visit())
