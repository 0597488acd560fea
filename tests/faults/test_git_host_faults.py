"""What surrounds the git source: processes that hang or die, folders that were touched, addresses and names that attack."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from git_lab import NAME, NOW, GitLab, in_place, over_files, over_http
from git_server import GitServer
from repositories import git

from deepsignal_pipeline.lake import LakeError
from deepsignal_pipeline.sources import Asked, SourceError
from deepsignal_pipeline.sources.git import command
from deepsignal_pipeline.sources.git.command import Git, Limits
from deepsignal_pipeline.sources.git.failures import GitFailureError
from deepsignal_pipeline.sources.git.places import Host, local_mirror
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places

TOKEN = "ghp_canary0123456789canary0123456789"  # noqa: S105  a canary


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


def source_of(lab: GitLab, workers: int = 2) -> GitSource:
    return GitSource(lab.folder / "home", "key", lab.places, lab.git, workers, clock=lambda: NOW)


def test_D08_leftovers_of_dead_visits_are_swept(lab: GitLab):
    repository = lab.repository()
    made = repository.line("2023-01-01")
    lab.full()
    folder = lab.store.folder(NAME)
    mirror = folder / "repository.git"
    leftovers = [
        mirror / "objects" / "pack" / "tmp_pack_Ab1",
        mirror / "shallow.lock",
        mirror / "packed-refs.lock",
        mirror / "refs" / "heads" / "tip.lock",
        folder / "pieces" / ".x.parquet.1-1.tmp",
        folder / "pieces" / "unnamed.parquet",
        folder / ".record.json.1-1.tmp",
    ]
    for path in leftovers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
    more = repository.line("2023-01-02", onto=made[0])
    assert lab.full().commits == 2
    assert lab.shas() == {*made, *more}
    assert [path for path in leftovers if path.exists()] == []


@pytest.mark.parametrize("damage", ["objects", "refs", "HEAD", "mirror", "record", "pieces"])
def test_D09_a_folder_partly_deleted_is_made_again_and_no_other(lab: GitLab, damage: str):
    repository, other = lab.repository(), lab.repository(name="other/one")
    made = repository.line("2023-01-01", "2023-01-02")
    other.line("2023-01-01")
    lab.full()
    lab.full("other/one")
    folder = lab.store.folder(NAME)
    target = {
        "mirror": folder / "repository.git",
        "record": folder / "record.json",
        "pieces": folder / "pieces",
    }.get(damage, folder / "repository.git" / damage)
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    untouched = (lab.store.folder("other/one") / "record.json").stat().st_mtime_ns
    more = repository.line("2023-01-03", onto=made[-1])
    assert lab.full().commits == 3
    lab.full("other/one")
    assert {row["sha"] for row in lab.rows() if row["repository"] == NAME} == {*made, *more}
    assert (lab.store.folder("other/one") / "record.json").stat().st_mtime_ns == untouched


def test_D10_names_that_differ_in_case_or_length_have_mirrors_of_their_own(lab: GitLab):
    names = ["A/b", "a/B", "a/b", "x/" + "n" * 100]
    expected = {}
    for day, name in enumerate(names, start=1):
        expected[name] = set(lab.repository(name=name).line(f"2023-01-{day:02d}"))
        lab.full(name)
    held = {name: {row["sha"] for row in lab.rows() if row["repository"] == name} for name in names}
    assert held == expected


def test_a_full_disk_fails_the_repository_and_keeps_what_is_held(lab: GitLab, monkeypatch: pytest.MonkeyPatch):
    repository = lab.repository()
    made = repository.line("2023-01-01")
    before = lab.full()
    repository.line("2023-01-02", onto=made[0])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deepsignal_pipeline.sources.pieces.replace_file", full)
    record = lab.visit()
    assert (record.status, record.pieces) == ("failed", before.pieces)
    assert "No space left" in str(record.reason)
    monkeypatch.undo()
    assert lab.full().commits == 2


def run_limited(lab: GitLab, names: list[str], megabytes: int) -> None:
    """Visit in processes that may not have more memory than this."""
    script = f"""
import resource, sys
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
resource.setrlimit(resource.RLIMIT_DATA, ({megabytes} << 20, {megabytes} << 20))
places = Places(mirrors=Path({str(lab.folder / "host")!r}))
GitSource(Path({str(lab.folder / "home")!r}), "key", places, workers=1).visit(
    [Asked(name) for name in {names!r}], [], print)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_P07_a_repository_too_large_for_memory_fails_and_the_others_go_on(local: GitLab):
    bulk = local.repository(name="big/one")
    blob = bulk.blob()
    names = "".join(f"100644 blob {blob}\tfile-with-a-name-of-usual-length-{n:06d}.py\n" for n in range(50_000))
    leaf = git(bulk.folder, "mktree", data=names.encode()).decode().strip()
    # About as much as one commit may take: 500,000 paths in one block
    tree = git(bulk.folder, "mktree", data="".join(f"040000 tree {leaf}\td{n}\n" for n in range(10)).encode())
    bulk.point(bulk.commit(tree=tree.decode().strip()))
    local.repository(name="fine/one").line("2023-01-01")
    run_limited(local, ["big/one", "fine/one"], 220)
    big, fine = local.store.record("big/one"), local.store.record("fine/one")
    assert big is not None
    assert (big.status, big.commits, big.tip) == ("failed", 0, None)
    assert fine is not None
    assert (fine.status, fine.commits) == ("full", 1)


def test_P07_a_commit_of_more_paths_than_fit_fails_the_repository(local: GitLab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("deepsignal_pipeline.sources.git.extraction._LARGEST_COMMIT", 15_000)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.extraction._BLOCK", 5_000)
    repository = local.repository()
    paths = [b"p%06d" % number for number in range(2000)]
    (made,) = repository.line("2023-01-01")
    repository.point(repository.commit(made, tree=repository.tree(*paths)))
    record = local.visit()
    assert (record.status, record.commits) == ("failed", 0)
    assert "paths" in str(record.reason)


@pytest.mark.parametrize("block", [700, 1000, 4000])
def test_the_size_of_blocks_changes_no_row(local: GitLab, monkeypatch: pytest.MonkeyPatch, block: int):
    repository = local.repository()
    repository.line(*[f"2023-01-{day:02d}" for day in range(1, 29)])
    whole = local.full()
    rows = local.rows()
    monkeypatch.setattr("deepsignal_pipeline.sources.git.extraction._BLOCK", block)
    shutil.rmtree(local.store.root)
    assert replace(local.full(), pieces=()) == replace(whole, pieces=())
    assert local.rows() == rows


def test_a_worker_that_is_killed_costs_its_repository_only(local: GitLab, monkeypatch: pytest.MonkeyPatch):
    for name in ("a/one", "b/two", "c/three"):
        local.repository(name=name).line("2023-01-01")
    # A worker that ends when it is asked for one of them, as one does that the system kills
    killer = local.folder / "sitecustomize.py"
    killer.write_text(
        "import os, sys\n"
        "def hook(event, arguments):\n"
        "    if event == 'open' and '/b--two-' in str(arguments[0]) and 'worker' in ' '.join(sys.orig_argv):\n"
        "        os.kill(os.getpid(), 9)\n"
        "sys.addaudithook(hook)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(local.folder))
    said: list[str] = []
    source_of(local).visit([Asked(name) for name in ("a/one", "b/two", "c/three")], [], said.append)
    records = {record.repository: record for record in local.store.records()}
    assert {name: record.status for name, record in records.items()} == {
        "a/one": "full",
        "b/two": "failed",
        "c/three": "full",
    }
    assert "status -9" in str(records["b/two"].reason)
    assert any(line.startswith("b/two: failed") for line in said)


def test_P08_a_host_that_never_answers_is_given_up(lab: GitLab):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        places = Places(Host(f"http://{host}", ("http",), (host,)))
        hanging = replace(lab, places=places, git=Git(("http",), Limits(seconds=1)))
        started = time.monotonic()
        record = hanging.visit()
        assert time.monotonic() - started < 5
    assert record.status == "failed"
    assert "did not end within 1 s" in str(record.reason)


def children_of(pid: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found |= {int(path.name)} | children_of(int(path.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_P03_no_process_outlives_a_visit_that_is_ended(lab: GitLab, how: signal.Signals):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        script = f"""
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.places import Host
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
places = Places(Host("http://{host}", ("http",), ("{host}",)))
GitSource(Path({str(lab.folder / "home")!r}), "key", places, Git(("http",))).visit(
    [Asked("a/b"), Asked("c/d")], [], print)
"""
        process = subprocess.Popen([sys.executable, "-c", script])
        deadline = time.monotonic() + 20
        while len(started := children_of(process.pid)) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(started) >= 4  # two workers, each with its git
        process.send_signal(how)
        process.wait(10)
        while (alive := {pid for pid in started if _is_running(pid)}) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert alive == set()


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


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
    for lab in (over_files(tmp_path), in_place(tmp_path)):
        record = lab.visitor.visit(Asked(name)).record
        assert record.status == "failed"
        assert record.reason
        assert record.reason.isprintable()
        assert lab.store.folder(name).parent == lab.store.root
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


def test_S01_git_itself_refuses_other_protocols(lab: GitLab, tmp_path: Path):
    lab.repository().line("2023-01-01")
    canary = tmp_path / "canary"
    for url in (f"ext::sh -c touch% {canary}", lab.places.host.url(NAME), f"--upload-pack=touch {canary}"):
        assert Git().talk("ls-remote", "--", url, "HEAD", url=url).status != 0
    assert not canary.exists()


def test_S02_a_mirror_that_is_a_link_elsewhere_is_refused(lab: GitLab, tmp_path: Path):
    lab.repository().line("2023-01-01")
    (tmp_path / "elsewhere").mkdir()
    lab.store.prepare()
    lab.store.folder(NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LakeError, match="symbolic link"):
        lab.visit()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_S03_no_content_is_fetched_and_nothing_of_a_repository_runs(lab: GitLab, tmp_path: Path):
    repository = lab.repository()
    canary = tmp_path / "canary"
    run = f"#!/bin/sh\ntouch {canary}\n".encode()
    modules = repository.blob(f'[submodule "x\r"]\n path = x\r\n url = ext::sh -c touch% {canary}\n'.encode())
    large = repository.blob(b"0" * 30_000_000)
    hook, link = repository.blob(run), repository.blob(b"/etc/passwd")
    lines = f"100644 blob {modules}\t.gitmodules\n100755 blob {hook}\tpost-checkout\n120000 blob {link}\tlink\n"
    lines += f"100644 blob {large}\tlarge\n160000 commit {'1' * 40}\tx\n100644 blob {hook}\t.gitattributes\n"
    tree = git(repository.folder, "mktree", "--missing", data=lines.encode()).decode().strip()
    repository.point(repository.commit(tree=tree))
    lab.full()
    assert len(lab.row()["changes"]) == 6
    mirror = lab.store.folder(NAME) / "repository.git"
    objects = git(mirror, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)").decode().split()
    assert sorted(objects) == ["commit", "tree"]
    assert not canary.exists()
    assert not (mirror / "hooks").exists()


@pytest.mark.parametrize("entry", [b".git", b"../up", b"a/b"])
def test_S03_objects_that_no_safe_repository_holds_are_refused(lab: GitLab, entry: bytes):
    repository = lab.repository()
    made = repository.line("2023-01-01")
    lab.full()
    raw = b"100644 " + entry + b"\0" + bytes.fromhex(repository.blob())
    tree = git(repository.folder, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=raw * 2)
    repository.point(repository.commit(made[0], tree=tree.decode().strip(), author=b"odd <> x"))
    record = lab.visit()
    assert record.status == "failed"
    assert "no safe repository" in str(record.reason)
    assert lab.shas() == set(made)
    repository.point(made[0])
    assert lab.full().status == "unchanged"


def test_S03_a_repository_larger_than_the_limit_is_given_up(local: GitLab, lab: GitLab):
    repository = local.repository()
    repository.point(repository.commit(tree=repository.tree(*[b"p%05d" % n for n in range(20_000)])))
    small = replace(local, git=Git(limits=Limits(seconds=20, size=100_000)))
    record = small.visit()
    assert (record.status, record.commits) == ("failed", 0)
    assert "more than 100,000 bytes" in str(record.reason)
    fetched = replace(lab, git=Git(("file",), Limits(seconds=20, size=1000)))
    assert fetched.visit().status == "failed"


def test_S10_a_token_goes_to_its_host_and_nowhere_else(web: tuple[GitLab, GitServer], tmp_path: Path):
    lab, server = web
    repository = lab.repository()
    repository.line("2023-01-01")
    secret = replace(lab, git=replace(lab.git, token=TOKEN))
    assert TOKEN not in repr(secret.visitor)
    assert TOKEN not in repr(source_of(secret))
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


def test_S10_no_argument_of_a_process_holds_the_token(lab: GitLab, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        places = Places(Host(f"http://{host}", ("http",), (host,)))
        source = GitSource(tmp_path / "home", "key", places, Git(("http",), Limits(seconds=2), TOKEN), workers=1)
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
    lab, server = web
    lab.repository().line("2023-01-01")
    hook = lab.folder / "host" / f"{NAME}.git" / "HEAD"
    hook.write_text("\x1b]0;owned\x07\x1b[31m\u202e\n")
    said: list[str] = []
    server.statuses["/a/b.git"] = 500
    source_of(lab, workers=1).visit([Asked(NAME), Asked("a/b")], [], said.append)
    assert len(said) >= 2
    assert all(line.isprintable() for line in said)


def test_git_too_old_or_missing_stops_everything(lab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fake = tmp_path / "bin"
    fake.mkdir()
    monkeypatch.setenv("PATH", str(fake))
    with pytest.raises(SourceError, match="not found; install git"):
        source_of(lab).visit([Asked(NAME)], [], print)
    (fake / "git").write_text("#!/bin/sh\necho git version 2.30.2\n")
    (fake / "git").chmod(0o755)
    with pytest.raises(SourceError, match=r"git version 2\.30\.2: too old; install git 2\.39\.4"):
        source_of(lab).visit([Asked(NAME)], [], print)


def test_local_mirrors_are_found_in_three_places_and_under_former_names(local: GitLab):
    one = local.repository(name="a/one").folder
    two = local.repository(name="x/two").folder.rename(local.folder / "host" / "b+two")
    (local.folder / "host" / "c+three").mkdir()
    three = local.repository(name="x/three").folder.rename(local.folder / "host" / "c+three" / "repo")
    folder = local.folder / "host"
    assert local_mirror(folder, ["a/one"]) == one
    assert local_mirror(folder, ["b/two"]) == two
    assert local_mirror(folder, ["new/name", "c/three"]) == three
    record = local.visit("d/four")
    assert (record.status, record.reason) == ("not_found", "no bare repository of d/four in the folder of mirrors")
    assert local.visit("new/name", "c/three").status == "full"


def test_two_visits_of_one_repository_at_once_end_in_one_result(lab: GitLab):
    repository = lab.repository()
    made = repository.line(*[f"2023-01-{day:02d}" for day in range(1, 29)])
    visitor = lab.visitor
    code = (
        "import pickle, sys; from deepsignal_pipeline.sources import Asked;"
        "print(pickle.load(sys.stdin.buffer).visit(Asked('some/where')).record.status)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        pickle.dump(visitor, process.stdin)
        process.stdin.close()
        process.stdin = None
    said = [process.communicate(timeout=30)[0].strip() for process in both]
    assert said == [b"full", b"full"]
    assert lab.shas() == set(made)
    assert len(lab.store.record(NAME).pieces) == 1
