"""Faults D01, D02 and D04 to D07: a full disk, a home that cannot be written, files that cannot be read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import digest, everything, first_read_for, published, temporaries, unfinished_runs
from small_disk import fill, small_disk

from deepsignal_pipeline.engines.views import problem_of_views, rebuild_views
from deepsignal_pipeline.lake import Lake

PUBLISH = ("run", "--job", "publish_quarters", "--quarter", "2023-Q1")
_RAW = "lake/raw_commits/quarter=2023-01-01/part-0.parquet"
_ACTIVITY = "lake/alias_activity/quarter=2023-01-01/part-0.parquet"


@pytest.fixture
def disk(runs: Shared) -> Iterator[Path]:
    """Mount a file system of 64 MB."""
    with small_disk(runs.place / "disk", "64m") as mounted:
        yield mounted


READ = ("run", "--job", "read_quarters", "--from", first_read_for("2023-Q1"), "--quarter", "2023-Q1")


def test_D01_a_full_disk_leaves_the_last_version_and_no_rubbish_and_room_mends_it(runs: Shared, disk: Path):
    home, instance = disk / "home", runs.home()
    shutil.copytree(runs.published_home, home)
    shutil.move(home / "dagster", instance)
    fill(disk, 64_000)

    problems = runs.run(*READ, home=home, DAGSTER_HOME=instance, content=runs.moved).problems

    assert all("No space left" in problem for problem in problems), problems
    _assert_last_version(runs, home)
    (disk / "ballast").unlink()
    ended = runs.run(*READ, home=home, DAGSTER_HOME=instance)
    assert ended.status == 0, ended
    assert published(home) == runs.clean


def test_D01_a_disk_that_is_full_for_dagster_too_is_told_without_a_traceback(runs: Shared, disk: Path):
    home = disk / "home"
    shutil.copytree(runs.published_home, home)
    fill(disk, 200_000)

    ended = runs.run(*READ, home=home, content=runs.moved)

    assert ended.status == 1
    assert "Traceback" not in ended.out + ended.err
    *others, last = ended.err.splitlines()
    # Dagster says by itself, on stderr, that it cannot write its log
    assert not [line for line in others if not line.startswith(("deepsignal: ", "Exception while writing", "(Back"))]
    assert last.startswith("deepsignal: ")
    assert "full" in last or "No space left" in last or "disk I/O error" in last, last
    _assert_last_version(runs, home)
    (disk / "ballast").unlink()
    ended = runs.run(*READ, home=home)
    assert ended.status == 0, ended
    assert published(home) == runs.clean
    assert unfinished_runs(home) == []


def _assert_last_version(runs: Shared, home: Path) -> None:
    """Look for rubbish, and for anything else than what stood there; small tables may have been published, whole."""
    assert temporaries(home) == []
    seen = published(home)
    assert seen.keys() == runs.clean.keys()
    changed = {path.split("/")[1] for path, digest in seen.items() if digest != runs.clean[path]}
    assert changed <= {"tracked_repositories", "repository_snapshots"}


@pytest.mark.parametrize("arguments", [("run", "--quarter", "2023-Q1"), ("views",), ("data-docs",)])
@pytest.mark.parametrize("blocked", ["", "lake"])
def test_D04_a_home_that_cannot_be_made_is_told_before_any_work(
    runs: Shared, tmp_path: Path, arguments: tuple[str, ...], blocked: str
):
    home = tmp_path / "home"
    (home / blocked).parent.mkdir(exist_ok=True)
    (home / blocked).write_text("a file in its place")
    before = everything(tmp_path)
    problem = runs.run(*arguments, home=home).problem
    assert str(home) in problem
    assert "set DEEPSIGNAL_HOME elsewhere" in problem
    assert everything(tmp_path) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without permission")
def test_D04_a_home_without_permission_is_told_before_any_work(runs: Shared):
    home = runs.copy(runs.read_home)
    before = everything(home)
    problem = runs.run(*PUBLISH, home=home, patch="import os; os.setgid(65534); os.setuid(65534)").problem
    assert problem == f"{home}: no permission to write; set DEEPSIGNAL_HOME elsewhere"
    assert everything(home) == before


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


_CORRUPTIONS = {
    "empty": lambda data: data[:0],
    "cut in half": lambda data: data[: len(data) // 2],
    "cut at its end": lambda data: data[:-4],
    "zeroed": lambda data: bytes(len(data)),
    "a byte of its first page flipped": lambda data: _flip(data, 4),
    "a byte of its footer flipped": lambda data: _flip(data, len(data) - 7),
}


@pytest.mark.parametrize("how", _CORRUPTIONS)
def test_D05_a_file_that_cannot_be_read_is_named_with_the_command_that_makes_it_anew(runs: Shared, how: str):
    home = runs.copy(runs.published_home)
    broken = home / _ACTIVITY
    broken.write_bytes(_CORRUPTIONS[how](broken.read_bytes()))
    before = published(home)

    problems = runs.run(*PUBLISH, home=home).problems

    command = "deepsignal run --job read_quarters --quarter 2023-Q1"
    told = f"{broken}: cannot be read; remove it and run: {command}"
    assert problems
    assert {problem.rpartition(" failed: ")[2] for problem in problems} == {told}
    assert published(home) == before
    if how == "empty":
        broken.unlink()
        assert runs.run(*command.split()[1:], home=home).status == 0
        assert runs.run(*PUBLISH, home=home).status == 0
        assert published(home) == runs.clean


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("lake/contributor_aliases/part-0.parquet", "--job read_quarters --quarter QUARTER"),
        ("lake/tracked_repositories/part-0.parquet", "--job read_quarters --quarter QUARTER"),
    ],
)
def test_D05_a_broken_table_without_quarters_is_named_too(runs: Shared, path: str, command: str):
    home = runs.copy(runs.published_home)
    (home / path).write_bytes((home / path).read_bytes()[:-4])
    for problem in runs.run(*PUBLISH, home=home).problems:
        assert problem.endswith(f"{home / path}: cannot be read; remove it and run: deepsignal run {command}")


def test_D05_a_broken_file_is_replaced_by_the_run_that_makes_it_though_no_view_can_be_made_of_it(runs: Shared):
    home = runs.copy(runs.published_home)
    (home / "lake" / "contributor_aliases" / "part-0.parquet").write_bytes(b"")
    (home / _RAW).write_bytes(b"")
    ended = runs.run("run", "--job", "read_quarters", "--quarter", "2023-Q1", home=home)
    assert ended.status == 0, ended
    assert published(home) == runs.clean


def test_D05_the_doctor_names_every_broken_file_with_the_command_that_makes_it_anew(runs: Shared):
    home = runs.copy(runs.published_home)
    aliases = home / "lake" / "contributor_aliases" / "part-0.parquet"
    aliases.write_bytes(b"")
    (home / _RAW).write_bytes(_CORRUPTIONS["cut in half"]((home / _RAW).read_bytes()))
    told = [line for line in runs.run("doctor", home=home).out.splitlines() if line.startswith("MEND")]
    (raw,) = [line for line in told if str(home / _RAW) in line]
    assert raw.endswith("; remove it and run: deepsignal run --job read_quarters --quarter 2023-Q1")
    (whole,) = [line for line in told if str(aliases) in line]
    assert whole.endswith("; remove it and run: deepsignal run --job read_quarters --quarter QUARTER")


def test_D02_views_that_find_the_disk_full_stay_as_they_were(runs: Shared, disk: Path):
    home = disk / "home"
    shutil.copytree(runs.read_home, home)
    assert runs.run("views", home=home).status == 0
    before = digest(home / "deepsignal.duckdb")
    fill(disk, 20_000)
    problem = runs.run("views", home=home).problem
    assert problem.startswith(f"{home / 'deepsignal.duckdb'}: "), problem
    assert "No space left" in problem
    assert problem.endswith("what was there stays, mend that and run: deepsignal views")
    assert (digest(home / "deepsignal.duckdb"), problem_of_views(Lake(home)), temporaries(home)) == (before, "", [])
    (disk / "ballast").unlink()
    assert runs.run("views", home=home).status == 0
    assert problem_of_views(Lake(home)) == ""


_BROKEN_VIEWS = _CORRUPTIONS | {"a byte of a block flipped": lambda data: _flip(data, 12_300)}


def test_D06_a_damaged_file_of_views_is_told_and_built_anew(runs: Shared):
    home = runs.copy(runs.read_home)
    lake, views = Lake(home), home / "deepsignal.duckdb"
    rebuild_views(lake)
    whole, wanted = views.read_bytes(), _views(views)
    for how, corrupt in _BROKEN_VIEWS.items():
        views.write_bytes(corrupt(whole))
        assert problem_of_views(lake), how
        rebuild_views(lake)
        assert _views(views) == wanted
    for journal in (b"", b"a journal of another file"):
        Path(f"{views}.wal").write_bytes(journal)
        rebuild_views(lake)
        assert _views(views) == wanted
        assert not Path(f"{views}.wal").exists()
    views.write_bytes(whole[:1000])
    (line,) = [line for line in runs.run("doctor", home=home).out.splitlines() if line.startswith("MEND")]
    assert line.startswith(f"MEND  {views}: ")
    assert line.endswith("; run: deepsignal views")


def test_D07_views_of_a_newer_duckdb_are_told_with_both_versions_and_built_anew(runs: Shared):
    home = runs.copy(runs.read_home)
    views = home / "deepsignal.duckdb"
    runs.run("views", home=home)
    data = views.read_bytes()
    newer = data[8:12] + (9999).to_bytes(8, "little") + data[20:]
    views.write_bytes(data[:8] + newer)
    # The checksum of the header is DuckDB's own: it says itself which one it would be
    views.write_bytes(int(problem_of_views(Lake(home)).split()[5]).to_bytes(8, "little") + newer)
    assert re.search(r"version number 9999, but we can only read .* between \d+ and \d+", problem_of_views(Lake(home)))
    assert runs.run("views", home=home).status == 0
    assert views.read_bytes()[8:20] == data[8:20]
    assert problem_of_views(Lake(home)) == ""


def _views(database: Path) -> list[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            name for (name,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        ]
