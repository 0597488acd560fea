"""Faults H01 to H19, A01 and A02 of GitHub: limits, servers, connections, names, repositories that are not there.

The source reads real repositories behind a fake GitHub whose clock is the test's, so an hour's wait takes no time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import github_faults as faults
import pytest
from fake_github import TOKEN, FakeGitHub, only
from fake_http import Request, Response
from github_bench import ENGINE, LIST, Q1, Q2, GitHubBench, commits, github_bench
from histories import append

from deepsignal_pipeline.sources import SourceError
from deepsignal_pipeline.sources.github.errors import GitHubError, MovedError
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits


@pytest.fixture
def bench() -> Iterator[GitHubBench]:
    """Open a fake GitHub with one repository of 250 commits in a quarter: three pages."""
    with github_bench() as opened:
        opened.add(ENGINE, commits(250))
        yield opened


# Limits


@pytest.mark.parametrize("code", [403, 429], ids=["H01", "H02"])
def test_H01_H02_primary_limit_is_waited_for(bench: GitHubBench, code: int) -> None:
    bench.fake.faults = [only(LIST, faults.primary_limit(code, minutes=40), after=1)]
    said = bench.visit()
    assert bench.shas() == bench.clean()
    assert 2400 <= sum(bench.clock.slept) < 3300
    assert any(line.startswith("waiting for GitHub's core limit until") for line in said)
    assert len(bench.pages_paid()) == len(set(bench.pages_paid())) == 3


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
    assert bench.shas() == bench.clean()
    assert len(bench.pages_paid()) == len(set(bench.pages_paid())) == 3


@pytest.mark.parametrize("code", [403, 429])
def test_H03_retry_after_is_kept_to(bench: GitHubBench, code: int) -> None:
    words = "You have exceeded a secondary rate limit"
    bench.fake.faults = [only(LIST, faults.status(code, words, Retry_After="90"), times=2)]
    bench.visit()
    assert bench.shas() == bench.clean()
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
    assert bench.shas() == bench.clean()
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
    assert bench.shas() == bench.clean()
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


def test_H07_a_server_that_fails_for_one_quarter_is_not_asked_for_the_others(bench: GitHubBench) -> None:
    repository = bench.fake.repositories[0]
    append(repository.path, commits(30, "2023-04-02"), onto=repository.tip())
    bench.fake.faults = [only(LIST, faults.status(503, "no server"))]
    bench.visit(Q1, Q2)
    assert len(bench.fake.asked(LIST)) == Patience().tries
    assert (bench.record(ENGINE).status, bench.record(ENGINE).complete_until) == ("partial", Q1.start)
    bench.fake.faults = []
    bench.visit(Q1, Q2)
    assert (len(bench.shas(Q1)), len(bench.shas(Q2))) == (250, 30)


@pytest.mark.parametrize("manner", ["slow", "drip", "crawl"])
def test_H08_an_answer_that_takes_too_long_is_asked_again(bench: GitHubBench, manner: str) -> None:
    bench.limits = Limits(connect=1, between_bytes=0.3, in_all=0.5)
    bench.fake.faults = [only(LIST, faults.manner(manner), times=1)]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert len(bench.fake.asked(LIST)) == 4


@pytest.mark.parametrize("manner", ["reset", "cut", "short"])
def test_H09_half_an_answer_is_asked_again(bench: GitHubBench, manner: str) -> None:
    bench.fake.faults = [only(LIST, faults.manner(manner), times=2, after=1)]
    bench.visit()
    assert bench.shas() == bench.clean()
    assert len(bench.fake.asked(LIST)) == 5


@pytest.mark.parametrize(
    "body", [b'[{"sha": "00', b"<html>We are down</html>", b'{"sha": ' * 9000, b"\xff\xfe[]"], ids=range(4)
)
def test_H10_what_is_no_json_is_asked_again(bench: GitHubBench, body: bytes) -> None:
    bench.fake.faults = [only(LIST, faults.body(body), times=2)]
    bench.visit()
    assert bench.shas() == bench.clean()


@pytest.mark.parametrize("body", [b"", b"null", b'""', b"{}", b"7"])
def test_H11_nothing_is_never_no_commits(bench: GitHubBench, body: bytes) -> None:
    bench.fake.faults = [only(LIST, faults.body(body))]
    bench.visit()
    assert bench.record(ENGINE).status == "partial"
    bench.fake.faults = []
    bench.visit()
    assert bench.shas() == bench.clean()


def test_H12_a_304_nobody_asked_for_is_no_answer(bench: GitHubBench) -> None:
    bench.fake.faults = [only(LIST, faults.status(304, body=b""), times=1)]
    bench.visit()
    assert bench.shas() == bench.clean()
    bench.fake.faults = [only("/repos/acme/engine$", faults.status(304, body=b""))]
    with pytest.raises(GitHubError, match="304"):
        bench.client().get("/repos/acme/engine")


def test_H12_a_307_is_followed(bench: GitHubBench) -> None:
    number = bench.fake.repositories[0].github_id
    there = f"{bench.fake.url}/repositories/{number}/commits"
    bench.fake.faults = [only("/repos/acme/engine/commits", faults.status(307, Location=there))]
    bench.visit()
    assert bench.shas() == bench.clean()


# Names


def test_H13_a_renamed_repository_stays_itself_and_keeps_its_window(bench: GitHubBench) -> None:
    bench.visit()
    bench.fake.rename(bench.fake.repositories[0], "acme/motor")
    append(bench.fake.repositories[0].path, commits(3, "2023-03-20"), onto=bench.fake.repositories[0].tip())
    bench.visit(Q1, names=[ENGINE])
    record = bench.record(ENGINE)
    assert record.names == (ENGINE, "acme/motor")
    assert record.github_id == 1000
    assert bench.shas() == bench.clean("acme/motor")
    assert {row["repository"] for row in bench.rows()} == {ENGINE}


def test_H13_a_rename_in_the_middle_of_a_list_loses_no_window(bench: GitHubBench) -> None:
    def rename(fake: FakeGitHub, _: Request, __: Response) -> Response:
        fake.rename(fake.repositories[0], "acme/motor")
        location = f"{fake.url}/repositories/{fake.repositories[0].github_id}/commits"
        return Response.of({"message": "Moved Permanently"}, 301, Location=location)

    bench.fake.faults = [only("/repos/acme/engine/commits", rename, times=1)]
    bench.visit()
    assert bench.shas() == bench.clean("acme/motor")
    assert all("since=2022-12-31" in page for page in bench.pages_paid())


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


def test_H15_redirects_in_a_circle_and_to_other_hosts_end_in_few_requests(bench: GitHubBench) -> None:
    circle = faults.status(301, Location=f"{bench.fake.url}/repos/acme/wheel")
    back = faults.status(301, Location=f"{bench.fake.url}/repos/acme/engine")
    bench.fake.faults = [only("/acme/engine$", circle), only("/acme/wheel$", back)]
    with pytest.raises(MovedError, match="more than 3 times"):
        bench.client().get("/repos/acme/engine")
    assert len(bench.fake.log) <= 4
    with github_bench() as other:
        bench.fake.faults = [faults.status(301, Location=f"{other.fake.url}/repos/acme/engine")]
        with pytest.raises(MovedError, match="another host"):
            bench.client().get("/repos/acme/engine")
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


def test_H16_a_name_that_leads_nowhere_is_looked_for_by_number(bench: GitHubBench) -> None:
    bench.visit()
    bench.fake.repositories[0].name = "acme/motor"
    append(bench.fake.repositories[0].path, commits(3, "2023-03-20"), onto=bench.fake.repositories[0].tip())
    bench.visit(Q1, names=[ENGINE])
    assert bench.record(ENGINE).names == (ENGINE, "acme/motor")
    assert bench.shas() == bench.clean("acme/motor")


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


def test_H19_a_token_that_expires_on_the_way_stops_everything(bench: GitHubBench) -> None:
    for number in range(8):
        bench.add(f"acme/part-{number}", commits(2))
    bench.fake.faults = [only(LIST, faults.status(401, "Bad credentials"), after=2)]
    with pytest.raises(SourceError, match="token is wrong or expired"):
        bench.visit()
    assert len(bench.fake.asked(LIST)) <= 2 + bench.workers
    bench.fake.faults = []
    bench.visit()
    assert len(bench.rows()) == 266
    assert len(bench.pages_paid()) == len(set(bench.pages_paid()))


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
