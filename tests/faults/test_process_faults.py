"""Faults P03 to P09 and D08: runs that are run twice at once, die, or find a notebook in their way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.events import EngineEventData
from dagster._core.utils import make_new_run_id
from pipeline_fixtures import Shared
from pipeline_runs import Ended, published, run_statuses, temporaries, unfinished_runs

from deepsignal_pipeline.defs.launch import fail_dead_runs
from deepsignal_pipeline.domain.quarters import Quarter

PUBLISH = ("run", "--job", "publish_quarters", "--quarter", "2023-Q1")


def test_P04_four_runs_at_once_in_an_empty_home_end_well(runs: Shared):
    """They make Dagster's tables at the same moment: without a lock, one pair in three failed."""
    home = runs.home()
    arguments = ("run", "--job", "read_quarters", "--quarter", "2023-Q1")
    all_four = [runs.forks.start(*arguments, environment=runs.environment(home)) for _ in "abcd"]
    assert [child.wait().status for child in all_four] == [0] * 4, [child.err.read_text() for child in all_four]
    _assert_tidy(home, 4)


def test_P04_two_first_runs_at_once_end_well_and_in_the_same_bytes(runs: Shared):
    home = runs.home()
    # What was read decides how far back predictions are scored, so the same is read as in the clean home
    arguments = ("run", "--from", "2022-Q4", "--quarter", "2023-Q1")
    both = [runs.forks.start(*arguments, environment=runs.environment(home)) for _ in "ab"]
    assert [child.wait().status for child in both] == [0, 0], [child.err.read_text() for child in both]
    assert published(home) == runs.clean
    _assert_tidy(home, 4)


def test_P04_two_runs_of_a_published_quarter_at_once_end_well_and_in_the_same_bytes(runs: Shared):
    home = runs.copy(runs.published_home)
    both = [runs.forks.start(*PUBLISH, environment=runs.environment(home)) for _ in "ab"]
    assert [child.wait().status for child in both] == [0, 0], [child.err.read_text() for child in both]
    assert published(home) == runs.clean
    _assert_tidy(home, 4)


def test_P05_two_backfills_that_share_eight_quarters_end_well_and_in_the_same_bytes(runs: Shared):
    home, quarter = runs.home(), Quarter.parse("2023-Q1")
    shared = [
        ("--from", quarter.shift(-8).label, "--quarter", "2023-Q1"),
        ("--from", quarter.shift(-9).label, "--quarter", "2022-Q4"),
    ]
    arguments = ("run", "--job", "read_quarters")
    both = [runs.forks.start(*arguments, *window, environment=runs.environment(home)) for window in shared]
    assert [child.wait().status for child in both] == [0, 0], [child.err.read_text() for child in both]
    found = published(home)
    assert len([path for path in found if path.startswith("lake/raw_commits/")]) == 10
    assert found == {path: digest for path, digest in runs.clean.items() if path in found}
    _assert_tidy(home, 2)


def _assert_tidy(home: Path, finished: int) -> None:
    assert temporaries(home) == []
    assert [status for _, status in run_statuses(home)] == ["SUCCESS"] * finished


def test_P06_a_notebook_that_reads_the_views_keeps_what_it_opened_and_others_see_the_new_ones(runs: Shared):
    home = runs.copy(runs.read_home)
    with notebook(home, read_only=True) as ask:
        shutil.copytree(runs.published_home / "lake" / "category_metrics", home / "lake" / "category_metrics")
        _assert_ends_well(runs.run("views", home=home))
        assert "category_metrics" in _views(home)
        assert ask("SELECT count(*) FROM duckdb_views() WHERE view_name = 'category_metrics'") == "0"
        assert int(ask("SELECT count(*) FROM raw_commits")) > 0
    assert "category_metrics" in _views(home)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_P06_a_notebook_that_writes_into_the_views_stops_nothing_and_harms_no_later_reader(runs: Shared, moment: str):
    home = runs.copy(runs.read_home)
    with notebook(home, read_only=False) as ask:
        if moment == "before":
            ask("CREATE TABLE mine AS SELECT 1 AS one")
        _assert_ends_well(runs.run("views", home=home))
        assert "raw_commits" in _views(home)
        if moment == "after":
            ask("CREATE TABLE mine AS SELECT 1 AS one")
        _assert_ends_well(runs.run("views", home=home))
        assert "raw_commits" in _views(home)
    _assert_ends_well(runs.run("views", home=home))
    assert "raw_commits" in _views(home)
    assert not (home / "deepsignal.duckdb.wal").exists()


def test_P06_a_run_while_a_notebook_holds_the_views_open_for_writing_ends_well(runs: Shared):
    home = runs.copy(runs.read_home)
    with notebook(home, read_only=False) as ask:
        ask("CREATE TABLE mine AS SELECT 1 AS one")
        _assert_ends_well(runs.run(*PUBLISH, home=home))
        assert "category_metrics" in _views(home)
    assert "category_metrics" in _views(home)


_NOTEBOOK = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "True")
print("ready", flush=True)
for line in sys.stdin:
    print(*(connection.execute(line).fetchone() or ()), flush=True)
"""


@contextmanager
def notebook(home: Path, *, read_only: bool) -> Iterator:
    """Another process that holds deepsignal.duckdb open, and answers queries."""
    command = [sys.executable, "-c", _NOTEBOOK, str(home / "deepsignal.duckdb"), str(read_only)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout

    def ask(query: str) -> str:
        process.stdin.write(query + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    try:
        assert process.stdout.readline() == "ready\n"
        yield ask
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def _views(home: Path) -> set[str]:
    """Open the file of views as a person would, and read every view."""
    with duckdb.connect(str(home / "deepsignal.duckdb"), read_only=True) as connection:
        names = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for (name,) in names:
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608  a name just read
    return {name for (name,) in names}


def _assert_ends_well(ended: Ended) -> None:
    assert ended.status == 0, ended


def test_P09_a_run_that_died_in_the_middle_of_an_edition_is_marked_as_failed_and_swept_by_the_next(runs: Shared):
    home = runs.copy(runs.published_home)
    child = runs.forks.start(*PUBLISH, environment=runs.environment(home, content=runs.moved))
    _wait_until(lambda: list(home.glob("editions/.*.tmp")) or list(home.glob("lake/report_facts/*/.*.tmp")))
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait().status == -signal.SIGKILL
    assert unfinished_runs(home) == [("publish_quarters", "STARTED")]
    (left,) = temporaries(home)
    edition = {path: digest for path, digest in published(home).items() if path.startswith("editions/")}
    assert edition == {path: digest for path, digest in runs.clean.items() if path.startswith("editions/")}

    ended = runs.run(*PUBLISH, "--from", "2022-Q4", home=home)
    assert ended.status == 0, ended
    assert f"swept {Path(left).name}, left by a process that is gone" in ended.out
    assert "had died; marked as failed" in ended.out
    assert [status for _, status in run_statuses(home)] == ["SUCCESS", "SUCCESS", "FAILURE", "SUCCESS"]
    assert temporaries(home) == []
    assert published(home) == runs.clean


def test_P09_a_run_that_the_web_server_launched_is_marked_when_its_process_is_gone_and_no_other_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Dagster's local launcher never looks again: such a run would stay STARTED for ever."""
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as gone,
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
    ):
        gone.wait()
        ids = {}
        for name, pid in (("dead", gone.pid), ("alive", os.getpid()), ("unknown", None)):
            run = dg.DagsterRun(name, run_id=make_new_run_id(), status=dg.DagsterRunStatus.STARTED)
            ids[name] = instance.add_run(run).run_id
            if pid is not None:
                instance.report_engine_event("Started process for run.", run, EngineEventData.in_process(pid))
        # An id that is some other process's by now: that one began after the run said that it had
        reused = dg.DagsterRun("reused", run_id=make_new_run_id(), status=dg.DagsterRunStatus.STARTED)
        ids["reused"] = instance.add_run(reused).run_id
        with monkeypatch.context() as earlier:
            earlier.setattr(time, "time", lambda: 1e9)
            instance.report_engine_event("Started process for run.", reused, EngineEventData.in_process(os.getpid()))

        assert set(fail_dead_runs(instance)) == {ids["dead"], ids["reused"]}
        assert fail_dead_runs(instance) == []
        status = {name: instance.get_run_by_id(run_id).status.value for name, run_id in ids.items()}
    assert status == {"dead": "FAILURE", "reused": "FAILURE", "alive": "STARTED", "unknown": "STARTED"}


def _wait_until(holds: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)


@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_P03_an_interrupted_run_leaves_the_last_version_and_nothing_else(runs: Shared, interrupt: signal.Signals):
    home = runs.copy(runs.published_home)
    child = runs.forks.start(*PUBLISH, environment=runs.environment(home, content=runs.moved))
    _wait_until(lambda: child.out.exists() and "contributor_identities" in child.out.read_text())
    os.kill(child.pid, interrupt)
    assert child.wait().problem.endswith("interrupted; nothing half-written was published")
    assert temporaries(home) == []
    assert unfinished_runs(home) == []
    seen = published(home)
    assert {path: digest for path, digest in seen.items() if path.startswith("editions/")} == {
        path: digest for path, digest in runs.clean.items() if path.startswith("editions/")
    }


def test_D08_leftovers_of_the_dead_are_swept_and_those_of_the_living_and_of_strangers_stay(runs: Shared):
    home = runs.copy(runs.published_home)
    own = _name_of(os.getpid())
    dead, reused = "4194303-17", f"{os.getpid()}-17"
    partition = home / "lake" / "raw_commits" / "quarter=2023-01-01"
    swept = [
        partition / f".part-0.parquet.{dead}.tmp",
        partition / f".part-0.parquet.{reused}.tmp",
        home / "lake" / "contributor_aliases" / f".part-0.parquet.{dead}.tmp",
        home / "lake" / f"..views.{dead}.tmp",
        home / f".deepsignal.duckdb.{dead}.tmp",
        home / f".deepsignal.duckdb.{dead}.tmp.wal",
        home / "dagster" / f".dagster.yaml.{dead}.tmp",
    ]
    kept = [partition / f".part-0.parquet.{own}.tmp", partition / ".notes.tmp", home / ".mine"]
    for path in swept + kept:
        path.write_bytes(b"half of a file")
    folder = home / "editions" / f".2023-Q1.{dead}.tmp"
    (folder / "charts").mkdir(parents=True)
    (folder / "index.html").write_text("half of a page")

    ended = runs.run("run", "--job", "read_quarters", "--quarter", "2023-Q1", home=home)

    assert ended.status == 0, ended
    assert [path for path in [*swept, folder] if path.exists()] == []
    assert all(path.exists() for path in kept)
    assert ended.out.count("swept ") == len(swept) + 1
    assert published(home) == runs.clean


def _name_of(pid: int) -> str:
    return f"{pid}-{Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[19]}"
