"""A repository rebuilt from the sample gives the same rows by GitHub as by git, but for what GitHub's lists do not tell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fake_github import account_of
from github_bench import GitHubBench, commits, github_bench
from histories import Written as Described
from histories import write_repository
from repositories import rebuild, sample_rows

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
from deepsignal_pipeline.sources.pieces import COMMITS

NAME = "openxla/stablehlo"
QUARTERS = (Quarter(2022, 4), Quarter(2023, 1))
NOT_TOLD = ("author_tz", "committer_tz", "changes")
AWKWARD = [
    "",
    "\n\n  \n late subject \t\nbody",
    "one\ntwo\n\nthree",
    "Co-authored-by: First Line <first@example.org>",
    "x\n\nCo-Authored-By: Ada Wren <ada@example.org>\nco-authored-by: Ada Wren <ada@example.org>\n",
    "x\n\n  CO-AUTHORED-BY :  No Address  \nCo-authored-by: <only@example.org>\nCo-authored-by:   \n",
    "x\n\nCo-authored-by: Open <open@example.org\nCo-authored-by: A <a@example.org> <b@example.org>\r\n",
    "\u00e9" * 5000,
    "tab\tinside\x0b\x0c \x1b[31mred",
    "\u202eright to left \U0001f469\u200d\U0001f52c",
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[GitHubBench]:
    with github_bench(tmp_path) as opened:
        yield opened


def rows_by_git(bench: GitHubBench, name: str, mirror: Path, quarter: Quarter) -> list[dict[str, Any]]:
    """Return what the git source stages for a quarter, ordered as the bench does."""
    mirrors = bench.home.parent / "mirrors"
    (mirrors / name.partition("/")[0]).mkdir(parents=True, exist_ok=True)
    link = mirrors / f"{name}.git"
    if not link.exists():
        mirror.rename(link)
        mirror.symlink_to(link)
    source = GitSource(bench.home.parent / "git-home", "key", Places(mirrors=mirrors), workers=1)
    source.visit([Asked(name)], [quarter], print)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        source.stage_commits(Session(connection, Lake(bench.home)), quarter)
        found = connection.execute("FROM source_commits ORDER BY ALL").fetchall()
    return [dict(zip(COMMITS.names, row, strict=True)) for row in found]


def compare(bench: GitHubBench, name: str, path: Path, quarter: Quarter) -> int:
    """Assert that both sources give the same rows of a quarter; return how many."""
    by_git = sorted(rows_by_git(bench, name, path, quarter), key=lambda row: row["sha"])
    by_github = sorted(bench.rows(quarter), key=lambda row: row["sha"])
    for one, other in zip(by_github, by_git, strict=True):
        account = account_of(other["author_email"])
        told = dict.fromkeys(NOT_TOLD) | {"author_login": account["login"] if account else None}
        assert one == other | told
    return len(by_git)


def test_both_sources_give_the_same_rows(bench: GitHubBench) -> None:
    rows = sample_rows([NAME])[NAME]
    path = bench.home.parent / "rebuilt.git"
    rebuild(path, rows)
    bench.fake.add(NAME, path)
    bench.visit(*QUARTERS)
    for quarter in QUARTERS:
        expected = sum(quarter.start <= row["committed_at"] < quarter.end for row in rows)
        assert compare(bench, NAME, path, quarter) == expected > 100
    assert any(row["coauthors"] for row in bench.rows(QUARTERS[0]) + bench.rows(QUARTERS[1]))


def test_both_sources_read_awkward_messages_alike(bench: GitHubBench) -> None:
    described = [Described(c.author, c.at, message) for c, message in zip(commits(len(AWKWARD)), AWKWARD, strict=True)]
    path = bench.home.parent / "awkward.git"
    write_repository(path, described)
    bench.fake.add("acme/awkward", path)
    bench.visit(Quarter(2023, 1))
    assert compare(bench, "acme/awkward", path, Quarter(2023, 1)) == len(AWKWARD)
