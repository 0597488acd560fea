"""Names, addresses, repositories and hosts that attack: nothing runs, nothing escapes, no token is seen (S01 to S12)."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from git_lab import NAME, GitLab, in_place, over_files, over_http, source_of
from git_server import GitServer
from repositories import git

from deepsignal_pipeline.sources import Asked, SourceError
from deepsignal_pipeline.sources.git import command
from deepsignal_pipeline.sources.git.command import Git, Limits
from deepsignal_pipeline.sources.git.failures import GitFailureError
from deepsignal_pipeline.sources.git.places import Host
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places

TOKEN = "ghp_canary0123456789canary0123456789"  # noqa: S105  a canary
VARIABLE = "TOKEN_OF_A_TEST"


HOSTILE_NAMES = [
    "", "/", "a", "a/", "/b", "a//b", "a/b/c", "../a", "a/..", "a/.", "./b", "../../etc/passwd", "/etc/passwd", "a/../../b",
    "--upload-pack=touch X/b", "-oProxyCommand=touch X/b", "-/b", "a/b\n", "a\n/b", "a/b\0c", "a/b c", " a/b", "a/b ",
    "a/b;touch X", "a/$(touch X)", "a/`touch X`", "a/b|touch X", "a/b&touch X", "a/b>X", "a/b'", 'a/b"', "a/b\\c", "a\\b",
    "a/b?x=1", "a/b#x", "a/b%2e%2e", "a%2f..%2f/b", "a/b@{0}", "user:pass@github.com/a/b", "a@b/c", "a:b/c",
    "https://github.com/a/b", "git@github.com:a/b", "ssh://-oProxyCommand=x/a", "ext::sh -c touch% X", "fd::17/a",
    "file:///etc/passwd", "http://169.254.169.254/a", "é/b", "a/é", "а/b", "a/\u202eb", "a/\u200bb", "a/\ufeff",
    "a" * 40 + "/b", "a/" + "b" * 101, "a/b.git", "CON/\x00", "~/.ssh", "~root/x", "a/b\r", "\ta/b",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_S01_S02_hostile_names_run_nothing_and_escape_nowhere(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    called: list[object] = []
    monkeypatch.setattr(Git, "talk", lambda *arguments, **_: called.append(arguments))
    monkeypatch.setattr(Git, "run", lambda *arguments, **_: called.append(arguments))
    for hosted in (over_files(tmp_path), in_place(tmp_path)):
        record = hosted.visitor.visit(Asked(name)).record
        assert record.status == "failed"
        assert record.reason
        assert record.reason.isprintable()
        assert hosted.store.folder(name).parent == hosted.store.root
    assert called == []
    assert {path.name for path in tmp_path.iterdir()} == {"home"}


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/a/b.git", "https://github.com.evil.example/a/b.git", "https://evil.example/github.com/a/b.git",
        "https://user:pass@github.com/a/b.git", "https://github.com@evil.example/a", "https://github.com:8443/a/b.git",
        "ssh://github.com/a/b.git", "git://github.com/a/b", "ext::sh -c x", "fd::3", "file:///etc", "https://github.com/../x",
        "https://github.com/a/b.git?x", "https://github.com/a/b#x", "https://github.com/a b", "https://github.com/a\n",
        "https://GITHUB.com/a/b", "https:///a/b", "https://", "", "--upload-pack=x", "https://github.com\\@evil.example/a",
        "https://[::1]/a/b", "https://127.0.0.1/a/b", "https://github.com%2f@evil.example/a", "https://xn--gthub-cta.com/a/b",
    ],
)  # fmt: skip
def test_S01_addresses_outside_the_list_are_refused(url: str):
    with pytest.raises(GitFailureError, match="not allowed"):
        Host().checked(url)


def test_S01_only_https_to_github_is_allowed_by_default():
    assert Host().url("a/b") == "https://github.com/a/b.git"
    assert Git().protocols == ("https",)


def test_S01_git_itself_refuses_other_protocols(hosted: GitLab, tmp_path: Path):
    hosted.repository().line("2023-01-01")
    canary = tmp_path / "canary"
    for url in (f"ext::sh -c touch% {canary}", hosted.places.host.url(NAME), f"--upload-pack=touch {canary}"):
        assert Git().talk("ls-remote", "--", url, "HEAD", url=url).status != 0
    assert not canary.exists()


def test_S02_a_mirror_that_is_a_link_elsewhere_is_refused(hosted: GitLab, tmp_path: Path):
    hosted.repository().line("2023-01-01")
    (tmp_path / "elsewhere").mkdir()
    hosted.store.prepare()
    hosted.store.folder(NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="symbolic link"):
        source_of(hosted).visit([Asked(NAME)], [], print)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_S03_no_content_is_fetched_and_nothing_of_a_repository_runs(hosted: GitLab, tmp_path: Path):
    repository = hosted.repository()
    canary = tmp_path / "canary"
    run = f"#!/bin/sh\ntouch {canary}\n".encode()
    modules = repository.blob(f'[submodule "x\r"]\n path = x\r\n url = ext::sh -c touch% {canary}\n'.encode())
    large = repository.blob(b"0" * 30_000_000)
    hook, link = repository.blob(run), repository.blob(b"/etc/passwd")
    lines = f"100644 blob {modules}\t.gitmodules\n100755 blob {hook}\tpost-checkout\n120000 blob {link}\tlink\n"
    lines += f"100644 blob {large}\tlarge\n160000 commit {'1' * 40}\tx\n100644 blob {hook}\t.gitattributes\n"
    tree = git(repository.folder, "mktree", "--missing", data=lines.encode()).decode().strip()
    repository.point(repository.commit(tree=tree))
    hosted.full()
    assert len(hosted.row()["changes"]) == 6
    mirror = hosted.store.folder(NAME) / "repository.git"
    objects = git(mirror, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").decode().split()
    assert sorted(objects) == ["commit", "tree"]
    assert not canary.exists()
    assert not (mirror / "hooks").exists()


@pytest.mark.parametrize("entry", [b".git", b"../up", b"a/b"])
def test_S03_objects_that_no_safe_repository_holds_are_refused(hosted: GitLab, entry: bytes):
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    hosted.full()
    raw = b"100644 " + entry + b"\0" + bytes.fromhex(repository.blob())
    tree = git(repository.folder, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=raw * 2)
    repository.point(repository.commit(made[0], tree=tree.decode().strip(), author=b"odd <> x"))
    record = hosted.visit()
    assert record.status == "failed"
    assert "no safe repository" in str(record.reason)
    assert hosted.shas() == set(made)
    repository.point(made[0])
    assert hosted.full().status == "unchanged"


def test_S03_a_repository_larger_than_the_limit_is_given_up(local: GitLab, hosted: GitLab):
    repository = local.repository()
    repository.point(repository.commit(tree=repository.tree(*[b"p%05d" % n for n in range(20_000)])))
    small = replace(local, git=Git(limits=Limits(seconds=20, size=100_000)))
    record = small.visit()
    assert (record.status, record.commits) == ("failed", 0)
    assert "more than 100,000 bytes" in str(record.reason)
    fetched = replace(hosted, git=Git(("file",), Limits(seconds=20, size=1000)))
    assert fetched.visit().status == "failed"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, TOKEN)
    return TOKEN


@pytest.mark.usefixtures("token")
def test_S10_a_token_goes_to_its_host_and_nowhere_else(web: tuple[GitLab, GitServer], tmp_path: Path):
    hosted, server = web
    repository = hosted.repository()
    repository.line("2023-01-01")
    secret = replace(hosted, git=replace(hosted.git, token_from=VARIABLE))
    for thing in (secret.visitor, source_of(secret)):
        assert TOKEN.encode() not in repr(thing).encode() + pickle.dumps(thing.git)
    secret.full()
    headers = [header.get("Authorization", "") for _, _, header in server.seen]
    assert headers
    assert all(header.startswith("Basic ") for header in headers)
    server.seen.clear()
    with over_http(tmp_path / "other") as (_, other):
        server.moves[f"/{NAME}.git"] = f"{other.base}/{NAME}.git"
        record = secret.visit()
        assert record.status == "failed"
        assert other.seen == []
    server.moves.clear()
    server.statuses[f"/{NAME}.git"] = 403
    secret.visit()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert TOKEN.encode() not in text, path
            assert command._basic(TOKEN).encode() not in text, path


@pytest.mark.parametrize("odd", ["two words", "line\nbreak", "caf\u00e9"])
def test_S10_a_token_that_can_be_none_is_refused_and_not_shown(
    hosted: GitLab, monkeypatch: pytest.MonkeyPatch, odd: str
):
    monkeypatch.setenv(VARIABLE, odd)
    with pytest.raises(SourceError, match=f"{VARIABLE} is no token") as refused:
        source_of(replace(hosted, git=replace(hosted.git, token_from=VARIABLE))).visit([], [], print)
    assert odd not in str(refused.value)


@pytest.mark.usefixtures("token")
def test_S10_no_argument_of_a_process_holds_the_token(hosted: GitLab, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        places = Places(Host(f"http://{host}", ("http",), (host,)))
        source = GitSource(tmp_path / "home", "key", places, Git(("http",), Limits(seconds=2), VARIABLE), workers=1)
        watcher = subprocess.Popen([sys.executable, "-c", _WATCH, str(os.getpid())], stdout=subprocess.PIPE, text=True)
        source.visit([Asked("a/b")], [], print)
        seen, _ = watcher.communicate(timeout=20)
    assert "ls-remote" in seen
    assert TOKEN not in seen
    assert command._basic(TOKEN) not in seen


# Writes the arguments of every process of this machine, for a while
_WATCH = """
import pathlib, time
seen, end = set(), time.monotonic() + 3
while time.monotonic() < end:
    for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
        try:
            seen.add(path.read_bytes())
        except OSError:
            pass
    time.sleep(0.02)
print(seen)
"""


def test_S12_what_a_host_says_is_printable(web: tuple[GitLab, GitServer]):
    hosted, server = web
    hosted.repository().line("2023-01-01")
    hook = hosted.folder / "host" / f"{NAME}.git" / "HEAD"
    hook.write_text("\x1b]0;owned\x07\x1b[31m\u202e\n")
    said: list[str] = []
    server.statuses["/a/b.git"] = 500
    source_of(hosted, workers=1).visit([Asked(NAME), Asked("a/b")], [], said.append)
    assert len(said) >= 2
    assert all(line.isprintable() for line in said)
