"""What surrounds the git source: processes that hang or die, folders that were touched, memory and disks that end."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from git_lab import NAME, NOW, GitLab, in_place, source_of
from repositories import git
from small_disk import fill, small_disk

from deepsignal_pipeline.sources import Asked, SourceError
from deepsignal_pipeline.sources.git.command import Git, Limits
from deepsignal_pipeline.sources.git.places import Host, local_mirror
from deepsignal_pipeline.sources.git.visit import Places


def test_D08_leftovers_of_dead_visits_are_swept(hosted: GitLab):
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    hosted.full()
    folder = hosted.store.folder(NAME)
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
    assert hosted.full().commits == 2
    assert hosted.shas() == {*made, *more}
    assert [path for path in leftovers if path.exists()] == []


@pytest.mark.parametrize("damage", ["objects", "refs", "HEAD", "mirror", "record", "pieces"])
def test_D09_a_folder_partly_deleted_is_made_again_and_no_other(hosted: GitLab, damage: str):
    repository, other = hosted.repository(), hosted.repository(name="other/one")
    made = repository.line("2023-01-01", "2023-01-02")
    other.line("2023-01-01")
    hosted.full()
    hosted.full("other/one")
    folder = hosted.store.folder(NAME)
    target = {
        "mirror": folder / "repository.git",
        "record": folder / "record.json",
        "pieces": folder / "pieces",
    }.get(damage, folder / "repository.git" / damage)
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    untouched = (hosted.store.folder("other/one") / "record.json").stat().st_mtime_ns
    more = repository.line("2023-01-03", onto=made[-1])
    assert hosted.full().commits == 3
    hosted.full("other/one")
    assert {row["sha"] for row in hosted.rows() if row["repository"] == NAME} == {*made, *more}
    assert (hosted.store.folder("other/one") / "record.json").stat().st_mtime_ns == untouched


def test_T06_a_clock_that_is_a_year_behind_is_told_before_anything_is_asked(hosted: GitLab):
    hosted.repository().line("2023-01-01")
    source_of(hosted).visit([Asked(NAME)], [], print)
    before = hosted.files()
    behind = replace(source_of(hosted), clock=lambda: NOW.replace(year=2022))
    with pytest.raises(
        SourceError, match=r"clock says 2022-04-02 12:00 UTC, but the last visit was at 2023-04-02 12:00"
    ):
        behind.visit([Asked(NAME)], [], print)
    assert hosted.files() == before


def test_D10_names_that_differ_in_case_or_length_have_mirrors_of_their_own(hosted: GitLab):
    names = ["A/b", "a/B", "a/b", "x/" + "n" * 100]
    expected = {}
    for day, name in enumerate(names, start=1):
        expected[name] = set(hosted.repository(name=name).line(f"2023-01-{day:02d}"))
        hosted.full(name)
    held = {name: {row["sha"] for row in hosted.rows() if row["repository"] == name} for name in names}
    assert held == expected


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("room", [100_000, 1_500_000])
def test_D03_a_full_disk_fails_the_repository_and_what_was_held_can_be_read(hosted: GitLab, room: int, is_first: bool):
    repository = hosted.repository()
    made = repository.line("2023-01-01")
    with small_disk(hosted.folder / "home", "8m") as disk:
        before = None if is_first else hosted.full()
        tip = made[0]
        # About a megabyte to fetch and two to read: the smaller room is too small for the first, the larger for the second
        for _ in range(10):
            tip = repository.commit(tip, message=b"big\n\n" + os.urandom(100_000).hex().encode())
        repository.point(tip)
        fill(disk, room)
        record = hosted.visit()
        assert (record.status, record.pieces) == ("failed", before.pieces if before else ())
        assert "disk is full" in str(record.reason) or "No space left" in str(record.reason)
        if before:
            assert hosted.shas() == set(made)
            (mirror,) = disk.glob("mirrors/*/repository.git")
            assert git(mirror, "rev-list", "--count", made[0]) == b"1\n"
        (disk / "ballast").unlink()
        assert hosted.full().commits == 11


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_D04_a_home_that_cannot_be_written_stops_everything(hosted: GitLab):
    (hosted.folder / "home").mkdir(mode=0o500)
    with pytest.raises(SourceError, match="cannot be made"):
        source_of(hosted).visit([Asked(NAME)], [], print)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without permission")
def test_D04_a_mirror_without_permission_is_a_row_and_the_others_go_on():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:  # noqa: S108
        local = in_place(Path(place))
        local.repository(name="closed/one").line("2023-01-01")
        fine = local.repository(name="fine/one")
        made = fine.line("2023-01-01")
        local.full("fine/one")  # imports all that the child could not
        fine.line("2023-01-02", onto=made[0])
        for path in local.store.root.rglob("*"):
            os.chown(path, 65534, 65534)
        (local.folder / "host" / "closed").chmod(0o700)
        for folder in (local.folder, local.folder / "home", local.store.root):
            folder.chmod(0o777)
        if not (child := os.fork()):
            status = 1
            try:
                os.setgid(65534)
                os.setuid(65534)
                assert source_of(local)._size(Asked("closed/one")) == 0
                local.visit("closed/one")
                local.full("fine/one")
                status = 0
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        closed, read = (local.store.record(name) for name in ("closed/one", "fine/one"))
        assert closed is not None
        assert (closed.status, closed.reason) == (
            "failed",
            "PermissionError: .../closed/one.git/HEAD Permission denied",
        )
        assert read is not None
        assert (read.status, read.commits) == ("full", 2)


def test_a_record_that_cannot_be_written_stops_everything(hosted: GitLab):
    hosted.repository().line("2023-01-01")
    hosted.store.prepare()
    hosted.store.folder(NAME).write_text("a file in the place of a folder")
    with pytest.raises(SourceError, match="mend that and visit again"):
        source_of(hosted).visit([Asked(NAME)], [], print)


def run_limited(hosted: GitLab, names: list[str], megabytes: int) -> None:
    """Visit in processes that may not have more memory than this."""
    script = f"""
import resource, sys
from pathlib import Path
from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.source import GitSource
from deepsignal_pipeline.sources.git.visit import Places
resource.setrlimit(resource.RLIMIT_DATA, ({megabytes} << 20, {megabytes} << 20))
places = Places(mirrors=Path({str(hosted.folder / "host")!r}))
GitSource(Path({str(hosted.folder / "home")!r}), "key", places, workers=1).visit(
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


@pytest.mark.parametrize("block", [700, 5_000, 15_000])
def test_P07_a_commit_of_more_paths_than_fit_is_cut_and_its_neighbours_are_whole(
    local: GitLab, monkeypatch: pytest.MonkeyPatch, block: int
):
    repository = local.repository()
    paths = [b"p%06d" % number for number in range(3000)]
    first, *_ = repository.line("2023-01-01")
    bulk = repository.commit(first, tree=repository.tree(*paths))
    after = repository.commit(bulk, tree=repository.tree(*paths[1:]))
    repository.point(after)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.tokens._LARGEST_COMMIT", 15_000)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.extraction._BLOCK", block)
    record = local.full()
    assert (record.commits, record.news) == (3, ["commits that change more paths than are kept: 1"])
    changes = {row["sha"]: row["changes"] for row in local.rows()}
    # A path takes ten bytes with its status, the header some two hundred: the same are kept whatever the blocks were
    assert len(changes[bulk]) == 1_478
    assert [change["path"].encode() for change in changes[bulk]] == [b"file", *paths[:1_477]]
    assert changes[after] == [{"status": "D", "path": "p000000"}]
    assert [change["path"] for change in changes[first]] == ["file"]


def test_P07_a_message_that_does_not_fit_fails_the_repository(local: GitLab, monkeypatch: pytest.MonkeyPatch):
    repository = local.repository()
    repository.point(repository.commit(message=b"x" * 40_000))
    monkeypatch.setattr("deepsignal_pipeline.sources.git.tokens._LARGEST_COMMIT", 15_000)
    monkeypatch.setattr("deepsignal_pipeline.sources.git.extraction._BLOCK", 5_000)
    record = local.visit()
    assert (record.status, record.commits) == ("failed", 0)
    assert "message of more than" in str(record.reason)


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


def test_P08_a_host_that_never_answers_is_given_up(hosted: GitLab):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        places = Places(Host(f"http://{host}", ("http",), (host,)))
        hanging = replace(hosted, places=places, git=Git(("http",), Limits(seconds=1)))
        started = time.monotonic()
        record = hanging.visit()
        assert time.monotonic() - started < 60
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
def test_P02_P03_no_process_outlives_a_visit_that_is_ended(hosted: GitLab, how: signal.Signals):
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
GitSource(Path({str(hosted.folder / "home")!r}), "key", places, Git(("http",))).visit(
    [Asked("a/b"), Asked("c/d")], [], print)
"""
        process = subprocess.Popen([sys.executable, "-c", script])
        deadline = time.monotonic() + 60
        while len(started := children_of(process.pid)) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(started) >= 4  # two workers, each with its git
        process.send_signal(how)
        try:
            process.wait(60)
        finally:
            process.kill()
        deadline = time.monotonic() + 60
        while (alive := {pid for pid in started if _is_running(pid)}) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert alive == set()


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_git_too_old_or_missing_stops_everything(hosted: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fake = tmp_path / "bin"
    fake.mkdir()
    monkeypatch.setenv("PATH", str(fake))
    with pytest.raises(SourceError, match="not found; install git"):
        source_of(hosted).visit([Asked(NAME)], [], print)
    (fake / "git").write_text("#!/bin/sh\necho git version 2.30.2\n")
    (fake / "git").chmod(0o755)
    with pytest.raises(SourceError, match=r"git version 2\.30\.2: too old; install git 2\.39\.4"):
        source_of(hosted).visit([Asked(NAME)], [], print)


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
    record = local.visit("B/Two")
    assert (record.status, str(record.reason).partition("; ")[2]) == ("not_found", "b+two is there, in other letters")


def test_two_visits_of_one_repository_at_once_end_in_one_result(hosted: GitLab):
    repository = hosted.repository()
    made = repository.line(*[f"2023-01-{day:02d}" for day in range(1, 29)])
    visitor = hosted.visitor
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
    assert hosted.shas() == set(made)
    assert len(hosted.store.record(NAME).pieces) == 1
