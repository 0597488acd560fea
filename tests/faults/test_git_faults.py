"""Faults of git repositories and their hosts: fetching, branches, dates (G01 to G09). What must happen is in each name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from git_lab import NAME, GitLab, in_place, over_files, over_http
from git_server import GitServer
from repositories import Author, Written, git

Q1 = "2023-Q1"


@pytest.fixture
def lab(tmp_path: Path) -> GitLab:
    return over_files(tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> GitLab:
    return in_place(tmp_path)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[GitLab, GitServer]]:
    with over_http(tmp_path) as made:
        yield made


def test_G01_interrupted_clone_is_not_an_empty_repository(lab: GitLab):
    made = lab.repository().line("2023-01-01", "2023-01-02")
    folder = lab.store.folder(NAME)
    half = folder / ".repository.git.1-1.tmp"
    (half / "objects" / "pack").mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/tip\n")
    (half / "objects" / "pack" / "tmp_pack_x").write_bytes(b"PACK")
    assert lab.store.records() == []
    assert lab.full().commits == 2
    assert lab.shas() == set(made)
    assert not half.exists()


@pytest.mark.parametrize("after", [0, 20, 200, 600])
def test_G02_fetch_cut_in_mid_pack_keeps_what_is_held(web: tuple[GitLab, GitServer], after: int):
    lab, server = web
    repository = lab.repository()
    made = repository.line("2023-01-01")
    lab.full()
    more = repository.line(*[f"2023-02-{day:02d}" for day in range(1, 20)], onto=made[-1])
    server.cut_after = after
    record = lab.visit()
    assert record.status == "failed"
    assert record.tip == made[-1]
    assert lab.shas() == set(made)
    server.cut_after = None
    assert lab.full().tip == more[-1]
    assert lab.shas() == {*made, *more}


def test_G03_rewritten_history_is_read_anew_and_named(lab: GitLab):
    repository = lab.repository()
    kept, dropped, _ = repository.line("2022-11-01", "2023-01-01", "2023-04-01")
    lab.full()
    new = repository.line("2023-01-05", "2023-01-06", "2023-04-01", onto=kept)
    later = lab.at(datetime(2023, 5, 1, tzinfo=UTC))
    record = later.full()
    assert later.shas() == {kept, *new}
    assert dropped not in later.shas()
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.commits_after, restated.why) == (Q1, 1, 2, "rewritten")
    assert [piece.commits for piece in record.pieces] == [4]


def test_G04_default_branch_renamed_or_deleted_counts_nothing_twice(lab: GitLab):
    repository = lab.repository()
    made = repository.line("2023-01-01", "2023-01-02")
    repository.line("2023-01-03", onto=made[0], ref="refs/heads/side")
    assert lab.full().branch == "main"
    git(repository.folder, "branch", "-m", "main", "trunk")
    git(repository.folder, "symbolic-ref", "HEAD", "refs/heads/trunk")
    git(repository.folder, "branch", "-D", "side")
    more = repository.line("2023-01-04", onto=made[-1], ref="refs/heads/trunk")
    record = lab.full()
    assert (record.branch, record.commits) == ("trunk", 3)
    assert lab.shas() == {*made, *more}


@pytest.mark.parametrize(
    ("code", "status"), [(404, "not_found"), (401, "not_found"), (451, "blocked"), (403, "blocked"), (500, "failed")]
)
def test_G05_repository_that_is_gone_keeps_its_data_and_says_so(web: tuple[GitLab, GitServer], code: int, status: str):
    lab, server = web
    made = lab.repository().line("2023-01-01")
    before = lab.full()
    server.statuses[f"/{NAME}.git"] = code
    server.statuses["/never/there.git"] = code
    record, never = lab.visit(), lab.visit("never/there")
    assert (record.status, never.status) == (status, status)
    assert record.reason
    assert (record.tip, record.complete_until, record.pieces) == (before.tip, before.complete_until, before.pieces)
    assert (never.tip, never.complete_until, never.commits) == (None, None, 0)
    assert lab.shas() == set(made)
    del server.statuses[f"/{NAME}.git"]
    assert lab.full().status == "unchanged"


def test_G06_renamed_repository_stays_one(web: tuple[GitLab, GitServer]):
    lab, server = web
    repository = lab.repository()
    made = repository.line("2023-01-01")
    assert lab.full().names == (NAME,)
    (lab.folder / "host" / "else").mkdir()
    repository.folder.rename(lab.folder / "host" / "else" / "where.git")
    server.moves[f"/{NAME}.git"] = "/else/where.git"
    moved = Written(lab.folder / "host" / "else" / "where.git")
    more = moved.line("2023-01-02", onto=made[0])
    record = lab.full()
    assert record.names == (NAME, "else/where")
    assert lab.shas() == {*made, *more}
    assert {row["repository"] for row in lab.rows()} == {NAME}


@pytest.mark.parametrize(
    "target", ["http://localhost:1/x/y.git", "/some/where.git", "file:///etc", "https://evil.example/a/b.git"]
)
def test_G06_redirect_to_another_host_or_in_a_circle_is_refused(web: tuple[GitLab, GitServer], target: str):
    lab, server = web
    lab.repository().line("2023-01-01")
    server.moves[f"/{NAME}.git"] = target
    record = lab.visit()
    assert record.status == "failed"
    assert "not allowed" in str(record.reason) or "circle" in str(record.reason)


@pytest.mark.parametrize("kind", ["no refs", "unborn", "detached"])
@pytest.mark.parametrize("place", [over_files, in_place])
def test_G07_empty_unborn_and_detached_repositories_are_full(tmp_path: Path, kind: str, place: object):
    lab = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = lab.repository()
    expected: set[str] = set()
    if kind == "unborn":
        repository.line("2023-01-01", ref="refs/heads/other")
    if kind == "detached":
        expected = set(repository.line("2023-01-01", "2023-01-02", ref="refs/heads/other"))
        git(repository.folder, "update-ref", "--no-deref", "HEAD", "refs/heads/other")
    record = lab.full()
    assert record.commits == len(expected)
    assert lab.shas() == expected
    before = lab.files()
    assert lab.full() == record
    assert lab.files() == before


@pytest.mark.parametrize("place", [over_files, in_place])
def test_G07_a_default_branch_that_lost_its_commits_is_no_zero(tmp_path: Path, place: object):
    lab = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = lab.repository()
    made = repository.line("2023-01-01")
    lab.full()
    git(repository.folder, "symbolic-ref", "HEAD", "refs/heads/unborn")
    record = lab.visit()
    assert record.status == "failed"
    assert "no commits any more" in str(record.reason)
    assert lab.shas() == set(made)


def test_many_fetches_leave_few_packs_and_few_pieces(lab: GitLab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("deepsignal_pipeline.sources.git.fetching._MOST_PACKS", 2)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.visit._MOST_PIECES", 3)
    repository = lab.repository()
    made: list[str] = []
    pieces = []
    for day in range(1, 8):
        made += repository.line(f"2023-01-{day:02d}", onto=made[-1] if made else None)
        pieces.append(len(lab.full().pieces))
        assert lab.shas() == set(made)
    assert pieces == [1, 2, 3, 1, 2, 3, 1]
    mirror = lab.store.folder(NAME) / "repository.git"
    assert len(list(mirror.glob("objects/pack/*.pack"))) <= 3
    objects = git(mirror, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").decode().split()
    assert set(objects) == {"commit", "tree"}


def test_G08_one_commit_is_one_row(lab: GitLab):
    (made,) = lab.repository().line("2023-01-01")
    record = lab.full()
    assert (record.commits, record.first_committed_at) == (1, record.last_committed_at)
    assert lab.row()["sha"] == made
    assert lab.row()["parents"] == []
    assert lab.row()["changes"] == [{"status": "A", "path": "file"}]


@pytest.mark.parametrize(
    "date",
    ["0 +0000", "-100 +0000", "4294967296 +0000", "99999999999999 +0000", "18446744073709551615 +0000", "x +0000", ""],
)
def test_G09_impossible_committer_dates_are_quarantined_and_counted(lab: GitLab, date: str):
    repository = lab.repository()
    (good,) = repository.line("2023-01-01")
    bad = repository.commit(good, author=Author(), committer=Author(date))
    repository.point(bad)
    record = lab.full()
    assert (record.commits, record.quarantined) == (2, 1)
    assert lab.shas() == {good}
    (row,) = lab.quarantine()
    assert (row["repository"], row["sha"], row["reason"]) == (NAME, bad, "bad_date")
    assert f"committer Nari Ovo <nari@example.org> {date}" in row["raw"]


def test_G09_a_date_ahead_of_its_time_counts_when_the_time_has_come(lab: GitLab):
    repository = lab.repository()
    (good,) = repository.line("2023-01-01")
    early, *_ = repository.line("2023-04-10", "2023-04-01", onto=good)
    record = lab.full()
    assert (record.commits, record.quarantined) == (3, 1)
    assert lab.full() == record
    later = lab.at(datetime(2023, 4, 11, tzinfo=UTC))
    record = later.full()
    assert (record.commits, record.quarantined, len(record.pieces)) == (3, 0, 1)
    assert early in later.shas("2023-Q2")
    assert record.restated == ()
    assert later.full() == record


@pytest.mark.parametrize("date", ["-100 +0000", "18446744073709551615 +0000", "253402300800 +0000", "x", ""])
def test_G09_an_impossible_author_date_is_unknown_and_the_commit_counts(lab: GitLab, date: str):
    repository = lab.repository()
    repository.point(repository.commit(author=Author(date), committer=Author()))
    assert lab.full().quarantined == 0
    expected = datetime(1970, 1, 1, tzinfo=UTC) if date.startswith("184") else None
    assert lab.row()["authored_at"] == expected
