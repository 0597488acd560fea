"""Faults H20 to H34 of GitHub: what a row, a list and an answer of GraphQL may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import github_faults as faults
import pytest
from fake_github import FakeGitHub, only
from fake_http import Request, Response
from github_bench import ENGINE, LIST, Q1, Q2, GitHubBench, commits, github_bench
from histories import Written, append, git

from deepsignal_pipeline.sources.github.wire import Limits


@pytest.fixture
def bench() -> Iterator[GitHubBench]:
    """Open a fake GitHub with one repository of 250 commits in a quarter: three pages."""
    with github_bench() as opened:
        opened.add(ENGINE, commits(250))
        yield opened


# What a row may be


@pytest.mark.parametrize("author", [None, {}, "missing", {"login": None}, 7, {"login": "x", "id": "12"}])
def test_H20_a_commit_without_an_account_is_kept(bench: GitHubBench, author: Any) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in (row | {"author": author}).items() if not (k == "author" and v == "missing")}

    bench.fake.faults = [faults.rows(change)]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert {(row["author_login"], row["author_name"]) for row in bench.rows()} == {(None, "Nari Kim")}


def test_H20_a_commit_whose_git_author_is_null_is_kept(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.rows(lambda row: row | {"commit": row["commit"] | {"author": None}})]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert {(row["author_name"], row["authored_at"]) for row in bench.rows()} == {("", None)}


@pytest.mark.parametrize(
    "date", [None, "0000-00-00T00:00:00Z", "2099-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "soon", 5, "2023-01-05"]
)
def test_H21_a_commit_without_a_usable_date_is_kept_apart(bench: GitHubBench, date: Any) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        if not row["commit"]["message"].endswith("7"):
            return row
        return row | {"commit": row["commit"] | {"committer": row["commit"]["committer"] | {"date": date}}}

    bench.fake.faults = [faults.rows(change)]
    bench.visit()
    apart = bench.quarantine()
    assert len(apart) == 25
    assert {row["reason"].split(":")[0] for row in apart} == {"bad_date"}
    assert bench.shas() | {row["sha"] for row in apart} == bench.clean()
    assert json.loads(apart[0]["raw"])["sha"] == apart[0]["sha"]
    assert bench.record(ENGINE).commits == 250


def test_H22_any_text_is_stored(bench: GitHubBench) -> None:
    awkward = "a\u0000b \u202eevil \U0001f469\u200d\U0001f52c \ud800 end"

    def change(row: dict[str, Any]) -> dict[str, Any]:
        person = row["commit"]["author"] | {"name": awkward}
        return row | {"commit": row["commit"] | {"author": person, "message": awkward + "\n\n" + "x" * 1_000_000}}

    bench.fake.faults = [
        only(LIST, faults.rows(lambda row: change(row) if row["commit"]["message"] == "change 9" else row))
    ]
    bench.limits = Limits(in_all=20)
    bench.visit()
    assert bench.shas() == bench.clean()
    (row,) = [row for row in bench.rows() if row["author_name"] != "Nari Kim"]
    assert row["author_name"] == awkward.replace("\ud800", "\ufffd")
    assert row["subject"] == awkward.replace("\ud800", "\ufffd")


def test_H23_a_row_that_comes_twice_is_stored_once(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.page(lambda rows: rows + rows[:5])]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert bench.record(ENGINE).status == "full"


def test_H23_a_commit_of_two_repositories_is_a_row_of_each(bench: GitHubBench) -> None:
    bench.fake.add("acme/fork", bench.fake.repositories[0].path)
    bench.visit()
    rows = [(row["repository"], row["sha"]) for row in bench.rows()]
    assert len(rows) == len(set(rows)) == 500


# The list as a whole


def test_H24_pushes_in_the_middle_of_a_list_change_nothing(bench: GitHubBench) -> None:
    repository = bench.fake.repositories[0]
    expected = bench.clean()

    def push(_: FakeGitHub, __: Request, ___: Response) -> None:
        append(repository.path, commits(3, "2023-03-30"), onto=repository.tip())

    tip = repository.tip()
    bench.fake.faults = [only(LIST, push)]
    bench.visit()
    assert bench.shas() == expected
    assert bench.record(ENGINE).tip == tip


def test_H25_a_rewritten_history_is_read_again_and_what_it_lost_is_marked(bench: GitHubBench) -> None:
    bench.visit()
    before = bench.shas()
    repository = bench.fake.repositories[0]
    append(repository.path, commits(250, hours=6.5))
    bench.visit()
    record = bench.record(ENGINE)
    assert bench.shas() == bench.clean()
    lost = {row["sha"] for row in bench.quarantine()}
    assert lost == before - bench.clean()
    assert lost
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.why) == ("2023-Q1", 250, "rewritten")


@pytest.mark.parametrize("code", [404, 422])
def test_H25_a_tip_that_vanishes_in_the_middle_of_a_list_is_pinned_anew(bench: GitHubBench, code: int) -> None:
    repository = bench.fake.repositories[0]

    def rewrite(_: FakeGitHub, __: Request, ___: Response) -> Response:
        append(repository.path, commits(220, hours=6.5))
        return Response.of({"message": "No commit found for SHA"}, code)

    bench.fake.faults = [only(LIST, rewrite, times=1, after=1)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert bench.shas() == bench.clean()


def test_H25_a_repository_that_was_emptied_keeps_what_was_read(bench: GitHubBench) -> None:
    bench.visit()
    held = bench.rows()
    git(bench.fake.repositories[0].path, "update-ref", "-d", "refs/heads/main")
    bench.visit()
    assert bench.record(ENGINE).status == "failed"
    assert bench.rows() == held


def test_H26_a_late_merge_into_a_closed_quarter_is_told(bench: GitHubBench) -> None:
    bench.visit()
    repository = bench.fake.repositories[0]
    side = append(repository.path, commits(12, "2023-02-01", author="Late Comer"), "side", onto=repository.tip())
    git(repository.path, "update-ref", "refs/heads/main", side[-1])
    bench.visit()
    assert bench.shas() == bench.clean()
    (restated,) = bench.record(ENGINE).restated
    assert (restated.commits_before, restated.commits_after, restated.why) == (250, 262, "late")


@pytest.mark.parametrize("fault", [faults.without_link(), faults.next_is_itself(), faults.page(lambda _: [])])
def test_H27_a_list_that_ends_early_or_never_is_incomplete(bench: GitHubBench, fault: Any) -> None:
    bench.fake.faults = [only(LIST, fault)]
    bench.visit()
    record = bench.record(ENGINE)
    assert (record.status, record.complete_until) == ("partial", Q1.start)
    assert "2023-Q1" in str(record.reason)
    assert len(bench.fake.asked(LIST)) <= 5


def test_H27_an_incomplete_list_is_mended_by_the_next_visit(bench: GitHubBench) -> None:
    bench.fake.faults = [only(LIST, faults.without_link())]
    bench.visit()
    bench.fake.faults = []
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert bench.shas() == bench.clean()


def test_H28_rows_outside_the_window_are_refused(bench: GitHubBench) -> None:
    bench.add("acme/old", commits(60, "2022-12-25"))
    bench.fake.faults = [only(LIST, faults.ignore_window())]
    bench.visit(Q1, names=["acme/old"])
    assert bench.record("acme/old").status == "full"
    assert bench.shas() == bench.clean("acme/old")
    assert len(bench.shas()) == 32


def test_H29_a_quarter_is_half_open_in_utc(bench: GitHubBench) -> None:
    edges = ["2022-12-31T23:59:59", "2023-01-01T00:00:00", "2023-03-31T23:59:59", "2023-04-01T00:00:00"]
    times = [datetime.fromisoformat(edge).replace(tzinfo=UTC) for edge in edges]
    bench.add("acme/edge", [Written("Nari Kim", at, at.isoformat(), offset="+0900") for at in times])
    bench.visit(Q1, Q2, names=["acme/edge"])
    assert [row["subject"][:19] for row in bench.rows(Q1)] == edges[1:3] or {
        row["subject"][:19] for row in bench.rows(Q1)
    } == set(edges[1:3])
    assert [row["subject"][:19] for row in bench.rows(Q2)] == edges[3:]


def test_H29_bounds_that_the_server_leaves_out_make_no_difference(bench: GitHubBench) -> None:
    edges = [Q1.start - timedelta(seconds=1), Q1.start, Q1.end - timedelta(seconds=1), Q1.end + timedelta(seconds=1)]
    bench.add("acme/edge", [Written("Nari Kim", at, at.isoformat()) for at in edges])
    inner = {f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in edges[1:3]}
    exclusive = faults.page(lambda rows: [row for row in rows if row["commit"]["committer"]["date"] in inner])
    for fault in ([], [only(LIST, exclusive)]):
        bench.fake.faults = list(fault)
        bench.visit(Q1, names=["acme/edge"])
        assert len(bench.rows()) == 2


def test_H30_the_committer_date_decides(bench: GitHubBench) -> None:
    authored, committed = datetime(2023, 2, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)
    slow = Written("Nari Kim", datetime(2001, 1, 1, tzinfo=UTC), "slow clock")
    rebased = Written("Nari Kim", committed, "rebased", authored=authored)
    bench.add("acme/dates", [*commits(5), slow, rebased, Written("Nari Kim", committed, "last")])
    bench.visit(Q1, Q2, names=["acme/dates"])
    assert len(bench.rows(Q1)) == 5
    assert {row["subject"] for row in bench.rows(Q2)} == {"rebased", "last"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sha": "xyz"}, "commit id"),
        ({"sha": None}, "commit id"),
        ({"parents": None}, "parents"),
        ({"parents": [{"sha": 5}]}, "parents"),
        ({"commit": None}, "no message"),
        ({"commit": {"message": 4}}, "no message"),
    ],
)
def test_H31_a_row_of_another_shape_is_kept_apart(bench: GitHubBench, change: dict[str, Any], reason: str) -> None:
    def spoil(row: dict[str, Any]) -> dict[str, Any]:
        return row | (change if row["commit"]["message"] == "change 9" else {"unknown": {"field": 1}})

    bench.fake.faults = [faults.rows(spoil)]
    bench.visit()
    (apart,) = bench.quarantine()
    assert reason in apart["reason"]
    assert "raw" in apart
    assert len(bench.shas()) == 249


@pytest.mark.parametrize("entry", [None, 5, "text", []])
def test_H31_a_row_that_is_no_object_is_kept_apart(bench: GitHubBench, entry: Any) -> None:
    bench.fake.faults = [faults.rows(lambda row: entry if row["commit"]["message"] == "change 9" else row)]
    bench.visit()
    (apart,) = bench.quarantine()
    assert (apart["sha"], json.loads(apart["raw"])) == (None, entry)


def test_H32_changed_paths_are_not_known_and_said_so(bench: GitHubBench) -> None:
    bench.visit()
    assert {row["changes"] for row in bench.rows()} == {None}
    assert bench.fake.asked(r"/commits/[0-9a-f]{40}") == []


# GraphQL


def test_H34_a_limit_of_graphql_is_waited_for(bench: GitHubBench) -> None:
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    bench.fake.faults = [only("^/graphql", faults.graphql(limited), times=1)]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert sum(bench.clock.slept) >= 60


@pytest.mark.parametrize("code", [502, 504])
def test_H34_a_question_too_heavy_is_asked_in_halves(bench: GitHubBench, code: int) -> None:
    for number in range(7):
        bench.add(f"acme/part-{number}", commits(2))

    def heavy(_: FakeGitHub, request: Request, __: Response) -> Response | None:
        return Response.of({"message": "timeout"}, code) if len(request.body["variables"]) > 4 else None

    bench.fake.faults = [only("^/graphql", heavy)]
    bench.visit()
    assert {bench.record(r.name).status for r in bench.fake.repositories} == {"full"}
    assert len(bench.rows()) == 250 + 14


@pytest.mark.parametrize(("times", "status"), [(1, "full"), (-1, "failed")])
def test_H34_partial_data_is_asked_for_again_and_never_taken_for_all(
    bench: GitHubBench, times: int, status: str
) -> None:
    bench.add("acme/wheel", commits(3))

    def partial(_: FakeGitHub, __: Request, response: Response) -> Response:
        data = response.data()["data"]
        data[max(data)]["defaultBranchRef"]["target"]["q2023_1"] = None
        return Response.of({"data": data, "errors": [{"message": "Something went wrong", "path": [max(data)]}]})

    bench.fake.faults = [only("^/graphql", partial, times=times)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert bench.record("acme/wheel").status == status


def test_H34_a_missing_repository_named_like_a_limit_is_missing(bench: GitHubBench) -> None:
    bench.visit(Q1, names=[ENGINE, "acme/rate-limit", "abuse/too-many"])
    assert bench.record("acme/rate-limit").status == bench.record("abuse/too-many").status == "not_found"
    assert bench.record(ENGINE).status == "full"
    assert bench.clock.slept == []


def test_H34_a_null_with_a_repository_behind_it_is_no_absence(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.graphql({"data": {"r0": None}, "errors": [{"type": "INTERNAL", "message": "?"}]})]
    bench.visit()
    assert bench.record(ENGINE).status == "failed"


@pytest.mark.parametrize(
    "change",
    [
        {"nameWithOwner": "../../x"},
        {"nameWithOwner": "a/b\x1b[31m"},
        {"databaseId": None},
        {"stargazerCount": "many"},
        {"createdAt": "soon"},
        {"defaultBranchRef": {"name": "main", "target": {"oid": "--upload-pack=x"}}},
        {"defaultBranchRef": {"name": "main", "target": None}},
    ],
)
def test_H34_facts_of_another_shape_fail_the_repository_only(bench: GitHubBench, change: dict[str, Any]) -> None:
    bench.add("acme/wheel", commits(3))

    def spoil(_: FakeGitHub, __: Request, response: Response) -> Response:
        data = response.data()
        data["data"]["r0"] |= change
        return Response.of(data)

    bench.fake.faults = [only("^/graphql", spoil)]
    said = bench.visit()
    assert bench.record(ENGINE).status == "failed"
    assert bench.record("acme/wheel").status == "full"
    assert "\x1b" not in "".join(said)
