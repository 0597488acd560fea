"""Faults of repositories as a whole: replaced, shallow, damaged, configured, oddly named (G19 to G27)."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from git_lab import NAME, GitLab, in_place, over_files
from repositories import Author, Written, git, raw_date

Q1 = "2023-Q1"


def mirror_of(hosted: GitLab, name: str = NAME) -> Path:
    return hosted.store.folder(name) / "repository.git"


@pytest.mark.parametrize("place", [over_files, in_place])
def test_G19_replacements_and_grafts_change_nothing(tmp_path: Path, place: object):
    hosted = over_files(tmp_path) if place is over_files else in_place(tmp_path)
    repository = hosted.repository()
    made = repository.line("2023-01-01", "2023-01-02")
    evil = repository.commit(author=Author(name="EVIL"))
    git(repository.folder, "update-ref", f"refs/replace/{made[0]}", evil)
    if place is in_place:  # a host that has grafts sends less
        (repository.folder / "info").mkdir(exist_ok=True)
        (repository.folder / "info" / "grafts").write_text(f"{made[1]}\n")
    hosted.full()
    assert {row["author_name"] for row in hosted.rows()} == {"Nari Ovo"}
    assert hosted.shas() == set(made)
    assert [len(row["parents"]) for row in hosted.rows()] == [0, 1]


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


def test_G20_no_content_of_a_file_is_ever_read(local: GitLab):
    """A mirror of which every content is gone, and that knows no remote: whoever asked for one would fail."""
    repository = local.repository()
    texts = [b"".join(b"line %d of a file\n" % n for n in range(60)), b"another\n"]
    trees = [repository.tree(b"kept", b"moved", text=texts[0]), repository.tree(b"kept", b"renamed", text=texts[0])]
    trees.append(repository.tree(b"kept", b"renamed", text=texts[1]))
    made: list[str] = []
    for day, tree in enumerate(trees, start=1):
        made.append(repository.commit(*made[-1:], tree=tree, author=Author(raw_date(f"2023-01-{day:02d}"))))
    repository.point(made[-1])
    listed = git(repository.folder, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
    blobs = [line.split()[0] for line in listed.decode().splitlines() if line.endswith("blob")]
    for blob in blobs:
        (repository.folder / "objects" / blob[:2] / blob[2:]).unlink()
    assert len(blobs) == len(texts)

    local.full()

    told = [[(change["status"], change["path"]) for change in row["changes"]] for row in local.rows()]
    assert told == [
        [("A", "kept"), ("A", "moved")],
        [("D", "moved"), ("A", "renamed")],
        [("M", "kept"), ("M", "renamed")],
    ]


def test_G21_a_commit_of_two_forks_is_a_row_of_each(hosted: GitLab):
    one, other = hosted.repository(name="up/stream"), hosted.repository(name="fork/ed")
    assert one.line("2023-01-01", "2023-01-02") == other.line("2023-01-01", "2023-01-02")
    hosted.full("up/stream")
    hosted.full("fork/ed")
    assert sorted(row["repository"] for row in hosted.rows(Q1)) == ["fork/ed", "fork/ed", "up/stream", "up/stream"]
    assert len(hosted.shas(Q1)) == 2


def test_G22_one_commit_with_100_000_paths_and_odd_entries(hosted: GitLab):
    repository = hosted.repository()
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
    hosted.full()
    assert time.monotonic() - started < 120
    changes = {row["sha"]: row["changes"] for row in hosted.rows()}[bulk]
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
    assert str(local.folder) not in str(record.reason)
    assert local.full("fine/one").commits == 1
    assert {row["repository"] for row in local.rows()} == {"fine/one"}


def test_G24_a_repository_of_long_ids_is_read(local: GitLab, hosted: GitLab):
    for where in (local, hosted):
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


def test_G25_a_mailmap_renames_nobody(hosted: GitLab):
    repository = hosted.repository()
    blob = repository.blob(b"EVIL <evil@example.org> <nari@example.org>\n" * 1000)
    tree = git(repository.folder, "mktree", data=f"100644 blob {blob}\t.mailmap\n".encode()).decode().strip()
    repository.point(repository.commit(tree=tree))
    hosted.full()
    assert hosted.row()["author_email"] == "nari@example.org"


def test_G26_no_configuration_has_an_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    hosted, local = over_files(tmp_path / "a"), in_place(tmp_path / "b")
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
    for where in (hosted, local):
        repository = where.repository()
        repository.line("2023-01-01", "2023-01-02")
        if where is local:
            with (repository.folder / "config").open("a") as config:
                config.write(hostile)
        assert where.full().commits == 2
        found.append([row["changes"] for row in where.rows()])
    assert found[0] == found[1] == [[{"status": "A", "path": "file"}], [{"status": "M", "path": "file"}]]
    assert not canary.exists()


def test_G27_branches_named_like_options_or_HEAD_are_not_taken_for_the_default_branch(hosted: GitLab):
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    other = repository.line("2023-02-01", ref="refs/heads/HEAD")[0]
    repository.point(other, "refs/heads/-")
    repository.point(other, "refs/heads/--upload-pack=touch")
    repository.point(other, "refs/tags/HEAD")
    repository.point(other, "refs/tags/main")
    packed = "".join(f"{other} refs/heads/b{n:05d}\n" for n in range(10_000))
    (repository.folder / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + packed)
    record = hosted.full()
    assert (record.tip, record.branch) == (made[0], "main")
    assert hosted.shas() == set(made)
    refs = git(mirror_of(hosted), "for-each-ref", "--format=%(refname)").decode().split()
    assert refs == ["refs/heads/tip"]
