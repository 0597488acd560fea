"""Faults of git repositories and their hosts (G rows), each with what must happen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from git_lab import NAME, GitLab, in_place, over_files, over_http
from git_server import GitServer
from repositories import Author, Written, git, raw_date

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


def mirror_of(lab: GitLab, name: str = NAME) -> Path:
    return lab.store.folder(name) / "repository.git"


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


@pytest.mark.parametrize(
    ("offset", "minutes"), [("+9999", 6039), ("-5959", -3599), ("+1400", 840), ("-0000", 0), ("+0530", 330), ("", None)]
)
def test_G10_odd_offsets_are_kept_and_the_instant_decides(lab: GitLab, offset: str, minutes: int | None):
    repository = lab.repository()
    at = int(datetime(2023, 3, 31, 23, 59, 59, tzinfo=UTC).timestamp())
    repository.point(repository.commit(author=Author(f"{at} {offset}"), committer=Author(f"{at} +0200")))
    lab.full()
    row = lab.row()
    assert row["author_tz"] in ({minutes} if minutes is not None else {None, 0})
    assert lab.shas(Q1) == {row["sha"]}
    assert row["committed_at"] == datetime(2023, 3, 31, 23, 59, 59, tzinfo=UTC)


def test_G11_the_committer_date_decides_and_late_commits_are_told(lab: GitLab):
    repository = lab.repository()
    (first,) = repository.line("2023-01-01")
    lab.full()
    rebased = repository.commit(first, author=Author(raw_date("2022-10-01")), committer=Author(raw_date("2023-04-03")))
    late = repository.commit(rebased, author=Author(raw_date("2023-02-01")))
    repository.point(late)
    later = lab.at(datetime(2023, 5, 1, tzinfo=UTC))
    record = later.full()
    assert later.shas(Q1) == {first, late}
    assert later.shas("2023-Q2") == {rebased}
    assert later.shas("2022-Q4") == set()
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.commits_after, restated.why) == (Q1, 1, 2, "late")
    assert [piece.commits for piece in record.pieces] == [1, 2]


def test_G12_quarters_are_half_open_in_utc(lab: GitLab):
    inside = ["2023-01-01T00:00:00", "2023-03-31T23:59:59", "2022-12-31T20:00:00-05:00", "2023-04-01T05:29:59+05:30"]
    outside = ["2022-12-31T23:59:59", "2023-04-01T00:00:00", "2023-01-01T04:00:00+05:30", "2023-03-31T20:00:00-05:00"]
    made = lab.repository().line(*inside, *outside)
    lab.full()
    assert lab.shas(Q1) == set(made[: len(inside)])
    assert lab.shas("2022-Q4") | lab.shas("2023-Q2") == set(made[len(inside) :])


def test_G13_text_that_is_not_utf8_loses_no_byte(lab: GitLab):
    repository = lab.repository()
    name = "José Ñu".encode("latin-1")
    at = b" <j@example.org> 1672531200 +0000"
    plain = repository.commit(author=name + at, message="café\n".encode("latin-1"))
    marked = repository.commit(
        plain, author=name + at, message="café\n".encode("latin-1"), more=b"encoding ISO-8859-1\n"
    )
    odd = repository.commit(marked, author=b"\xff\xfe\x80" + at)
    repository.point(odd)
    record = lab.full()
    rows = {row["sha"]: row for row in lab.rows()}
    assert rows[plain]["author_name"] == rows[marked]["author_name"] == "José Ñu"
    assert rows[plain]["subject"] == rows[marked]["subject"] == "café"
    assert rows[odd]["author_name"].encode("latin-1") == b"\xff\xfe\x80"
    assert sum(piece.reread for piece in record.pieces) == 2


@pytest.mark.parametrize(
    ("identity", "name", "email"),
    [
        (b" <>", "", ""),
        (b"Nari <>", "Nari", ""),
        (b" <bot@>", "", "bot@"),
        (b"A B <c d@e>", "A B", "c d@e"),
        (b"N" * 10_000 + b" <n@example.org>", "N" * 10_000, "n@example.org"),
        ("好 🦉\u202e <n@example.org>".encode(), "好 🦉\u202e", "n@example.org"),
    ],
)
def test_G14_odd_people_are_kept_as_they_are(lab: GitLab, identity: bytes, name: str, email: str):
    repository = lab.repository()
    repository.point(repository.commit(author=identity + b" 1672531200 +0000", committer=Author()))
    lab.full()
    assert (lab.row()["author_name"], lab.row()["author_email"]) == (name, email)


@pytest.mark.parametrize("identity", [b"H <h <h@h>>", b"no address at all", b"<<<>>>", b"> a <"])
def test_G14_people_that_git_cannot_read_cost_no_commit(lab: GitLab, identity: bytes):
    repository = lab.repository()
    made = repository.commit(author=identity + b" 1672531200 +0000", committer=Author())
    repository.point(made)
    record = lab.full()
    assert lab.shas() | {row["sha"] for row in lab.quarantine()} == {made}
    assert record.commits == 1


def test_G15_control_characters_are_stored_and_shift_nothing(lab: GitLab):
    repository = lab.repository()
    odd = "\x1e\x1f\x02\x1b[31m\x07\u202e"
    at = " <n@example.org> 1672531200 +0000"
    first = repository.commit(author=f"N{odd}".encode() + at.encode(), message=f"s{odd}e\n\nbody".encode())
    cut = repository.commit(first, message=b"before\0after\nCo-authored-by: A <a@example.org>\n")
    last = repository.commit(cut, message=b"plain\n")
    repository.point(last)
    lab.full()
    rows = {row["sha"]: row for row in lab.rows()}
    assert rows[first]["author_name"] == f"N{odd}"
    assert rows[first]["subject"] == f"s{odd}e"
    assert rows[cut]["subject"] == "before"
    assert rows[last]["subject"] == "plain"


def test_G16_huge_messages_and_trailer_blocks_are_bounded(lab: GitLab):
    repository = lab.repository()
    long = repository.commit(message=b"x" * 10_000_000)
    trailers = b"".join(b"Co-Authored-BY: P%d <p%d@example.org>\n" % (n, n) for n in range(50_000))
    many = repository.commit(long, message=b"many\n\n" + trailers)
    wide = repository.commit(many, message="é".encode() * 5_000)
    repository.point(wide)
    lab.full()
    rows = {row["sha"]: row for row in lab.rows()}
    assert rows[long]["subject"] == "x" * 4096
    assert rows[wide]["subject"] == "é" * 2048
    assert len(rows[many]["coauthors"]) == 1000
    assert rows[many]["coauthors"][1] == {"name": "P1", "email": "p1@example.org"}


def test_co_authors_are_found_wherever_they_stand(lab: GitLab):
    repository = lab.repository()
    message = """fix

* one

  co-authored-by: Émile <e@example.org>
Co-authored-by: No Address
Co-Authored-By : Spaced <s p@example.org>
Co-authored-by: No Address
Not-co-authored-by: X <x@example.org>
Co-authored-by:
Co-authored-by: Open <o@example.org
"""
    repository.point(repository.commit(message=message.encode(), tree=repository.tree(b"\nCo-authored-by: P <p@p>")))
    lab.full()
    assert [tuple(who.values()) for who in lab.row()["coauthors"]] == [
        ("Émile", "e@example.org"),
        ("No Address", ""),
        ("Spaced", "s p@example.org"),
        ("Open", "o@example.org"),
    ]


def test_G17_paths_come_back_to_the_byte(lab: GitLab):
    repository = lab.repository()
    paths = [
        b"a\nb",
        b'q"uote',
        b"t\tab",
        b"back\\slash",
        b"a => b",
        b"{a => b}",
        b"-rf",
        b" ",
        b":100644",
        b"\xe9",
        "é".encode(),
    ]
    repository.point(repository.commit(tree=repository.tree(*paths)))
    lab.full()
    assert sorted(change["path"] for change in lab.row()["changes"]) == sorted(
        path.decode("utf-8") if path != b"\xe9" else "é" for path in paths
    )
    assert {change["status"] for change in lab.row()["changes"]} == {"A"}


def test_G18_merges_of_every_kind_are_rows_without_changes(lab: GitLab):
    repository = lab.repository()
    root, other = repository.commit(), repository.commit(message=b"another root\n")
    sides = [repository.commit(root, message=b"side %d\n" % n) for n in range(3)]
    octopus = repository.commit(*sides, message=b"octopus\n")
    evil = repository.commit(octopus, other, message=b"unrelated, with a change of its own\n")
    tree = git(repository.folder, "rev-parse", f"{evil}^{{tree}}").decode().strip()
    empty = repository.commit(evil, tree=tree)
    repository.point(empty)
    lab.full()
    rows = {row["sha"]: row for row in lab.rows()}
    assert set(rows) == {root, other, *sides, octopus, evil, empty}
    assert rows[octopus]["parents"] == sides
    assert rows[evil]["parents"] == [octopus, other]
    assert [rows[sha]["changes"] for sha in (octopus, evil, empty)] == [[], [], []]
    assert rows[root]["changes"] == rows[other]["changes"] == [{"status": "A", "path": "file"}]


@pytest.mark.parametrize("place", [over_files, in_place])
def test_G19_replacements_and_grafts_change_nothing(tmp_path: Path, place: object):
    lab = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = lab.repository()
    made = repository.line("2023-01-01", "2023-01-02")
    evil = repository.commit(author=Author(name="EVIL"))
    git(repository.folder, "update-ref", f"refs/replace/{made[0]}", evil)
    if place is in_place:  # a host that has grafts sends less
        (repository.folder / "info").mkdir(exist_ok=True)
        (repository.folder / "info" / "grafts").write_text(f"{made[1]}\n")
    lab.full()
    assert {row["author_name"] for row in lab.rows()} == {"Nari Ovo"}
    assert lab.shas() == set(made)
    assert [len(row["parents"]) for row in lab.rows()] == [0, 1]


def test_G20_shallow_mirror_is_refused(local: GitLab):
    origin = Written(local.folder / "origin.git")
    git(origin.folder, "init", "--quiet", "--bare", "--initial-branch=main")
    origin.line("2023-01-01", "2023-01-02", "2023-01-03")
    shallow = local.folder / "host" / "some" / "where.git"
    shallow.parent.mkdir(parents=True)
    git(shallow, "clone", "--quiet", "--bare", "--depth=2", f"file://{origin.folder}", str(shallow))
    record = local.visit()
    assert record.status == "failed"
    assert "shallow" in str(record.reason)
    assert local.rows() == []
    git(shallow, "fetch", "--quiet", "--unshallow", f"file://{origin.folder}")
    assert local.full().commits == 3


def test_G20_mirror_without_trees_is_refused_and_one_without_contents_is_read(local: GitLab):
    origin = local.repository(name="origin/all")
    origin.line("2023-01-01", "2023-01-02")
    for name, kind in (("some/where", "blob:none"), ("some/bare", "tree:0")):
        target = local.folder / "host" / f"{name}.git"
        git(target, "clone", "--quiet", "--bare", f"--filter={kind}", f"file://{origin.folder}", str(target))
    assert local.full().commits == 2
    record = local.visit("some/bare")
    assert record.status == "failed"
    assert local.store.record("some/bare").commits == 0


def test_G21_a_commit_of_two_forks_is_a_row_of_each(lab: GitLab):
    one, other = lab.repository(name="up/stream"), lab.repository(name="fork/ed")
    assert one.line("2023-01-01", "2023-01-02") == other.line("2023-01-01", "2023-01-02")
    lab.full("up/stream")
    lab.full("fork/ed")
    assert sorted(row["repository"] for row in lab.rows(Q1)) == ["fork/ed", "fork/ed", "up/stream", "up/stream"]
    assert len(lab.shas(Q1)) == 2


def test_G22_one_commit_with_100_000_paths_and_odd_entries(lab: GitLab):
    repository = lab.repository()
    blob = repository.blob()
    lines = b"".join(b"100644 blob %b\tvendored/%06d\n" % (blob.encode(), n) for n in range(0))
    folder = git(
        repository.folder,
        "mktree",
        data=b"".join(
            b"100644 blob %b\tfile-with-a-name-of-usual-length-%06d.py\n" % (blob.encode(), n) for n in range(100_000)
        ),
    )
    lines = b"040000 tree %b\tvendored\n160000 commit %b\tmodule\n120000 blob %b\tlink\n" % (
        folder.strip(),
        b"1" * 40,
        blob.encode(),
    )
    tree = git(repository.folder, "mktree", "--missing", data=lines).decode().strip()
    bulk = repository.commit(tree=tree)
    repository.point(repository.commit(bulk))
    started = time.monotonic()
    lab.full()
    assert time.monotonic() - started < 120
    changes = {row["sha"]: row["changes"] for row in lab.rows()}[bulk]
    assert len(changes) == 100_002
    assert {"status": "A", "path": "module"} in changes


@pytest.mark.parametrize("kind", ["commit", "tree", "truncated", "no pack"])
def test_G23_damaged_objects_fail_the_repository_and_store_nothing_of_it(local: GitLab, kind: str):
    repository = local.repository()
    made = repository.line(*[f"2023-01-{day:02d}" for day in range(1, 9)])
    local.repository(name="fine/one").line("2023-01-01")
    victim = made[3] if kind != "tree" else git(repository.folder, "rev-parse", f"{made[3]}^{{tree}}").decode().strip()
    if kind == "no pack":
        git(repository.folder, "repack", "-adq")
        for path in (repository.folder / "objects" / "pack").glob("*.pack"):
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:100])
    else:
        path = repository.folder / "objects" / victim[:2] / victim[2:]
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:5]) if kind == "truncated" else path.unlink()
    record = local.visit()
    assert (record.status, record.tip, record.commits) == ("failed", None, 0)
    assert local.full("fine/one").commits == 1
    assert {row["repository"] for row in local.rows()} == {"fine/one"}


def test_G24_a_repository_of_long_ids_is_read(local: GitLab, lab: GitLab):
    for where in (local, lab):
        made = where.repository("--object-format=sha256", name=f"long/{where is local}").line(
            "2023-01-01", "2023-01-02"
        )
        assert where.full(f"long/{where is local}").commits == 2
        assert {len(sha) for sha in made} == {64}
        assert set(made) <= where.shas()


def test_G24_objects_lent_by_another_repository_are_read(local: GitLab):
    lender = local.repository(name="lend/er")
    made = lender.line("2023-01-01", "2023-01-02")
    borrower = local.repository()
    (borrower.folder / "objects" / "info" / "alternates").write_text(f"{lender.folder / 'objects'}\n")
    borrower.point(made[-1])
    assert local.full().commits == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_G24_a_repository_of_another_owner_is_read(local: GitLab):
    repository = local.repository()
    repository.line("2023-01-01")
    for path in [repository.folder, *repository.folder.rglob("*")]:
        os.chown(path, 65534, 65534)
    assert local.full().commits == 1


def test_G25_a_mailmap_renames_nobody(lab: GitLab):
    repository = lab.repository()
    blob = repository.blob(b"EVIL <evil@example.org> <nari@example.org>\n" * 1000)
    tree = git(repository.folder, "mktree", data=f"100644 blob {blob}\t.mailmap\n".encode()).decode().strip()
    repository.point(repository.commit(tree=tree))
    lab.full()
    assert lab.row()["author_email"] == "nari@example.org"


def test_G26_no_configuration_has_an_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lab, local = over_files(tmp_path / "a"), in_place(tmp_path / "b")
    canary = tmp_path / "canary"
    run = f"touch {canary}"
    hostile = f"""[alias]\n log = !{run}\n[core]\n pager = {run}\n fsmonitor = {run}\n sshCommand = {run}
 hooksPath = {tmp_path}\n askPass = {run}\n[diff]\n external = {run}\n orderFile = {tmp_path}/order\n[log]
 showSignature = true\n date = relative\n follow = true\n showRoot = false\n mailmap = true\n[gpg]\n program = {run}
[url "https://evil.example/"]\n insteadOf = file://\n[uploadpack]\n packObjectsHook = {run}\n[i18n]
 logOutputEncoding = UTF-16\n[log]\n diffMerges = separate\n[credential]\n helper = !{run}\n[color]\n ui = always
"""
    (tmp_path / ".gitconfig").write_text(hostile)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", run)
    monkeypatch.setenv("GIT_SSH_COMMAND", run)
    found = []
    for where in (lab, local):
        repository = where.repository()
        repository.line("2023-01-01", "2023-01-02")
        if where is local:
            with (repository.folder / "config").open("a") as config:
                config.write(hostile)
        assert where.full().commits == 2
        found.append([row["changes"] for row in where.rows()])
    assert found[0] == found[1] == [[{"status": "A", "path": "file"}], [{"status": "M", "path": "file"}]]
    assert not canary.exists()


def test_G27_branches_named_like_options_or_HEAD_are_not_taken_for_the_default_branch(lab: GitLab):
    repository = lab.repository()
    made = repository.line("2023-01-01")
    other = repository.line("2023-02-01", ref="refs/heads/HEAD")[0]
    repository.point(other, "refs/heads/-")
    repository.point(other, "refs/heads/--upload-pack=touch")
    repository.point(other, "refs/tags/HEAD")
    repository.point(other, "refs/tags/main")
    packed = "".join(f"{other} refs/heads/b{n:05d}\n" for n in range(10_000))
    (repository.folder / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + packed)
    record = lab.full()
    assert (record.tip, record.branch) == (made[0], "main")
    assert lab.shas() == set(made)
    refs = git(mirror_of(lab), "for-each-ref", "--format=%(refname)").decode().split()
    assert refs == ["refs/heads/tip"]
