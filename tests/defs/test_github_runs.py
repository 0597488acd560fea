"""`deepsignal extract --source github`: real runs against the fake GitHub, what they cost, and where the token is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fake_github import TOKEN
from github_bench import GitHubBench, commits, github_bench
from histories import git
from pipeline_fixtures import Shared
from pipeline_runs import Ended

NAMES = ("huggingface/transformers", "somebody/elsewhere", "not/there")
WRONG = "a-token-that-nobody-gave"


@pytest.fixture(scope="module")
def bench() -> Iterator[GitHubBench]:
    with github_bench() as opened:
        opened.add(NAMES[0], commits(250))
        opened.add(NAMES[1], commits(130, author="Zed Zulu"), stars=17)
        yield opened


def extract(runs: Shared, bench: GitHubBench, home: Path, token: str = TOKEN) -> Ended:
    named = [option for name in NAMES for option in ("--repository", name)]
    command = ("extract", "--source", "github", *named, "--quarter", "2023-Q1")
    return runs.run(*command, home=home, github_url=bench.fake.url, GITHUB_TOKEN=token)


@pytest.fixture(scope="module")
def home(runs: Shared, bench: GitHubBench) -> Path:
    made = runs.home()
    ended = extract(runs, bench, made)
    assert ended.err.splitlines()[-1].startswith(f"deepsignal: {NAMES[2]}: not_found: ")
    assert ended.status == 1, ended
    assert TOKEN not in ended.out + ended.err
    assert "2 repositories to list, 380 commits: 5 requests of 5,000 left" in ended.err
    return made


def rows(home: Path, table: str, *partition: str) -> list[dict[str, Any]]:
    return pq.ParquetFile(Path(home, "lake", table, *partition, "part-0.parquet")).read().to_pylist()


def test_the_lake_holds_what_git_has(home: Path, bench: GitHubBench) -> None:
    found = rows(home, "raw_commits", "quarter=2023-01-01")
    for repository in bench.fake.repositories:
        expected = git(repository.path, "log", "--format=%H", "--until=2023-03-31T23:59:59Z").split()
        assert sorted(row["sha"] for row in found if row["repository"] == repository.name) == sorted(expected)
    assert {row["author_login"] for row in found} == {"nari-kim", "zed-zulu"}
    assert {row["changes"] for row in found} == {None}


def test_every_repository_is_a_row_with_a_status_and_facts(home: Path) -> None:
    snapshots = {row["repository"]: row for row in rows(home, "repository_snapshots")}
    assert {name: row["status"] for name, row in snapshots.items()} == dict(
        zip(NAMES, ("full", "full", "not_found"), strict=True)
    )
    assert "404" in snapshots[NAMES[2]]["reason"]
    facts = {row["repository"]: row for row in rows(home, "repository_metadata")}
    assert (facts[NAMES[1]]["stars"], facts[NAMES[1]]["github_id"]) == (17, 1001)


def test_nothing_new_makes_no_table_and_asks_only_for_who_was_not_there(
    runs: Shared, home: Path, bench: GitHubBench
) -> None:
    copy = runs.copy(home)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*.parquet")}
    asked = len(bench.fake.log)
    assert extract(runs, bench, copy).status == 1
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*.parquet")} == before
    assert sorted(entry.status for entry in bench.fake.log[asked:]) == [200, 200, 304, 304, 404]


def test_a_wrong_token_is_one_line_and_stands_nowhere(runs: Shared, home: Path, bench: GitHubBench) -> None:
    copy = runs.copy(home)
    bench.fake.repositories[0].stars += 1
    ended = extract(runs, bench, copy, token=WRONG)
    assert any("the token is wrong or expired; set GITHUB_TOKEN" in line for line in ended.problems)
    assert WRONG not in ended.out + ended.err
    for folder in (home, copy):
        for file in folder.rglob("*"):
            held = file.read_bytes() if file.is_file() else b""
            assert TOKEN.encode() not in held
            assert WRONG.encode() not in held


def test_people_are_asked_for_by_a_setting_forecast_and_known_by_their_number(runs: Shared) -> None:
    with github_bench() as bench:
        pair = replace(commits(1)[0], message="pair\n\nCo-authored-by: Zed Zulu <zed.zulu@example.org>")
        bench.add(NAMES[1], [pair, *(replace(commit, offset="+0900") for commit in commits(120, "2023-01-03"))])
        home, asked = runs.home(), ("extract", "--source", "github", "--repository", NAMES[1], "--quarter", "2023-Q1")
        known, forecast = {}, "1 repositories to list, 121 commits: 2 requests of"
        for people, left in {
            "no": "5,000 left",
            "yes": "4,998 left, 2 points of GraphQL's 4,999 left for people",
        }.items():
            settings = {"github_url": bench.fake.url, "GITHUB_TOKEN": TOKEN, "github_people": people}
            ended = runs.run(*asked, home=home, **settings)
            assert ended.status == 0, ended
            assert f"{forecast} {left}\n" in ended.err
            known[people] = {row["name"]: row["github_id"] for row in rows(home, "contributor_aliases")}
    assert known["no"] == known["yes"] | {"Zed Zulu": None}
    assert None not in known["yes"].values()
    assert {row["author_tz"] for row in rows(home, "raw_commits", "quarter=2023-01-01")} == {0, 540}
