"""Faults of git repositories and their hosts: fetching, branches, dates (G01 to G09). What must happen is in each name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from git_lab import NAME, GitLab, in_place, over_files
from git_server import GitServer
from repositories import Author, Written, git

Q1 = "2023-Q1"


def test_G01_interrupted_clone_is_not_an_empty_repository(hosted: GitLab):
    made = hosted.repository().line("2023-01-01", "2023-01-02")
    folder = hosted.store.folder(NAME)
    half = folder / ".repository.git.1-1.tmp"
    (half / "objects" / "pack").mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/tip\n")
    (half / "objects" / "pack" / "tmp_pack_x").write_bytes(b"PACK")
    assert hosted.store.records() == []
    assert hosted.full().commits == 2
    assert hosted.shas() == set(made)
    assert not half.exists()


@pytest.mark.parametrize("after", [0, 20, 200, 600])
def test_G02_fetch_cut_in_mid_pack_keeps_what_is_held(web: tuple[GitLab, GitServer], after: int):
    hosted, server = web
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    hosted.full()
    more = repository.line(*[f"2023-02-{day:02d}" for day in range(1, 20)], onto=made[-1])
    server.cut_after = after
    record = hosted.visit()
    assert record.status == "failed"
    assert record.tip == made[-1]
    assert hosted.shas() == set(made)
    server.cut_after = None
    assert hosted.full().tip == more[-1]
    assert hosted.shas() == {*made, *more}


def test_G03_rewritten_history_is_read_anew_and_named(hosted: GitLab):
    repository = hosted.repository()
    kept, dropped, _ = repository.line("2022-11-01", "2023-01-01", "2023-04-01")
    hosted.full()
    new = repository.line("2023-01-05", "2023-01-06", "2023-04-01", onto=kept)
    later = hosted.at(datetime(2023, 5, 1, tzinfo=UTC))
    record = later.full()
    assert later.shas() == {kept, *new}
    assert dropped not in later.shas()
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.commits_after, restated.why) == (Q1, 1, 2, "rewritten")
    assert [piece.commits for piece in record.pieces] == [4]


def test_G04_default_branch_renamed_or_deleted_counts_nothing_twice(hosted: GitLab):
    repository = hosted.repository()
    made = repository.line("2023-01-01", "2023-01-02")
    repository.line("2023-01-03", onto=made[0], ref="refs/heads/side")
    assert hosted.full().branch == "main"
    git(repository.folder, "branch", "-m", "main", "trunk")
    git(repository.folder, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(repository.folder, "branch", "-D", "side")
    more = repository.line("2023-01-04", onto=made[-1], ref="refs/heads/trunk")
    record = hosted.full()
    assert (record.branch, record.commits) == ("trunk", 3)
    assert hosted.shas() == {*made, *more}


@pytest.mark.parametrize(
    ("code", "status"), [(404, "not_found"), (401, "not_found"), (451, "blocked"), (403, "blocked"), (500, "failed")]
)
def test_G05_repository_that_is_gone_keeps_its_data_and_says_so(web: tuple[GitLab, GitServer], code: int, status: str):
    hosted, server = web
    made = hosted.repository().line("2023-01-01")
    before = hosted.full()
    server.statuses[f"/{NAME}.git"] = code
    server.statuses["/never/there.git"] = code
    record, never = hosted.visit(), hosted.visit("never/there")
    assert (record.status, never.status) == (status, status)
    assert record.reason
    assert (record.tip, record.complete_until, record.pieces) == (before.tip, before.complete_until, before.pieces)
    assert (never.tip, never.complete_until, never.commits) == (None, None, 0)
    assert hosted.shas() == set(made)
    del server.statuses[f"/{NAME}.git"]
    assert hosted.full().status == "unchanged"


def test_G06_renamed_repository_stays_one(web: tuple[GitLab, GitServer]):
    hosted, server = web
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    assert hosted.full().names == (NAME,)
    (hosted.folder / "host" / "else").mkdir()
    repository.folder.rename(hosted.folder / "host" / "else" / "where.git")
    server.moves[f"/{NAME}.git"] = "/else/where.git"
    moved = Written(hosted.folder / "host" / "else" / "where.git")
    more = moved.line("2023-01-02", onto=made[0])
    record = hosted.full()
    assert record.names == (NAME, "else/where")
    assert hosted.shas() == {*made, *more}
    assert {row["repository"] for row in hosted.rows()} == {NAME}


@pytest.mark.parametrize(
    "target", ["http://localhost:1/x/y.git", "/some/where.git", "file:///etc", "https://evil.example/a/b.git"]
)
def test_G06_redirect_to_another_host_or_in_a_circle_is_refused(web: tuple[GitLab, GitServer], target: str):
    hosted, server = web
    hosted.repository().line("2023-01-01")
    server.moves[f"/{NAME}.git"] = target
    record = hosted.visit()
    assert record.status == "failed"
    assert "not allowed" in str(record.reason) or "circle" in str(record.reason)


@pytest.mark.parametrize("kind", ["no refs", "unborn", "detached"])
@pytest.mark.parametrize("place", [over_files, in_place])
def test_G07_empty_unborn_and_detached_repositories_are_full(tmp_path: Path, kind: str, place: object):
    hosted = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = hosted.repository()
    expected: set[str] = set()
    if kind == "unborn":
        repository.line("2023-01-01", ref="refs/heads/other")
    if kind == "detached":
        expected = set(repository.line("2023-01-01", "2023-01-02", ref="refs/heads/other"))
        git(repository.folder, "update-ref", "--no-deref", "HEAD", "refs/heads/other")
    record = hosted.full()
    assert record.commits == len(expected)
    assert hosted.shas() == expected
    before = hosted.files()
    assert hosted.full() == record
    assert hosted.files() == before


@pytest.mark.parametrize("place", [over_files, in_place])
def test_G07_a_default_branch_that_lost_its_commits_is_no_zero(tmp_path: Path, place: object):
    hosted = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    hosted.full()
    git(repository.folder, "symbolic-ref", "HEAD", "refs/heads/unborn")
    record = hosted.visit()
    assert record.status == "failed"
    assert "no commits any more" in str(record.reason)
    assert hosted.shas() == set(made)


def test_many_fetches_leave_few_packs_and_few_pieces(hosted: GitLab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("deepsignal_pipeline.sources.git.fetching._MOST_PACKS", 2)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.visit._MOST_PIECES", 3)
    repository = hosted.repository()
    made: list[str] = []
    pieces = []
    for day in range(1, 8):
        made += repository.line(f"2023-01-{day:02d}", onto=made[-1] if made else None)
        pieces.append(len(hosted.full().pieces))
        assert hosted.shas() == set(made)
    assert pieces == [1, 2, 3, 1, 2, 3, 1]
    mirror = hosted.store.folder(NAME) / "repository.git"
    assert len(list(mirror.glob("objects/pack/*.pack"))) <= 3
    objects = git(mirror, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").decode().split()
    assert set(objects) == {"commit", "tree"}


def test_G08_one_commit_is_one_row(hosted: GitLab):
    (made,) = hosted.repository().line("2023-01-01")
    record = hosted.full()
    assert (record.commits, record.first_committed_at) == (1, record.last_committed_at)
    assert hosted.row()["sha"] == made
    assert hosted.row()["parents"] == []
    assert hosted.row()["changes"] == [{"status": "A", "path": "file"}]


@pytest.mark.parametrize(
    "date",
    ["0 +0000", "-100 +0000", "4294967296 +0000", "99999999999999 +0000", "18446744073709551615 +0000", "x +0000", ""],
)
def test_G09_impossible_committer_dates_are_quarantined_and_counted(hosted: GitLab, date: str):
    repository = hosted.repository()
    (good,) = repository.line("2023-01-01")
    bad = repository.commit(good, author=Author(), committer=Author(date))
    repository.point(bad)
    record = hosted.full()
    assert (record.commits, record.quarantined) == (2, 1)
    assert hosted.shas() == {good}
    (row,) = hosted.quarantine()
    assert (row["repository"], row["sha"], row["reason"]) == (NAME, bad, "bad_date")
    assert f"committer Nari Ovo <nari@example.org> {date}" in row["raw"]


def test_G09_a_date_ahead_of_its_time_counts_when_the_time_has_come(hosted: GitLab):
    repository = hosted.repository()
    (good,) = repository.line("2023-01-01")
    early, *_ = repository.line("2023-04-10", "2023-04-01", onto=good)
    record = hosted.full()
    assert (record.commits, record.quarantined) == (3, 1)
    assert hosted.full() == record
    later = hosted.at(datetime(2023, 4, 11, tzinfo=UTC))
    record = later.full()
    assert (record.commits, record.quarantined, len(record.pieces)) == (3, 0, 1)
    assert early in later.shas("2023-Q2")
    assert record.restated == ()
    assert later.full() == record


@pytest.mark.parametrize("date", ["-100 +0000", "18446744073709551615 +0000", "253402300800 +0000", "x", ""])
def test_G09_an_impossible_author_date_is_unknown_and_the_commit_counts(hosted: GitLab, date: str):
    repository = hosted.repository()
    repository.point(repository.commit(author=Author(date), committer=Author()))
    assert hosted.full().quarantined == 0
    expected = datetime(1970, 1, 1, tzinfo=UTC) if date.startswith("184") else None
    assert hosted.row()["authored_at"] == expected
