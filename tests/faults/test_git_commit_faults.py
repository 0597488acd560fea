"""Faults inside commits: offsets, people, text, paths, merges (G10 to G18). What must happen is in each name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from git_lab import GitLab
from repositories import Author, git, raw_date

Q1 = "2023-Q1"


@pytest.mark.parametrize(
    ("offset", "minutes"), [("+9999", 6039), ("-5959", -3599), ("+1400", 840), ("-0000", 0), ("+0530", 330), ("", None)]
)
def test_G10_odd_offsets_are_kept_and_the_instant_decides(hosted: GitLab, offset: str, minutes: int | None):
    repository = hosted.repository()
    at = int(datetime(2023, 3, 31, 23, 59, 59, tzinfo=UTC).timestamp())
    repository.point(repository.commit(author=Author(f"{at} {offset}"), committer=Author(f"{at} +0200")))
    hosted.full()
    row = hosted.row()
    assert row["author_tz"] in ({minutes} if minutes is not None else {None, 0})
    assert hosted.shas(Q1) == {row["sha"]}
    assert row["committed_at"] == datetime(2023, 3, 31, 23, 59, 59, tzinfo=UTC)


def test_G11_the_committer_date_decides_and_late_commits_are_told(hosted: GitLab):
    repository = hosted.repository()
    (first,) = repository.line("2023-01-01")
    hosted.full()
    rebased = repository.commit(first, author=Author(raw_date("2022-10-01")), committer=Author(raw_date("2023-04-03")))
    late = repository.commit(rebased, author=Author(raw_date("2023-02-01")))
    repository.point(late)
    later = hosted.at(datetime(2023, 5, 1, tzinfo=UTC))
    record = later.full()
    assert later.shas(Q1) == {first, late}
    assert later.shas("2023-Q2") == {rebased}
    assert later.shas("2022-Q4") == set()
    (restated,) = record.restated
    assert (restated.quarter, restated.commits_before, restated.commits_after, restated.why) == (Q1, 1, 2, "late")
    assert [piece.commits for piece in record.pieces] == [1, 2]


def test_G12_quarters_are_half_open_in_utc(hosted: GitLab):
    inside = ["2023-01-01T00:00:00", "2023-03-31T23:59:59", "2022-12-31T20:00:00-05:00", "2023-04-01T05:29:59+05:30"]
    outside = ["2022-12-31T23:59:59", "2023-04-01T00:00:00", "2023-01-01T04:00:00+05:30", "2023-03-31T20:00:00-05:00"]
    made = hosted.repository().line(*inside, *outside)
    hosted.full()
    assert hosted.shas(Q1) == set(made[: len(inside)])
    assert hosted.shas("2022-Q4") | hosted.shas("2023-Q2") == set(made[len(inside) :])


def test_G13_text_that_is_not_utf8_loses_no_byte(hosted: GitLab):
    repository = hosted.repository()
    name = "José Ñu".encode("latin-1")
    at = b" <j@example.org> 1672531200 +0000"
    plain = repository.commit(author=name + at, message="café\n".encode("latin-1"))
    marked = repository.commit(
        plain, author=name + at, message="café\n".encode("latin-1"), more=b"encoding ISO-8859-1\n"
    )
    odd = repository.commit(marked, author=b"\xff\xfe\x80" + at)
    repository.point(odd)
    record = hosted.full()
    rows = {row["sha"]: row for row in hosted.rows()}
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
def test_G14_odd_people_are_kept_as_they_are(hosted: GitLab, identity: bytes, name: str, email: str):
    repository = hosted.repository()
    repository.point(repository.commit(author=identity + b" 1672531200 +0000", committer=Author()))
    hosted.full()
    assert (hosted.row()["author_name"], hosted.row()["author_email"]) == (name, email)


@pytest.mark.parametrize("identity", [b"H <h <h@h>>", b"no address at all", b"<<<>>>", b"> a <"])
def test_G14_people_that_git_cannot_read_cost_no_commit(hosted: GitLab, identity: bytes):
    repository = hosted.repository()
    made = repository.commit(author=identity + b" 1672531200 +0000", committer=Author())
    repository.point(made)
    record = hosted.full()
    assert hosted.shas() | {row["sha"] for row in hosted.quarantine()} == {made}
    assert record.commits == 1


def test_G15_control_characters_are_stored_and_shift_nothing(hosted: GitLab):
    repository = hosted.repository()
    odd = "\x1e\x1f\x02\x1b[31m\x07\u202e"
    at = " <n@example.org> 1672531200 +0000"
    first = repository.commit(author=f"N{odd}".encode() + at.encode(), message=f"s{odd}e\n\nbody".encode())
    cut = repository.commit(first, message=b"before\0after\nCo-authored-by: A <a@example.org>\n")
    last = repository.commit(cut, message=b"plain\n")
    repository.point(last)
    hosted.full()
    rows = {row["sha"]: row for row in hosted.rows()}
    assert rows[first]["author_name"] == f"N{odd}"
    assert rows[first]["subject"] == f"s{odd}e"
    assert rows[cut]["subject"] == "before"
    assert rows[last]["subject"] == "plain"


def test_G16_huge_messages_and_trailer_blocks_are_bounded(hosted: GitLab):
    repository = hosted.repository()
    long = repository.commit(message=b"x" * 10_000_000)
    trailers = b"".join(b"Co-Authored-BY: P%d <p%d@example.org>\n" % (n, n) for n in range(50_000))
    many = repository.commit(long, message=b"many\n\n" + trailers)
    wide = repository.commit(many, message="é".encode() * 5_000)
    repository.point(wide)
    hosted.full()
    rows = {row["sha"]: row for row in hosted.rows()}
    assert rows[long]["subject"] == "x" * 4096
    assert rows[wide]["subject"] == "é" * 2048
    assert len(rows[many]["coauthors"]) == 1000
    assert rows[many]["coauthors"][1] == {"name": "P1", "email": "p1@example.org"}


def test_co_authors_are_found_wherever_they_stand(hosted: GitLab):
    repository = hosted.repository()
    message = """fix

* one

  co-authored-by: Émile <e@example.org>
Co-authored-by: No Address
Co-Authored-By : Spaced <s p@example.org>
Co-authored-by: No Address
Not-co-authored-by: X <x@example.org>
Co-authored-by:
Co-authored-by: One, The <1@example.org>, Two <2@example.org>; <3@example.org>
Co-authored-by: Open <o@example.org
"""
    repository.point(repository.commit(message=message.encode(), tree=repository.tree(b"\nCo-authored-by: P <p@p>")))
    hosted.full()
    assert [tuple(who.values()) for who in hosted.row()["coauthors"]] == [
        ("Émile", "e@example.org"),
        ("No Address", ""),
        ("Spaced", "s p@example.org"),
        ("One, The", "1@example.org"),
        ("Two", "2@example.org"),
        ("", "3@example.org"),
        ("Open", "o@example.org"),
    ]


def test_G17_paths_come_back_to_the_byte(hosted: GitLab):
    repository = hosted.repository()
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
    hosted.full()
    assert sorted(change["path"] for change in hosted.row()["changes"]) == sorted(
        path.decode("utf-8") if path != b"\xe9" else "é" for path in paths
    )
    assert {change["status"] for change in hosted.row()["changes"]} == {"A"}


def test_G18_merges_of_every_kind_are_rows_without_changes(hosted: GitLab):
    repository = hosted.repository()
    root, other = repository.commit(), repository.commit(message=b"another root\n")
    sides = [repository.commit(root, message=b"side %d\n" % n) for n in range(3)]
    octopus = repository.commit(*sides, message=b"octopus\n")
    evil = repository.commit(octopus, other, message=b"unrelated, with a change of its own\n")
    tree = git(repository.folder, "rev-parse", f"{evil}^{{tree}}").decode().strip()
    empty = repository.commit(evil, tree=tree)
    repository.point(empty)
    hosted.full()
    rows = {row["sha"]: row for row in hosted.rows()}
    assert set(rows) == {root, other, *sides, octopus, evil, empty}
    assert rows[octopus]["parents"] == sides
    assert rows[evil]["parents"] == [octopus, other]
    assert [rows[sha]["changes"] for sha in (octopus, evil, empty)] == [[], [], []]
    assert rows[root]["changes"] == rows[other]["changes"] == [{"status": "A", "path": "file"}]
