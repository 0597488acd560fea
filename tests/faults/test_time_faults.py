"""Faults T01 to T04: ticks of the schedule, quarters that are not over, misspelt or never read."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.schedules import cron_string_iterator
from pipeline_fixtures import Shared
from pipeline_runs import BIN, ROOT, deepsignal, everything, first_read_for, run_statuses

from deepsignal_pipeline.definitions import defs
from deepsignal_pipeline.defs.schedules import quarterly_schedule
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter

# Half and quarter hours, both hemispheres, no daylight saving, a day ahead, a day behind
ZONES = [
    "UTC",
    "Asia/Kolkata",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "America/St_Johns",
]


@pytest.mark.parametrize("zone", ZONES)
def test_T01_the_schedule_ticks_once_a_quarter_and_asks_for_the_one_that_ended(
    zone: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        start = datetime(2023, 12, 1, tzinfo=UTC)
        iterator = cron_string_iterator(start.timestamp(), quarterly_schedule.cron_schedule, "UTC")
        ticks = [tick for tick in (next(iterator) for _ in range(13)) if tick < start + timedelta(days=3 * 365 + 1)]
        asked = [request for tick in ticks for request in _asked_at(tick)]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert quarterly_schedule.execution_timezone == "UTC"
    assert [tick.astimezone(UTC).strftime("%m-%d %H:%M") for tick in ticks] == [
        f"{month:02}-06 06:00" for _ in range(3) for month in (1, 4, 7, 10)
    ]
    keys = [request.partition_key for request in asked]
    assert keys == [Quarter(2023, 4).shift(n).key for n in range(12)]
    # One run a quarter, though a tick be evaluated twice
    assert [request.run_key for request in asked] == keys
    assert {request.tags["deepsignal/quarters"] for request in asked} == {Quarter.parse(key).label for key in keys}


@pytest.mark.parametrize(
    ("tick", "key"),
    [
        ("2024-02-29T06:00:00", "2023-10-01"),
        ("2023-12-31T23:59:59", "2023-07-01"),
        ("2024-01-01T00:00:00", "2023-10-01"),
        ("2024-03-31T02:30:00", "2023-10-01"),
        ("2024-04-01T00:00:00", "2024-01-01"),
    ],
)
def test_T01_on_any_day_the_last_closed_quarter_is_asked_for(tick: str, key: str):
    (request,) = _asked_at(datetime.fromisoformat(tick).replace(tzinfo=UTC))
    assert request.partition_key == key


@cache
def _repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


def _asked_at(tick: datetime) -> list[dg.RunRequest]:
    context = dg.build_schedule_context(scheduled_execution_time=tick, repository_def=_repository())
    return list(quarterly_schedule.evaluate_tick(context).run_requests or [])


def test_T02_a_quarter_that_is_not_over_is_told_with_its_end_and_the_newest_closed_one(runs: Shared):
    running = Quarter.containing(datetime.now(UTC).date())
    home = runs.home()
    for quarter in (running, running.shift(1), running.shift(40)):
        for spelling in (quarter.label, quarter.key):
            problem = runs.run("run", "--quarter", spelling, home=home).problem
            assert problem == (
                f"{quarter}: not over before {quarter.end:%Y-%m-%d}; the newest closed quarter is {running.shift(-1)}"
            )
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--quarter", "2023-1"), "quarter '2023-1': write it as 2023-Q1 or as its first day, 2023-01-01"),
        (("--quarter", "2023-Q5"), "write it as 2023-Q1"),
        (("--quarter", "2023-02-01"), "write it as 2023-Q1"),
        (("--quarter", "Q1 2023"), "write it as 2023-Q1"),
        (("--quarter", ""), "write it as 2023-Q1"),
        (("--quarter", "2023-Q1", "--from", "2O22-Q1"), "write it as 2023-Q1"),
        (("--quarter", "2014-Q4"), f"quarters begin with {FIRST_QUARTER}"),
        (("--quarter", "2015-Q1", "--from", "2014-Q1"), f"quarters begin with {FIRST_QUARTER}"),
        (("--quarter", "2022-Q4", "--from", "2023-Q1"), "the first quarter lies after the last"),
        (("--quarter", "2024-Q1"), "outside what the source 'sample' holds; choose from 2015-Q1 to 2023-Q3"),
        (("--quarter", "2024-Q1", "--job", "read_quarters"), "choose from 2015-Q1 to 2023-Q3"),
    ],
)
def test_T03_a_misspelt_or_impossible_quarter_is_told_with_what_would_do(
    runs: Shared, arguments: tuple[str, ...], words: str
):
    home = runs.home()
    assert words in runs.run("run", *arguments, home=home).problem
    assert not home.exists()


def test_T03_a_quarter_is_accepted_by_its_label_in_either_case_and_by_its_first_day(runs: Shared):
    home = runs.home()
    for spelling in ("2022-q3", "2022-07-01", " 2022-Q3 "):
        problem = runs.run("run", "--job", "publish_quarters", "--quarter", spelling, home=home).problem
        assert "never made" in problem


def test_T04_publishing_what_was_never_read_is_refused_with_the_command_and_writes_nothing(runs: Shared):
    publish = ("run", "--job", "publish_quarters")
    home = runs.home()
    problem = runs.run(*publish, "--quarter", "2023-Q1", home=home).problem
    assert "was never made; run: deepsignal run --job read_quarters" in problem
    assert not home.exists()

    home = runs.copy(runs.read_home)
    before = everything(home)
    for wanted, missing in {
        "2023-Q2": "alias_activity of 2023-Q2",
        "2022-Q3": f"alias_activity of {first_read_for('2022-Q3')}",
        "2018-Q1": f"2018-Q1 reads alias_activity of {first_read_for('2018-Q1')}",
    }.items():
        problem = runs.run(*publish, "--quarter", wanted, home=home).problem
        assert missing in problem, problem
        command = problem.partition("run: deepsignal ")[2]
        assert command.startswith("run --job read_quarters --"), problem
    assert everything(home) == before
    assert len(run_statuses(home)) == 1


def test_T04_a_missing_quarter_within_a_range_is_refused_before_any_quarter_of_it_is_published(runs: Shared):
    home = runs.copy(runs.read_home)
    before = everything(home)
    arguments = ("--job", "publish_quarters", "--from", "2022-Q4", "--quarter", "2023-Q2")
    assert "2023-Q2" in runs.run("run", *arguments, home=home).problem
    assert everything(home) == before


def test_T04_the_quarterly_job_reads_its_quarter_but_publishes_nothing_without_the_one_before(runs: Shared):
    home = runs.home()
    problem = runs.run("run", "--job", "quarterly", "--quarter", "2023-Q1", home=home).problem
    assert problem.startswith("contributor_identities failed: 2023-Q1 reads alias_activity of ")
    assert problem.endswith(
        f"run: deepsignal run --job read_quarters --from {first_read_for('2023-Q1')} --quarter 2022-Q4"
    )
    assert sorted(path.name for path in (home / "lake").iterdir() if not path.name.startswith(".")) == [
        "alias_activity",
        "alias_terms",
        "changed_paths",
        "contributor_aliases",
        "counted_commits",
        "proposed_imports",
        "quarantined_commits",
        "raw_commits",
        "repository_metadata",
        "repository_snapshots",
        "tracked_repositories",
    ]
    assert list((home / "editions").iterdir()) == []


_LAUNCHES = {
    "dg launch": [str(BIN / "dg"), "launch", "--job", "publish_quarters", "--partition", "2023-01-01"],
    "in process": [
        sys.executable,
        "-c",
        "import dagster as dg; from deepsignal_pipeline.definitions import defs\n"
        "job = defs().resolve_job_def('publish_quarters')\n"
        "job.execute_in_process(partition_key='2023-01-01', instance=dg.DagsterInstance.get())",
    ],
}


@pytest.mark.parametrize("how", _LAUNCHES)
def test_T04_a_launch_through_dagster_is_refused_in_the_same_way(runs: Shared, how: str, tmp_path: Path):
    home = runs.home()
    (tmp_path / "dagster").mkdir()
    variables = runs.environment(home, DAGSTER_HOME=tmp_path / "dagster")
    ended = subprocess.run(_LAUNCHES[how], env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended
    assert "was never made; run: deepsignal run --job read_quarters" in ended.stdout + ended.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_T02_the_installed_command_says_the_same(runs: Shared):
    """From its real beginning, once: the other tests fork a process that has imported everything."""
    assert deepsignal("run", "--quarter", "2099-Q1", environment=runs.environment(runs.home())).problem.startswith(
        "2099-Q1: not over before 2099-04-01"
    )
