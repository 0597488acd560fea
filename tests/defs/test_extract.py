"""`deepsignal extract` and runs over git: real repositories in, the lake's tables out, in the instance that the UI shows."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import run_statuses
from repositories import Rebuilt, git, rebuild, sample_rows

CATALOGUED, UNKNOWN, GONE = "openxla/stablehlo", "somebody/elsewhere", "not/there"
RANGE = ("--from", "2022-Q4", "--quarter", "2023-Q1")
NOT_THERE = (
    f"not_found: no bare repository of {GONE} in the folder of mirrors; "
    "correct its name; if mirrors are read, put a bare clone into their folder"
)
NAMED = [option for name in (CATALOGUED, UNKNOWN, GONE) for option in ("--repository", name)]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    """One repository under two names: one that the catalogue has, one that it has not."""
    mirrors = tmp_path_factory.mktemp("mirrors")
    (rows,) = sample_rows([CATALOGUED]).values()
    made = rebuild(mirrors / CATALOGUED.replace("/", "+"), rows)
    git(made.folder, "clone", "--quiet", "--bare", str(made.folder), str(mirrors / f"{UNKNOWN}.git"))
    return made


@pytest.fixture(scope="module")
def home(runs: Shared, rebuilt: Rebuilt) -> Path:
    """Extract the three names into a home."""
    made = runs.home()
    (problem,) = extract(runs, rebuilt, made)
    assert problem == f"{GONE}: {NOT_THERE}"
    return made


def extract(runs: Shared, rebuilt: Rebuilt, home: Path, **settings: str) -> list[str]:
    """Extract the three names; return the lines about what could not be read."""
    ended = runs.run("extract", *NAMED, *RANGE, "--mirrors", str(rebuilt.folder.parent), home=home, **settings)
    assert ended.status == 1, ended
    return [line.removeprefix("deepsignal: ") for line in ended.err.splitlines() if line.startswith("deepsignal: ")]


def rows(home: Path, table: str, *partition: str) -> list[dict[str, Any]]:
    return pq.ParquetFile(Path(home, "lake", table, *partition, "part-0.parquet")).read().to_pylist()


def stamps(home: Path) -> dict[Path, tuple[int, int]]:
    """When every Parquet file, and every record of the source, was written, and which file it is."""
    found = [*home.rglob("*.parquet"), *home.rglob("record.json")]
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}


def test_commits_of_the_quarters_are_the_samples(home: Path, rebuilt: Rebuilt):
    for quarter, months in (("2022-10-01", (10, 11, 12)), ("2023-01-01", (1, 2, 3))):
        wanted = {
            rebuilt.ids[row["sha"]]
            for row in rebuilt.rows
            if (row["committed_at"].year, row["committed_at"].month) in {(int(quarter[:4]), month) for month in months}
        }
        found = rows(home, "raw_commits", f"quarter={quarter}")
        for name in (CATALOGUED, UNKNOWN):
            assert {row["sha"] for row in found if row["repository"] == name} == wanted
        assert len(found) == 2 * len(wanted) > 0


def test_a_repository_that_is_not_there_is_a_row_and_the_others_go_on(home: Path):
    seen = {row["repository"]: row for row in rows(home, "repository_snapshots")}
    assert {name: row["status"] for name, row in seen.items()} == {
        CATALOGUED: "full",
        UNKNOWN: "full",
        GONE: "not_found",
    }
    assert seen[GONE]["reason"]
    assert seen[GONE]["complete_until"] is None


def test_nothing_is_made_of_what_was_extracted(home: Path):
    assert sorted(path.name for path in (home / "lake").iterdir() if not path.name.startswith(".")) == [
        "contributor_aliases",
        "quarantined_commits",
        "raw_commits",
        "repository_metadata",
        "repository_snapshots",
        "tracked_repositories",
    ]
    assert run_statuses(home) == [("extract_quarters", "SUCCESS")]


def test_with_nothing_new_no_file_is_touched(runs: Shared, home: Path, rebuilt: Rebuilt):
    copy = runs.copy(home)
    before = stamps(copy)
    assert extract(runs, rebuilt, copy) == [f"{GONE}: {NOT_THERE}"]
    assert stamps(copy) == before
    assert len(before) > 6


def test_what_the_source_holds_is_kept_when_another_repository_is_named(runs: Shared, home: Path, rebuilt: Rebuilt):
    copy = runs.copy(home)
    mirrors = str(rebuilt.folder.parent)
    ended = runs.run("extract", "--repository", UNKNOWN, *RANGE, "--mirrors", mirrors, home=copy)
    assert ended.status == 0
    assert {row["repository"] for row in rows(copy, "raw_commits", "quarter=2023-01-01")} == {CATALOGUED, UNKNOWN}


def test_what_another_source_read_is_not_replaced_by_a_few_repositories(runs: Shared, rebuilt: Rebuilt):
    sample = runs.copy(runs.read_home)
    before = stamps(sample)
    mirrors = str(rebuilt.folder.parent)
    problem = runs.run("extract", "--repository", UNKNOWN, *RANGE, "--mirrors", mirrors, home=sample).problem
    assert (
        f"{sample} holds what the source sample read, which this would replace; give the source git a home" in problem
    )
    assert stamps(sample) == before


def test_a_commit_that_joins_a_closed_quarter_is_told_and_kept(
    runs: Shared, home: Path, rebuilt: Rebuilt, tmp_path: Path
):
    copy, mirror = runs.copy(home), tmp_path / CATALOGUED.replace("/", "+")
    git(rebuilt.folder, "clone", "--quiet", "--bare", str(rebuilt.folder), str(mirror))
    person = {f"GIT_{who}_{what}": "late" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {f"GIT_{who}_DATE": "2023-02-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    late = git(mirror, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "late", **person, **dates).decode().strip()
    git(mirror, "update-ref", "HEAD", late)
    before = len(rows(copy, "raw_commits", "quarter=2023-01-01"))

    ended = runs.run("extract", "--repository", CATALOGUED, *RANGE, "--mirrors", str(tmp_path), home=copy)
    assert ended.status == 0
    assert f"{CATALOGUED}: 2023-Q1 restated:" in ended.err
    assert len(rows(copy, "raw_commits", "quarter=2023-01-01")) == before + 1
    seen = {row["repository"]: row["restated_quarters"] for row in rows(copy, "repository_snapshots")}
    assert seen == {CATALOGUED: ["2023-Q1"], UNKNOWN: [], GONE: []}


def test_two_shards_give_the_bytes_of_one(runs: Shared, home: Path, rebuilt: Rebuilt):
    sharded = runs.home()
    assert extract(runs, rebuilt, sharded, shards="2") == [f"{GONE}: {NOT_THERE}"]
    for path in ("raw_commits/quarter=2022-10-01", "raw_commits/quarter=2023-01-01"):
        file = Path("lake", path, "part-0.parquet")
        assert rows(sharded, *file.parts[1:-1]) == rows(home, *file.parts[1:-1])


def test_an_edition_comes_out_of_git(runs: Shared, rebuilt: Rebuilt):
    published = runs.home()
    ended = runs.run(
        "run",
        *("--source", "git", "--quarter", "2023-Q1"),
        home=published,
        mirrors=rebuilt.folder.parent,
        repositories=CATALOGUED,
        identity_key="a key for this test",
    )
    assert ended.status == 0
    page = (published / "editions" / "2023-Q1" / "edition.md").read_text(encoding="utf-8")
    assert "1 of them read" in page
    assert "embedded sample" not in page
    assert not (published / "identity.key").exists()


def test_one_that_cannot_be_read_is_a_row_and_one_line_when_it_is_alone_too(runs: Shared, tmp_path: Path):
    home, broken = runs.home(), tmp_path / "mirrors" / UNKNOWN.replace("/", "+")
    (broken / "objects").mkdir(parents=True)
    (broken / "HEAD").write_text("ref: refs/heads/main\n")
    ended = runs.run("extract", "--repository", UNKNOWN, *RANGE, "--mirrors", str(broken.parent), home=home)
    assert ended.status == 1
    (problem,) = [line for line in ended.err.splitlines() if line.startswith("deepsignal: ")]
    assert problem.startswith(f"deepsignal: {UNKNOWN}: failed: not a repository that this git can read (")
    assert problem.endswith("; mend that and run again")
    (row,) = rows(home, "repository_snapshots")
    assert (row["status"], row["complete_until"], rows(home, "contributor_aliases")) == ("failed", None, [])
    assert run_statuses(home) == [("extract_quarters", "SUCCESS")]


def test_a_name_in_other_letters_than_the_catalogue_or_another_name_has_is_refused(runs: Shared, rebuilt: Rebuilt):
    home, mirrors = runs.home(), str(rebuilt.folder.parent)
    upper = ("--repository", CATALOGUED.upper())
    problem = runs.run("extract", *upper, "--quarter", "2023-Q1", "--mirrors", mirrors, home=home).problem
    assert f"{CATALOGUED.upper()}: is {CATALOGUED} too, in other letters; name it once, as {CATALOGUED}" in problem
    assert not (home / "mirrors").exists()
    twice = ("--repository", UNKNOWN.title(), "--repository", UNKNOWN)
    problem = runs.run("extract", *twice, "--quarter", "2023-Q1", "--mirrors", mirrors, home=home).problem
    assert f"{UNKNOWN.title()}: is {UNKNOWN} too, in other letters" in problem


def test_a_name_that_is_none_is_refused_before_anything_is_written(runs: Shared):
    home = runs.home()
    ended = runs.run("extract", "--repository", "../x", "--quarter", "2023-Q1", home=home)
    assert "DEEPSIGNAL_REPOSITORIES: '../x'" in ended.problem
    assert not home.exists()


def test_a_run_of_git_leaves_no_trace_of_the_token(runs: Shared, monkeypatch: pytest.MonkeyPatch):
    home, token = runs.home(), "ghp_canary0123456789canary0123456789"
    # A proxy at which nobody listens: the host is asked, with the token, and cannot be reached
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("GITHUB_TOKEN", token)
    ended = runs.run("extract", "--repository", CATALOGUED, "--quarter", "2023-Q1", home=home)
    assert ended.err.splitlines()[-1].startswith(
        f"deepsignal: {CATALOGUED}: failed: asking for its default branch: the "
    )
    assert ended.status == 1
    (row,) = rows(home, "repository_snapshots")
    assert (row["status"], "connection" in row["reason"]) == ("failed", True)
    secrets = (token.encode(), base64.b64encode(f"x-access-token:{token}".encode()))
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in kept for secret in secrets if secret in path.read_bytes()]
    assert not [secret for secret in secrets if secret.decode() in ended.out + ended.err]
    assert any(path.suffix == ".db" for path in kept)
