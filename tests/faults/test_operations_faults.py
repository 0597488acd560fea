"""Faults O01 to O04 and O06: Dagster's history, old homes and files, settings without sense, suites that find failures."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import Ended, digest, everything, first_read_for, published, run_statuses

from deepsignal_pipeline.tables import TABLES

READ = ("run", "--job", "read_quarters", "--from", first_read_for("2023-Q1"), "--quarter", "2023-Q1")
PUBLISH = ("run", "--job", "publish_quarters", "--quarter", "2023-Q1")


def test_O01_without_dagster_home_the_history_is_kept_in_the_home(runs: Shared):
    assert run_statuses(runs.published_home) == [("read_quarters", "SUCCESS"), ("publish_quarters", "SUCCESS")]
    template = Path(__file__).parents[2] / "dagster.yaml"
    assert digest(runs.published_home / "dagster" / "dagster.yaml") == digest(template)


def test_O01_a_relative_dagster_home_is_told_with_the_line_to_paste(runs: Shared, tmp_path: Path):
    child = runs.forks.start(
        *READ, environment=runs.environment(tmp_path / "home", DAGSTER_HOME="somewhere/dagster"), cwd=tmp_path
    )
    assert child.wait().problem == (
        f"DAGSTER_HOME is somewhere/dagster, but it must be absolute: export DAGSTER_HOME={tmp_path}/somewhere/dagster"
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_O01_a_dagster_home_that_cannot_be_made_or_written_is_told(runs: Shared, tmp_path: Path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "dagster"):
        problem = runs.run(*READ, home=tmp_path / "home", DAGSTER_HOME=place).problem
        assert problem.startswith(f"DAGSTER_HOME {place}: ")
        assert problem.endswith("set it to a folder that can be written")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without permission")
def test_O01_a_dagster_home_of_somebody_else_is_told(runs: Shared):
    home, place = runs.home(), runs.home()
    home.mkdir()
    home.chmod(0o777)
    shutil.copytree(runs.published_home / "dagster", place)
    patch = "import os; os.setgid(65534); os.setuid(65534)"
    problem = runs.run(*READ, home=home, DAGSTER_HOME=place, patch=patch).problem
    assert problem.startswith(f"DAGSTER_HOME {place}: ")


def test_O01_a_dagster_yaml_that_makes_no_sense_is_told(runs: Shared):
    home = runs.home()
    (home / "dagster").mkdir(parents=True)
    for text in ("telemetry: {enabled: perhaps}\n", "no_such_key: 1\n", "telemetry: {enabled\n"):
        (home / "dagster" / "dagster.yaml").write_text(text)
        problem = runs.run(*READ, home=home).problem
        assert problem.startswith(f"DAGSTER_HOME {home / 'dagster'}: "), problem


def test_O02_a_home_of_an_old_dagster_is_used_and_migrated_and_keeps_its_runs(runs: Shared):
    """The history of a home that Dagster 1.5 made, with one run; eight migrations have come since."""
    home = runs.home()
    history = home / "dagster" / "history"
    history.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(history / "runs.db")) as connection:
        connection.executescript((Path(__file__).parent / "dagster_1_5_runs.sql").read_text())
    read = ("run", "--job", "read_quarters", "--quarter", "2023-Q1")
    assert runs.run(*read, home=home).status == 0
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        instance.upgrade()
    assert runs.run(*read, home=home).status == 0
    assert run_statuses(home) == [("read_quarters", "SUCCESS")] * 3
    assert {path: seen for path, seen in published(home).items() if runs.clean.get(path) != seen} == {}


def test_O03_a_file_of_another_version_is_refused_with_the_command_that_makes_it_anew(runs: Shared):
    home = runs.copy(runs.read_home)
    file = home / "lake" / "alias_activity" / "quarter=2022-10-01" / "part-0.parquet"
    held = pq.ParquetFile(file).read()
    versions = {b"deepsignal.version": b"1999"}
    pq.write_table(held.replace_schema_metadata({**held.schema.metadata, **versions}), file)
    told = f"{file}: has version 1999 of its table, which is {TABLES['alias_activity'].version} by now; remove it and run: "
    assert any(told in problem for problem in runs.run(*PUBLISH, home=home).problems)
    assert not list(home.glob("editions/*/index.html"))


def test_O04_every_setting_that_makes_no_sense_is_told_at_once(runs: Shared, tmp_path: Path):
    home = runs.home()
    problems = runs.run(
        *READ, home=home, hom="x", source="svn", threads="many", sample=tmp_path / "none", DEEPSIGNAL_="y"
    ).problems
    told = dict(problem.split(": ", 1) for problem in problems)
    assert told.keys() == {
        "DEEPSIGNAL_HOM",
        "DEEPSIGNAL_SOURCE",
        "DEEPSIGNAL_THREADS",
        "DEEPSIGNAL_SAMPLE",
        "DEEPSIGNAL_",
    }
    assert told["DEEPSIGNAL_HOM"].startswith("no such setting; there are DEEPSIGNAL_HOME, ")
    assert told["DEEPSIGNAL_SOURCE"] == "'svn', but it must be one of: sample, git, github"
    assert told["DEEPSIGNAL_THREADS"] == "'many', but it must be a whole number of threads for DuckDB, 1 to 1024"
    assert f"{tmp_path / 'none'}, but it must be a folder with another sample" in told["DEEPSIGNAL_SAMPLE"]
    assert not home.exists()


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "1e3", " "])
def test_O04_threads_are_a_whole_number(runs: Shared, value: str):
    assert runs.run(*READ, home=runs.home(), threads=value).problem.startswith(f"DEEPSIGNAL_THREADS: {value!r}, but")


def test_O04_content_that_is_not_there_is_told(runs: Shared, tmp_path: Path):
    problem = runs.run(*READ, home=runs.home(), content=tmp_path / "none").problem
    assert str(tmp_path / "none") in problem
    assert "DEEPSIGNAL_CONTENT" in problem


def test_O04_a_broken_catalogue_is_told_by_a_run_in_the_words_of_the_validation(runs: Shared, tmp_path: Path):
    content = tmp_path / "content"
    shutil.copytree(runs.moved, content)
    with (content / "catalogue" / "edge.yaml").open("a") as file:
        file.write("- {repository: a/b, verified: seen}\n")
    validated = runs.run("catalogue", "validate", home=runs.home(), content=content).problem
    assert "edge.yaml:" in validated
    problem = runs.run(*READ, home=runs.home(), content=content).problem
    assert problem == f"tracked_repositories failed: {validated}"


def test_C10_publishing_under_a_catalogue_with_other_categories_than_were_read_is_refused(runs: Shared, tmp_path: Path):
    content = tmp_path / "content"
    shutil.copytree(runs.moved, content)
    listed = content / "catalogue" / "categories.yaml"
    listed.write_text(listed.read_text().replace("slug: edge", "slug: devices"))
    (content / "catalogue" / "edge.yaml").rename(content / "catalogue" / "devices.yaml")
    before = everything(runs.read_home)
    problem = runs.run(*PUBLISH, home=runs.read_home, content=content).problem
    assert problem == (
        "the catalogue has other categories than when it was read (devices, edge); "
        "run: deepsignal run --from 2023-Q1 --quarter 2023-Q1"
    )
    assert everything(runs.read_home) == before


@pytest.fixture(scope="module")
def broken_sample(runs: Shared) -> Path:
    """Cut a sample in which one commit of 2023-Q1 is listed twice."""
    folder = runs.place / "broken-sample"
    shutil.copytree(runs.sample, folder)
    whole = runs.sample / "commits.parquet"
    with duckdb.connect() as connection:
        connection.read_parquet(str(whole)).create_view("whole")
        again = "(SELECT * REPLACE ((SELECT max(id) + 1 FROM whole) AS id, []::INTEGER[] AS parents) FROM whole "
        again += "WHERE repositories = ['vllm-project/vllm'] AND committed_at > 1678000000 ORDER BY id LIMIT 1)"
        rows = connection.sql(f"FROM whole UNION ALL FROM {again} ORDER BY id")
        rows.write_parquet(str(folder / "commits.parquet"))
    return folder


def test_O06_a_failing_suite_stops_all_that_follows_keeps_the_last_good_file_and_names_the_rows(
    runs: Shared, broken_sample: Path
):
    home = runs.copy(runs.published_home)
    before = published(home)

    problem = runs.run("run", "--quarter", "2023-Q1", home=home, sample=broken_sample).problem

    rejected = home / "lake" / "raw_commits" / "quarter=2023-01-01" / "part-0.parquet.rejected"
    assert problem.startswith("raw_commits failed: raw_commits breaks its contract, so the last good files stay: ")
    assert "raw_commits_grain_is_unique (2023-Q1)" in problem
    assert "vllm-project/vllm / " in problem
    assert problem.endswith(f"Refused: {rejected}")
    assert [path for path in everything(home) if path.endswith(".rejected")] == [str(rejected.relative_to(home))]
    with duckdb.connect() as connection:
        assert len(connection.read_parquet(str(rejected)).fetchall()) > 0
    after = published(home)
    # The sample's fingerprint differs, so the tables that were made before this one may
    changed = {path.split("/")[1] for path in before if before[path] != after[path]}
    assert changed <= {"repository_snapshots", "contributor_aliases"}
    assert after.keys() == before.keys()
    # The other job was not even begun
    assert run_statuses(home)[2:] == [("read_quarters", "FAILURE")]
    _assert_nothing_after(home, "raw_commits", ["raw_commits_grain_is_unique"], ["counted_commits", "alias_activity"])


def test_O06_a_suite_that_fails_in_the_edition_keeps_the_last_edition(runs: Shared):
    """A contract made stricter in the child: every file of an edition would have to be an image."""
    home = runs.copy(runs.published_home)
    ended = runs.run(*PUBLISH, home=home, content=runs.moved, patch=_STRICTER)
    assert "quarterly_report failed: quarterly_report breaks its contract" in ended.problem
    assert "(2023-Q1): 2023-Q1 / charts/engagement.csv: does not hold, " in ended.problem
    after = published(home)
    editions = {path for path in after if path.startswith(("editions/", "lake/quarterly_report/"))}
    assert {path: after[path] for path in editions} == {path: runs.clean[path] for path in editions}
    assert [path for path in everything(home) if "2023-Q1" in path and ".tmp" in path] == []
    _assert_nothing_after(home, "quarterly_report", ["quarterly_report_every_file_is_an_image"], [])


_STRICTER = """
from dataclasses import replace
from deepsignal_pipeline import tables
from deepsignal_pipeline.tables.contract import Rule

stricter = Rule("every_file_is_an_image", "Every file is an image.", "media_type LIKE 'image/%'")
report = tables.TABLES["quarterly_report"]
tables.TABLES["quarterly_report"] = replace(report, rules=(*report.rules, stricter))
import sys
for name in [name for name in sys.modules if name.startswith("deepsignal_pipeline.defs")]:
    del sys.modules[name]
del sys.modules["deepsignal_pipeline.definitions"], sys.modules["deepsignal_pipeline.running"]
"""


def _assert_nothing_after(home: Path, table: str, failed: list[str], after: list[str]) -> None:
    """Look at what the last run told Dagster."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        run = instance.get_runs(limit=1)[0]
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    evaluated = [event for event in events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    found = [event.asset_check_evaluation_data for event in evaluated]
    # A warning stops nothing: a history with a commit twice is not as long as its publisher says
    warnings = [check.check_name for check in found if not check.passed and not check.blocking]
    assert set(warnings) <= {"repository_snapshots_an_independent_count_agrees"}
    broken = [check for check in found if not check.passed and check.blocking]
    assert [check.check_name for check in broken] == failed
    assert {check.severity for check in broken} == {dg.AssetCheckSeverity.ERROR}
    rows = [check.metadata["first rows"].value for check in broken]
    assert all(text and "@" not in text for text in rows), rows
    made = {str(event.asset_key.to_user_string()) for event in events if event.is_step_materialization}
    assert made
    assert not made & {table, *after}
    assert {event.step_key for event in events if event.is_step_failure} == {table}
    assert not {event.step_key for event in events if event.is_step_start} & set(after)


def test_ended_is_strict() -> None:
    """What the other tests lean on: a traceback, or a line that is not ours, is no proper refusal."""
    with pytest.raises(AssertionError):
        assert Ended(1, "", "Traceback (most recent call last):\n").problems
    with pytest.raises(AssertionError):
        assert Ended(0, "", "deepsignal: x\n").problems
