"""Everything that GitHub's answers may do to us, a case a test: the source over real repositories behind a fake GitHub.

Time is the fake's, so an hour's wait takes no time. "Clean" is what a visit without any fault gives.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import re
import signal
import subprocess
import sys
import textwrap
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import github_faults as faults
import pytest
from fake_github import TOKEN, FakeGitHub, Request, Response, only
from github_bench import Q1, Q2, GitHubBench, commits, github_bench
from histories import Written, append, git

from deepsignal_pipeline.sources import SourceError
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.errors import GitHubError, MovedError, UnauthorisedError
from deepsignal_pipeline.sources.github.limiter import Limiter
from deepsignal_pipeline.sources.github.token import Token, read_token
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits, Wire

LIST = r"/commits\?"
ENGINE = "acme/engine"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[GitHubBench]:
    """Open a fake GitHub with one repository of 250 commits in a quarter: three pages."""
    with github_bench(tmp_path) as opened:
        opened.add(ENGINE, commits(250))
        yield opened


def clean(bench: GitHubBench, name: str = ENGINE) -> set[str]:
    """Return the ids that git has of the quarter."""
    repository = next(r for r in bench.fake.repositories if r.name == name)
    window = ("--since=2023-01-01T00:00:00Z", "--until=2023-03-31T23:59:59Z")
    return set(git(repository.path, "log", "--format=%H", *window, str(repository.tip())).split())


def client_of(bench: GitHubBench, **more: Any) -> Client:
    """Return a client as a visit makes it."""
    limiter = Limiter(bench.clock, bench.said.append, patience=more.pop("patience", Patience()), **more)
    return Client(bench.fake.url, Token(TOKEN), bench.clock, limiter, bench.limits)


def pages_paid(bench: GitHubBench) -> list[str]:
    """Return the pages of lists that counted against the budget."""
    return bench.fake.paid(LIST)


# Limits


@pytest.mark.parametrize("code", [403, 429], ids=["H01", "H02"])
def test_H01_H02_primary_limit_is_waited_for(bench: GitHubBench, code: int) -> None:
    bench.fake.faults = [only(LIST, faults.primary_limit(code, minutes=40), after=1)]
    said = bench.visit()
    assert bench.shas() == clean(bench)
    assert 2400 <= sum(bench.clock.slept) < 3300
    assert any(line.startswith("waiting for GitHub's core limit until") for line in said)
    assert len(pages_paid(bench)) == len(set(pages_paid(bench))) == 3


def test_H01_primary_limit_beyond_the_deadline_stops_and_resumes(bench: GitHubBench) -> None:
    bench.patience = Patience(in_all=600)
    bench.fake.faults = [only(LIST, faults.primary_limit(403, minutes=40), after=1)]
    said = bench.visit()
    record = bench.record(ENGINE)
    assert record.status == "failed"
    assert "until 2023-07-02 06:4" in str(record.reason)
    assert any("run again after that" in line for line in said)
    assert sum(bench.clock.slept) < 600
    bench.clock.sleep(2400)
    bench.visit()
    assert bench.shas() == clean(bench)
    assert len(pages_paid(bench)) == len(set(pages_paid(bench))) == 3


@pytest.mark.parametrize("code", [403, 429])
def test_H03_retry_after_is_kept_to(bench: GitHubBench, code: int) -> None:
    words = "You have exceeded a secondary rate limit"
    bench.fake.faults = [only(LIST, faults.status(code, words, Retry_After="90"), times=2)]
    bench.visit()
    assert bench.shas() == clean(bench)
    assert [wait >= 90 for wait in bench.clock.slept] == [True, True]


def test_H03_a_limit_without_end_is_an_error_in_a_bounded_number_of_tries(bench: GitHubBench) -> None:
    bench.fake.faults = [only(LIST, faults.status(429, "slow down", Retry_After="90"))]
    bench.visit()
    assert bench.record(ENGINE).status == "failed"
    assert len(bench.fake.asked(LIST)) == Patience().limited_tries


@pytest.mark.parametrize("words", ["abuse detection mechanism", "Please wait a few minutes before you try again."])
def test_H04_a_secondary_limit_in_other_words_waits_a_growing_minute(bench: GitHubBench, words: str) -> None:
    bench.fake.faults = [only(LIST, faults.status(403, words), times=3)]
    bench.visit()
    assert bench.shas() == clean(bench)
    waits = bench.clock.slept
    assert waits[0] >= 60
    assert waits[1] >= 120
    assert waits[2] >= 240


@pytest.mark.parametrize(
    ("value", "status", "least", "most"),
    [
        ("86400", "failed", 0, 1),
        ("-5", "full", 60, 75),
        ("soon", "full", 60, 75),
        ("Sat, 01 Jul 2000 00:00:00 GMT", "full", 60, 75),
        ("0", "full", 0, 10),
    ],
)
def test_H05_retry_after_of_every_kind_is_a_bounded_wait(
    bench: GitHubBench, value: str, status: str, least: float, most: float
) -> None:
    bench.fake.faults = [only(LIST, faults.status(403, "secondary rate limit", Retry_After=value), times=1)]
    bench.visit()
    assert bench.record(ENGINE).status == status
    assert least <= sum(bench.clock.slept) <= most
    assert len(bench.fake.asked(LIST)) == (1 if status == "failed" else 4)


# The server and the connection


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_H06_server_errors_are_retried_with_growing_pauses(bench: GitHubBench, code: int) -> None:
    bench.fake.faults = [only(LIST, faults.status(code, body=b"<html>Unicorn</html>"), times=3)]
    bench.visit()
    assert bench.shas() == clean(bench)
    waits = bench.clock.slept
    assert len(waits) == 3
    assert waits[0] >= 1
    assert waits[1] > waits[0]
    assert waits[2] > waits[1]


def test_H07_a_server_error_for_ever_fails_the_repository_only(bench: GitHubBench) -> None:
    bench.add("acme/wheel", commits(3))
    bench.fake.faults = [only("/acme/engine/commits", faults.status(503, "no server"))]
    bench.visit()
    record = bench.record(ENGINE)
    assert (record.status, record.complete_until) == ("partial", Q1.start)
    assert "503" in str(record.reason)
    assert sum(bench.clock.slept) < 120
    assert bench.record("acme/wheel").status == "full"
    assert {row["repository"] for row in bench.rows()} == {"acme/wheel"}


@pytest.mark.parametrize("manner", ["slow", "drip"])
def test_H08_an_answer_that_takes_too_long_is_asked_again(bench: GitHubBench, manner: str) -> None:
    bench.limits = Limits(connect=1, between_bytes=0.3, in_all=0.5)
    bench.fake.faults = [only(LIST, faults.manner(manner), times=1)]
    bench.visit()
    assert bench.shas() == clean(bench)
    assert len(bench.fake.asked(LIST)) == 4


@pytest.mark.parametrize("manner", ["reset", "cut", "short"])
def test_H09_half_an_answer_is_asked_again(bench: GitHubBench, manner: str) -> None:
    bench.fake.faults = [only(LIST, faults.manner(manner), times=2, after=1)]
    bench.visit()
    assert bench.shas() == clean(bench)
    assert len(bench.fake.asked(LIST)) == 5


@pytest.mark.parametrize(
    "body", [b'[{"sha": "00', b"<html>We are down</html>", b'{"sha": ' * 9000, b"\xff\xfe[]"], ids=range(4)
)
def test_H10_what_is_no_json_is_asked_again(bench: GitHubBench, body: bytes) -> None:
    bench.fake.faults = [only(LIST, faults.body(body), times=2)]
    bench.visit()
    assert bench.shas() == clean(bench)


@pytest.mark.parametrize("body", [b"", b"null", b'""', b"{}", b"7"])
def test_H11_nothing_is_never_no_commits(bench: GitHubBench, body: bytes) -> None:
    bench.fake.faults = [only(LIST, faults.body(body))]
    bench.visit()
    assert bench.record(ENGINE).status == "partial"
    bench.fake.faults = []
    bench.visit()
    assert bench.shas() == clean(bench)


def test_H12_a_304_nobody_asked_for_is_no_answer(bench: GitHubBench) -> None:
    bench.fake.faults = [only(LIST, faults.status(304, body=b""), times=1)]
    bench.visit()
    assert bench.shas() == clean(bench)
    bench.fake.faults = [only("/repos/acme/engine$", faults.status(304, body=b""))]
    with pytest.raises(GitHubError, match="304"):
        client_of(bench).get("/repos/acme/engine")


def test_H12_a_307_is_followed(bench: GitHubBench) -> None:
    number = bench.fake.repositories[0].github_id
    there = f"{bench.fake.url}/repositories/{number}/commits"
    bench.fake.faults = [only("/repos/acme/engine/commits", faults.status(307, Location=there))]
    bench.visit()
    assert bench.shas() == clean(bench)


# Names


def test_H13_a_renamed_repository_stays_itself_and_keeps_its_window(bench: GitHubBench) -> None:
    bench.visit()
    bench.fake.rename(bench.fake.repositories[0], "acme/motor")
    append(bench.fake.repositories[0].path, commits(3, "2023-03-20"), onto=bench.fake.repositories[0].tip())
    bench.visit(Q1, names=[ENGINE])
    record = bench.record(ENGINE)
    assert record.names == (ENGINE, "acme/motor")
    assert record.github_id == 1000
    assert bench.shas() == clean(bench, "acme/motor")
    assert {row["repository"] for row in bench.rows()} == {ENGINE}


def test_H13_a_rename_in_the_middle_of_a_list_loses_no_window(bench: GitHubBench) -> None:
    def rename(fake: FakeGitHub, _: Request, __: Response) -> Response:
        fake.rename(fake.repositories[0], "acme/motor")
        location = f"{fake.url}/repositories/{fake.repositories[0].github_id}/commits"
        return Response.of({"message": "Moved Permanently"}, 301, Location=location)

    bench.fake.faults = [only("/repos/acme/engine/commits", rename, times=1)]
    bench.visit()
    assert bench.shas() == clean(bench, "acme/motor")
    assert all("since=2022-12-31" in page for page in pages_paid(bench))


def test_H14_a_name_that_is_now_anothers_is_refused(bench: GitHubBench) -> None:
    bench.visit()
    held = bench.rows()
    bench.fake.rename(bench.fake.repositories[0], "acme/motor")
    bench.add(ENGINE, commits(7, author="Somebody Else"))
    bench.visit(Q1, names=[ENGINE])
    record = bench.record(ENGINE)
    assert record.status == "failed"
    assert "1001" in str(record.reason)
    assert "1000" in str(record.reason)
    assert bench.rows() == held


def test_H15_redirects_in_a_circle_and_to_other_hosts_end_in_few_requests(bench: GitHubBench, tmp_path: Path) -> None:
    circle = faults.status(301, Location=f"{bench.fake.url}/repos/acme/wheel")
    back = faults.status(301, Location=f"{bench.fake.url}/repos/acme/engine")
    bench.fake.faults = [only("/acme/engine$", circle), only("/acme/wheel$", back)]
    with pytest.raises(MovedError, match="more than 3 times"):
        client_of(bench).get("/repos/acme/engine")
    assert len(bench.fake.log) <= 4
    with github_bench(tmp_path / "other") as other:
        bench.fake.faults = [faults.status(301, Location=f"{other.fake.url}/repos/acme/engine")]
        with pytest.raises(MovedError, match="another host"):
            client_of(bench).get("/repos/acme/engine")
        assert other.fake.log == []


# What a repository may be


def test_H16_a_repository_that_is_gone_keeps_what_was_read(bench: GitHubBench) -> None:
    bench.visit()
    held = bench.rows()
    bench.fake.repositories[0].status = 404
    bench.visit()
    record = bench.record(ENGINE)
    assert record.status == "not_found"
    assert record.complete_until is not None
    assert bench.rows() == held


@pytest.mark.parametrize("code", [451, 403])
def test_H17_a_blocked_repository_is_not_asked_for_again(bench: GitHubBench, code: int) -> None:
    bench.fake.repositories[0].status = code
    bench.visit()
    record = bench.record(ENGINE)
    assert (record.status, record.commits) == ("blocked", 0)
    assert "dmca" in str(record.reason)
    assert len(bench.fake.asked("/repos/")) == 1
    assert bench.clock.slept == []


def test_H18_an_empty_repository_has_no_commits(bench: GitHubBench) -> None:
    bench.add("acme/nothing", [])
    bench.visit()
    record = bench.record("acme/nothing")
    assert (record.status, record.tip, record.commits) == ("full", None, 0)
    assert record.complete_until is not None


@pytest.mark.parametrize("message", ["Bad credentials", ""])
def test_H19_a_wrong_token_stops_everything_at_once(bench: GitHubBench, message: str) -> None:
    bench.fake.faults = [faults.status(401, message)]
    with pytest.raises(SourceError, match="token is wrong or expired") as caught:
        bench.visit()
    assert len(bench.fake.log) == 1
    assert TOKEN not in str(caught.value)


# What a row may be


@pytest.mark.parametrize("author", [None, {}, "missing", {"login": None}, 7, {"login": "x", "id": "12"}])
def test_H20_a_commit_without_an_account_is_kept(bench: GitHubBench, author: Any) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in (row | {"author": author}).items() if not (k == "author" and v == "missing")}

    bench.fake.faults = [faults.rows(change)]
    bench.visit()
    assert bench.shas() == clean(bench)
    assert {(row["author_login"], row["author_name"]) for row in bench.rows()} == {(None, "Nari Kim")}


def test_H20_a_commit_whose_git_author_is_null_is_kept(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.rows(lambda row: row | {"commit": row["commit"] | {"author": None}})]
    bench.visit()
    assert bench.shas() == clean(bench)
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
    assert bench.shas() | {row["sha"] for row in apart} == clean(bench)
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
    assert bench.shas() == clean(bench)
    (row,) = [row for row in bench.rows() if row["author_name"] != "Nari Kim"]
    assert row["author_name"] == awkward.replace("\ud800", "\ufffd")
    assert row["subject"] == awkward.replace("\ud800", "\ufffd")


def test_H23_a_row_that_comes_twice_is_stored_once(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.page(lambda rows: rows + rows[:5])]
    bench.visit()
    assert bench.shas() == clean(bench)
    assert bench.record(ENGINE).status == "full"


def test_H23_a_commit_of_two_repositories_is_a_row_of_each(bench: GitHubBench) -> None:
    bench.fake.add("acme/fork", bench.fake.repositories[0].path)
    bench.visit()
    rows = [(row["repository"], row["sha"]) for row in bench.rows()]
    assert len(rows) == len(set(rows)) == 500


# The list as a whole


def test_H24_pushes_in_the_middle_of_a_list_change_nothing(bench: GitHubBench) -> None:
    repository = bench.fake.repositories[0]
    expected = clean(bench)

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
    assert bench.shas() == clean(bench)
    lost = {row["sha"] for row in bench.quarantine()}
    assert lost == before - clean(bench)
    assert lost
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.why) == ("2023-Q1", 250, "rewritten")


def test_H25_a_tip_that_vanishes_in_the_middle_of_a_list_is_pinned_anew(bench: GitHubBench) -> None:
    repository = bench.fake.repositories[0]

    def rewrite(_: FakeGitHub, __: Request, ___: Response) -> Response:
        append(repository.path, commits(220, hours=6.5))
        return Response.of({"message": "No commit found for SHA"}, 404)

    bench.fake.faults = [only(LIST, rewrite, times=1, after=1)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert bench.shas() == clean(bench)


def test_H26_a_late_merge_into_a_closed_quarter_is_told(bench: GitHubBench) -> None:
    bench.visit()
    repository = bench.fake.repositories[0]
    side = append(repository.path, commits(12, "2023-02-01", author="Late Comer"), "side", onto=repository.tip())
    git(repository.path, "update-ref", "refs/heads/main", side[-1])
    bench.visit()
    assert bench.shas() == clean(bench)
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
    assert bench.shas() == clean(bench)


def test_H28_rows_outside_the_window_are_refused(bench: GitHubBench) -> None:
    bench.add("acme/old", commits(60, "2022-12-25"))
    bench.fake.faults = [only(LIST, faults.ignore_window())]
    bench.visit(Q1, names=["acme/old"])
    assert bench.record("acme/old").status == "full"
    assert bench.shas() == clean(bench, "acme/old")
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
    assert bench.shas() == clean(bench)
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


def test_H34_partial_data_is_never_taken_for_all(bench: GitHubBench) -> None:
    bench.add("acme/wheel", commits(3))

    def partial(_: FakeGitHub, __: Request, response: Response) -> Response:
        data = response.data()["data"]
        data["r1"]["defaultBranchRef"]["target"]["q2023_1"] = None
        return Response.of({"data": data, "errors": [{"message": "Something went wrong", "path": ["r1"]}]})

    bench.fake.faults = [only("^/graphql", partial)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert bench.record("acme/wheel").status == "failed"


def test_H34_a_null_with_a_repository_behind_it_is_no_absence(bench: GitHubBench) -> None:
    bench.fake.faults = [faults.graphql({"data": {"r0": None}, "errors": [{"type": "INTERNAL", "message": "?"}]})]
    bench.visit()
    assert bench.record(ENGINE).status == "failed"


# Accounts, clocks, budgets, threads


def test_H35_an_account_is_its_number_whatever_its_login(bench: GitHubBench) -> None:
    bench.visit()
    append(bench.fake.repositories[0].path, commits(2, "2023-04-03"), onto=bench.fake.repositories[0].tip())
    bench.fake.faults = [
        faults.rows(lambda row: row | {"author": row["author"] | {"login": "nari-new", "type": "Bot"}})
    ]
    bench.visit(Q1, Q2)
    accounts = bench.staged("source_accounts", lambda source, session: source.stage_accounts(session))
    assert {row["login"] for row in accounts} == {"nari-kim", "nari-new"}
    assert len({row["github_id"] for row in accounts}) == 1
    assert {row["kind"] for row in accounts} == {"Bot"}
    assert {row["author_login"] for row in bench.rows(Q1)} == {"nari-kim"}


@pytest.mark.parametrize("values", ["no", "text", "float", "negative"])
def test_H36_rate_headers_of_every_kind(bench: GitHubBench, values: str) -> None:
    shown = {"no": "", "text": "plenty", "float": "4999.0", "negative": "-1"}[values]
    names = ("X_RateLimit_Remaining", "X_RateLimit_Limit", "X_RateLimit_Reset")
    bench.fake.faults = [faults.headers(**dict.fromkeys(names, shown))]
    bench.visit()
    assert bench.shas() == clean(bench)


@pytest.mark.parametrize("wrong_by", [-86400 * 365, 86400 * 365])
def test_H36_waits_follow_githubs_clock_not_ours(bench: GitHubBench, wrong_by: float) -> None:
    class Wrong:
        slept: list[float] = []  # noqa: RUF012

        def now(self) -> float:
            return bench.clock.now() + wrong_by

        def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            bench.clock.sleep(seconds)

    bench.fake.faults = [only("/repos/acme/engine$", faults.primary_limit(403, minutes=40))]
    clock = Wrong()
    client = Client(bench.fake.url, Token(TOKEN), clock, Limiter(clock, bench.said.append), bench.limits)
    assert client.get("/repos/acme/engine").data["id"] == 1000
    assert 2400 <= sum(clock.slept) < 3300


def test_H38_nothing_new_costs_nothing(bench: GitHubBench) -> None:
    for number in range(5):
        bench.add(f"acme/part-{number}", commits(2))
    bench.visit()
    used, asked = (bench.fake.used(), bench.fake.used("graphql")), len(bench.fake.log)
    bench.visit()
    assert (bench.fake.used(), bench.fake.used("graphql")) == used
    assert sorted(entry.status for entry in bench.fake.log[asked:]) == [200, *[304] * 6]


def test_H40_a_budget_for_a_part_is_told_first_and_used_fairly(bench: GitHubBench) -> None:
    bench.workers = 1
    bench.patience = Patience(in_all=60)
    for number in range(9):
        bench.add(f"acme/part-{number}", commits(2))
    bench.fake.spend("core", left=7)
    said = bench.visit()
    (costs,) = [line for line in said if "to list" in line]
    assert "10 repositories to list, 268 commits: 12 requests of 7 left: enough for " in costs
    assert said.index(costs) < next(n for n, line in enumerate(said) if line.startswith("1 of 10"))
    done = {r.name for r in bench.fake.repositories if bench.record(r.name).status == "full"}
    assert 0 < len(done) < 10
    bench.clock.sleep(3600)
    bench.visit()
    assert {bench.record(r.name).is_good for r in bench.fake.repositories} == {True}
    assert len(pages_paid(bench)) == len(set(pages_paid(bench))) == 12
    assert len(bench.rows()) == 268


def test_H41_every_answer_belongs_to_its_request(bench: GitHubBench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(30):
        bench.fake.add(f"acme/part-{number}", bench.fake.repositories[0].path)
    bench.fake.faults = [lambda *_: time.sleep(0.004)]
    client = client_of(bench, in_flight=5)
    names = [f"acme/part-{number % 30}" for number in range(480)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda name: client.get(f"/repos/{name}").data["full_name"], names))
    client.close()
    assert answers == names
    assert 1 < bench.fake.most_at_once <= 5


@pytest.mark.parametrize("seed", range(3))
def test_any_mixture_of_passing_trouble_ends_in_the_clean_result(bench: GitHubBench, seed: int) -> None:
    for number in range(6):
        bench.add(f"acme/part-{number}", commits(40, hours=3 + number))
    bench.patience = Patience(in_all=10 * 86400, tries=30, limited_tries=30, longest_pause=5)
    bench.fake.faults = [faults.passing_trouble(seed, 0.35)]
    bench.visit()
    for repository in bench.fake.repositories:
        assert bench.record(repository.name).status == "full", bench.record(repository.name).reason
    assert len(bench.rows()) == 250 + 240


# Killed in the middle

KILLED = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from deepsignal_pipeline.domain.quarters import Quarter
    from deepsignal_pipeline.sources import Asked
    from deepsignal_pipeline.sources.github.source import GitHubSource
    home, url, *names = sys.argv[1:]
    GitHubSource(Path(home), "key", base_url=url, workers=1).visit(
        [Asked(name) for name in names], [Quarter(2023, 1)], print
    )
    """
)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 6, 7])
def test_H37_a_visit_killed_anywhere_pays_for_no_page_twice(bench: GitHubBench, at: int) -> None:
    bench.add("acme/wheel", commits(230, hours=8, author="Ada Wren"))
    names = [repository.name for repository in bench.fake.repositories]
    environment = {**os.environ, "GITHUB_TOKEN": TOKEN}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(bench.home), bench.fake.url, *names],
        env=environment,
        stdout=subprocess.DEVNULL,
    )

    def kill(_: FakeGitHub, __: Request, response: Response) -> Response:
        process.send_signal(signal.SIGKILL)
        process.wait()
        response.manner = "reset"
        return response

    bench.fake.faults = [only("", kill, times=1, after=at)]
    assert process.wait() == -signal.SIGKILL
    bench.visit()
    assert bench.shas() == clean(bench) | clean(bench, "acme/wheel")
    assert len(pages_paid(bench)) == len(set(pages_paid(bench)))
    assert not list(bench.home.rglob("*.tmp"))
    assert not list(bench.home.rglob("pages"))


# The token, and no GitHub at all


def test_A01_limits_never_fail_a_visit(bench: GitHubBench) -> None:
    bench.fake.faults = [
        only(LIST, faults.primary_limit(403, minutes=50), times=1),
        only(LIST, faults.status(429, "", Retry_After="30"), times=2, after=2),
        only(LIST, faults.headers(X_RateLimit_Reset="1"), times=1, after=5),
    ]
    said = bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert sum(line.startswith("waiting for GitHub's core limit until 2023-07-02 0") for line in said) >= 3


@pytest.mark.parametrize("fault", [faults.manner("cut"), faults.body(b"<html>"), faults.status(500)])
def test_A02_what_never_mends_is_a_partial_repository(bench: GitHubBench, fault: Any) -> None:
    bench.fake.faults = [only(LIST, fault)]
    bench.visit()
    assert bench.record(ENGINE).status == "partial"
    assert len(bench.fake.asked(LIST)) == Patience().tries


@pytest.mark.parametrize("value", ["", "   ", "two words", "caf\u00e9"])
def test_A03_without_a_usable_token_nothing_is_asked(
    bench: GitHubBench, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", value)
    with pytest.raises(SourceError, match="GITHUB_TOKEN"):
        bench.visit()
    assert bench.fake.log == []


def test_A03_single_sign_on_blocks_one_repository(bench: GitHubBench) -> None:
    bench.add("corp/engine", commits(3))
    words = "Resource protected by organization SAML enforcement"
    sso = faults.status(403, words, X_GitHub_SSO="required; url=https://github.com/orgs/corp/sso")
    bench.fake.repositories[1].status = 403
    bench.fake.faults = [only("/corp/engine", sso)]
    bench.visit()
    assert bench.record(ENGINE).status == "full"
    assert (bench.record("corp/engine").status, "single sign-on" in str(bench.record("corp/engine").reason)) == (
        "blocked",
        True,
    )


def test_A04_without_a_network_what_is_held_stays(bench: GitHubBench) -> None:
    bench.visit()
    held = bench.rows()
    source = bench.source
    bench.fake.__exit__(None, None, None)
    with pytest.raises(SourceError, match="no whole answer"):
        bench.visit()
    assert bench.rows() == held
    assert source.state(Q1) == bench.source.state(Q1)


def test_S10_H39_the_token_shows_nowhere(bench: GitHubBench, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    bench.fake.faults = [only(LIST, faults.manner("reset"))]
    said = bench.visit()
    seen = [caplog.text, *said, repr(bench.source), str(bench.record(ENGINE))]
    bench.fake.faults = [faults.status(401, "Bad credentials")]
    client = client_of(bench)
    seen += [repr(client), repr(read_token()), str(read_token())]
    seen += [_told(lambda: client.get("/repos/acme/engine")), _told(bench.visit)]
    bench.fake.__exit__(None, None, None)
    seen.append(_told(lambda: client.get("/repos/acme/engine")))
    assert caplog.text
    for text in seen:
        assert TOKEN not in text
    for file in bench.home.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


def _told(call: Callable[[], object]) -> str:
    """Return all that a failing call tells, local variables of every frame included."""
    try:
        call()
    except Exception as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        return "".join(shown.format())
    raise AssertionError("it did not fail")


def test_S10_nothing_that_holds_the_token_can_be_pickled(bench: GitHubBench) -> None:
    client = client_of(bench)
    client.get("/rate_limit", resource="free")
    for thing in (Token(TOKEN), Wire(bench.fake.url, Token(TOKEN), Limits()), client):
        with pytest.raises(TypeError, match="pickle"):
            pickle.dumps(thing)


def test_S10_netrc_is_not_read(bench: GitHubBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret-of-netrc\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    limiter = Limiter(bench.clock, bench.said.append)
    Client(bench.fake.url, None, bench.clock, limiter, bench.limits).get("/rate_limit", resource="free")
    assert "authorization" not in bench.fake.log[-1].request.headers
    monkeypatch.delenv("GITHUB_TOKEN")
    with pytest.raises(UnauthorisedError):
        read_token()


def test_S12_escapes_of_a_message_do_not_reach_the_terminal(bench: GitHubBench) -> None:
    bench.fake.faults = [only("/repos/acme/engine$|/commits", faults.status(403, "\x1b]0;evil\x07 blocked \x1b[31m"))]
    said = bench.visit()
    assert not re.search(r"[\x00-\x1f]", "".join(said))
