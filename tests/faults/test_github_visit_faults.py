"""Faults H35 to H41, A03, A04, P03, S10 and S12 of GitHub: accounts, clocks, budgets, threads, kills, the token."""

from __future__ import annotations

import dataclasses
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
from pathlib import Path
from typing import Any

import github_faults as faults
import pytest
from fake_github import TOKEN, FakeGitHub, only
from fake_http import Request, Response
from github_bench import ENGINE, LIST, Q1, Q2, GitHubBench, commits, github_bench
from histories import append

from deepsignal_pipeline.sources import SourceError
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.errors import UnauthorisedError
from deepsignal_pipeline.sources.github.limiter import Limiter, shared_gate
from deepsignal_pipeline.sources.github.source import open_client
from deepsignal_pipeline.sources.github.token import Token, read_token
from deepsignal_pipeline.sources.github.waits import Patience
from deepsignal_pipeline.sources.github.wire import Limits, Wire


@pytest.fixture
def bench() -> Iterator[GitHubBench]:
    """Open a fake GitHub with one repository of 250 commits in a quarter: three pages."""
    with github_bench() as opened:
        opened.add(ENGINE, commits(250))
        yield opened


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
    assert bench.shas() == bench.clean()


@pytest.mark.parametrize("wrong_by", [-86400 * 365, 86400 * 365])
def test_H36_waits_follow_githubs_clock_not_ours(bench: GitHubBench, wrong_by: float) -> None:
    class Wrong:
        slept: list[float] = []  # noqa: RUF012

        def now(self) -> float:
            return bench.clock.now() + wrong_by

        def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            bench.clock.sleep(seconds)

        def interrupt(self) -> None:
            """Nobody sleeps."""

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
    assert len(bench.pages_paid()) == len(set(bench.pages_paid())) == 12
    assert len(bench.rows()) == 268


def test_H41_every_answer_belongs_to_its_request(bench: GitHubBench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(30):
        bench.fake.add(f"acme/part-{number}", bench.fake.repositories[0].path)
    bench.fake.faults = [lambda *_: time.sleep(0.004)]
    client = bench.client(in_flight=5)
    names = [f"acme/part-{number % 30}" for number in range(480)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda name: client.get(f"/repos/{name}").data["full_name"], names))
    client.close()
    assert answers == names
    assert 1 < bench.fake.most_at_once <= 5


def test_H41_all_visits_of_a_process_go_through_one_gate(bench: GitHubBench) -> None:
    with open_client(print, base_url=bench.fake.url) as one, open_client(print, base_url=bench.fake.url) as other:
        assert one.limiter.gate is other.limiter.gate is not bench.client().limiter.gate
    gate = shared_gate(bench.fake.url, "of a test")
    first, second = (Limiter(bench.clock, bench.said.append, gate) for _ in range(2))
    began = bench.clock.now()
    first.pause("core", 30)
    with second.place("graphql"):
        assert bench.clock.now() == began
    with second.place("core"):
        assert bench.clock.now() == began + 30
    with Limiter(bench.clock, bench.said.append, shared_gate(bench.fake.url, "of another token")).place("core"):
        assert bench.clock.now() == began + 30


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
    import os, signal, sys
    from pathlib import Path
    from deepsignal_pipeline.domain.quarters import Quarter
    from deepsignal_pipeline.sources import Asked
    from deepsignal_pipeline.sources.github.source import GitHubSource
    home, url, last, *names = sys.argv[1:]
    replace, replaced = Path.replace, []

    def replace_and_die(self, target):
        replace(self, target)
        replaced.append(target)
        if len(replaced) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    Path.replace = replace_and_die
    # Whoever started the tests in the background had them ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    GitHubSource(Path(home), "key", base_url=url, workers=1).visit(
        [Asked(name) for name in names], [Quarter(2023, 1)], print
    )
    """
)


def visit_in_a_process(bench: GitHubBench, last: int = 0, **more: Any) -> subprocess.Popen[str]:
    """Begin a visit in a process of its own, which kills itself right after it wrote the `last`th file."""
    names = [repository.name for repository in bench.fake.repositories]
    return subprocess.Popen(
        [sys.executable, "-c", KILLED, str(bench.home), bench.fake.url, str(last), *names],
        env={**os.environ, "GITHUB_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
        text=True,
        **{"stdout": subprocess.DEVNULL} | more,
    )


def refuse_traces(bench: GitHubBench) -> None:
    """Assert that the next visit ends in the clean result, paid for no page twice and left nothing behind."""
    bench.visit()
    assert bench.shas() == bench.clean() | bench.clean("acme/wheel")
    assert len(bench.pages_paid()) == len(set(bench.pages_paid())) == 6
    assert not list(bench.home.rglob("*.tmp"))
    assert not list(bench.home.rglob("pages"))
    assert {bench.record(name).status for name in (ENGINE, "acme/wheel")} <= {"full", "unchanged"}


@pytest.mark.parametrize("last", [1, 3, 4, 5, 6, 7])
def test_H37_a_visit_killed_between_two_files_pays_for_no_page_twice(bench: GitHubBench, last: int) -> None:
    # Of a repository: three pages, its piece, what is known, its record
    bench.add("acme/wheel", commits(230, hours=8, author="Ada Wren"))
    assert visit_in_a_process(bench, last).wait() == -signal.SIGKILL
    refuse_traces(bench)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 6, 7])
def test_H37_a_visit_killed_while_it_asks_pays_for_no_page_twice(bench: GitHubBench, at: int) -> None:
    bench.add("acme/wheel", commits(230, hours=8, author="Ada Wren"))
    process = visit_in_a_process(bench)

    def kill(_: FakeGitHub, __: Request, response: Response) -> Response:
        process.send_signal(signal.SIGKILL)
        process.wait()
        response.manner = "reset"
        return response

    bench.fake.faults = [only("", kill, times=1, after=at)]
    assert process.wait() == -signal.SIGKILL
    refuse_traces(bench)


def test_P03_a_visit_that_waits_for_an_hour_stops_when_it_is_told_to(bench: GitHubBench) -> None:
    bench.fake.faults = [only(LIST, faults.primary_limit(403, minutes=40))]
    with visit_in_a_process(bench, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        while "waiting for GitHub's core limit" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=60) != 0
        finally:
            process.kill()
    assert bench.source.store.record(ENGINE) is None


# The token, and no GitHub at all


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


def test_S10_H39_the_token_shows_nowhere(bench: GitHubBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.fake.faults = [only(LIST, faults.manner("reset"))]
    said = bench.visit()
    seen = [caplog.text, *said, repr(bench.source), str(bench.record(ENGINE))]
    bench.fake.faults = [faults.status(401, "Bad credentials")]
    client = bench.client()
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
    client = bench.client()
    client.get("/rate_limit", resource="free")
    for thing in (Token(TOKEN), Wire(bench.fake.url, Token(TOKEN), Limits()), client):
        with pytest.raises(TypeError, match="pickle"):
            pickle.dumps(thing)


def test_S10_no_token_goes_out_in_the_clear(bench: GitHubBench) -> None:
    source = dataclasses.replace(bench.source, base_url="http://github.example")
    with pytest.raises(SourceError, match="in the clear"):
        source.visit([], [Q1], print)


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
