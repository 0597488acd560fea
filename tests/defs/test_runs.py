"""What a run leaves in Dagster: rows, previews and labels a quarter, checks, and an origin for re-execution."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import ROOT, first_read_for, published

from deepsignal_pipeline.defs.freshness import DAYS_OF_GRACE, check_edition, edition_due
from deepsignal_pipeline.defs.sensors import failure_log
from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES

PUBLISHED = quarter_range(Quarter(2022, 4), Quarter(2023, 1))
READ = quarter_range(Quarter.parse(first_read_for("2022-Q4")), PUBLISHED[-1])


@pytest.fixture(scope="module")
def instance(runs: Shared) -> Iterator[dg.DagsterInstance]:
    """Open the instance of a home in which a range was read in one run, and published in another."""
    with dg.DagsterInstance.from_config(str(runs.published_home / "dagster")) as opened:
        yield opened


def _made(instance: dg.DagsterInstance, name: str) -> dict[str | None, dict]:
    """Return the metadata of every materialisation of an asset, by quarter."""
    records = instance.fetch_materializations(dg.AssetKey(name), limit=100).records
    return {record.partition_key: dict(record.asset_materialization.metadata) for record in records}


@pytest.mark.parametrize("name", TABLES)
def test_every_quarter_of_a_range_has_its_own_metadata(runs: Shared, instance: dg.DagsterInstance, name: str):
    table = TABLES[name]
    found = _made(instance, name)
    wanted = (PUBLISHED if table.stage == 2 else READ) if table.quarterly else [None]
    assert found.keys() == {quarter and quarter.key for quarter in wanted}
    lake = Lake(runs.published_home)
    for quarter in wanted:
        metadata = found[quarter and quarter.key]
        assert metadata["dagster/row_count"].value == _rows(lake.file(table, quarter))
        assert isinstance(metadata["preview"], dg.MarkdownMetadataValue)
        # The home was copied between the two runs
        assert Path(metadata["file"].value).parts[-3:] == lake.file(table, quarter).parts[-3:]
        assert "quarter" not in metadata if quarter is None else metadata["quarter"].value == quarter.label


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return pq.read_metadata(path).num_rows


@pytest.mark.parametrize("name", TABLES)
def test_no_preview_tells_who_somebody_is(instance: dg.DagsterInstance, name: str):
    personal = {column.name for column in TABLES[name].columns if column.is_personal}
    for metadata in _made(instance, name).values():
        head, line, *_ = metadata["preview"].value.splitlines()
        shown = {cell.strip() for cell in head.strip("|").split("|")}
        assert shown <= set(TABLES[name].column_names) - personal
        assert set(line) <= {"|", "-", " "}
        assert "@" not in metadata["preview"].value


def test_a_run_says_its_quarters_and_can_be_executed_again_from_the_web_server(instance: dg.DagsterInstance):
    published_run, read_run = instance.get_runs()
    assert read_run.tags["deepsignal/quarters"] == f"{READ[0]} to 2023-Q1"
    assert published_run.tags["deepsignal/quarters"] == "2022-Q4 to 2023-Q1"
    assert read_run.tags["dagster/asset_partition_range_start"] == READ[0].key
    assert read_run.tags["dagster/asset_partition_range_end"] == "2023-01-01"
    for run, name in ((read_run, "read_quarters"), (published_run, "publish_quarters")):
        origin = run.remote_job_origin
        assert run.status == dg.DagsterRunStatus.SUCCESS
        assert (origin.job_name, origin.repository_origin.repository_name) == (name, "__repository__")
        assert origin.repository_origin.code_location_origin.location_name == "deepsignal_pipeline"


def test_every_check_of_a_run_is_recorded_as_blocking_and_passed(instance: dg.DagsterInstance):
    seen = set()
    for run in instance.get_runs():
        for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
            found = entry.dagster_event.asset_check_evaluation_data
            assert found.blocking == (found.severity == dg.AssetCheckSeverity.ERROR)
            assert found.passed or not found.blocking
            seen.add(found.asset_key.to_user_string())
    assert seen == set(TABLES)


_BACKFILL = """
import dagster as dg, sys
from deepsignal_pipeline.definitions import defs
job = defs().resolve_job_def("read_quarters")
tags = {"dagster/asset_partition_range_start": "2022-07-01", "dagster/asset_partition_range_end": "2022-10-01"}
with dg.DagsterInstance.get() as instance:
    sys.exit(not job.execute_in_process(instance=instance, tags=tags | {"dagster/backfill": "asked"}).success)
"""


def test_a_backfill_of_a_contiguous_range_is_one_run_and_changes_nothing_else(runs: Shared):
    """A job backfill of the UI, which is one run with these tags, in a process of its own."""
    home = runs.copy(runs.published_home)
    variables = runs.environment(home, DAGSTER_HOME=home / "dagster")
    subprocess.run([sys.executable, "-c", _BACKFILL], env=variables, cwd=ROOT, check=True, capture_output=True)
    assert published(home) == runs.clean
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        run, *_ = instance.get_runs()
        records = instance.fetch_materializations(dg.AssetKey("raw_commits"), limit=100).records
    own = [record.partition_key for record in records if record.run_id == run.run_id]
    assert sorted(own) == ["2022-07-01", "2022-10-01"]
    assert {r.asset_materialization.metadata["quarter"].value for r in records if r.run_id == run.run_id} == {
        "2022-Q3",
        "2022-Q4",
    }


def test_a_failed_run_is_logged_in_one_line(runs: Shared, caplog: pytest.LogCaptureFixture):
    home = runs.copy(runs.read_home)
    # What a file says of itself is checked before a run; its rows are only read within
    aliases = home / "lake" / "contributor_aliases" / "part-0.parquet"
    stored = aliases.read_bytes()
    aliases.write_bytes(stored[:100] + bytes(1000) + stored[1100:])
    arguments = ("run", "--job", "publish_quarters", "--from", "2022-Q4", "--quarter", "2023-Q1")
    assert runs.run(*arguments, home=home).status == 1
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        run, *_ = instance.get_runs()
        (failed,) = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
        context = dg.build_run_status_sensor_context(
            "failure_log", dagster_event=failed.dagster_event, dagster_instance=instance, dagster_run=run
        ).for_run_failure()
        with caplog.at_level(logging.ERROR):
            context.log.addHandler(caplog.handler)
            failure_log(context)
    (record,) = [record for record in caplog.records if "publish_quarters" in record.getMessage()]
    told = record.getMessage()
    assert f"publish_quarters of 2022-Q4 to 2023-Q1 failed (run {run.run_id}): " in told
    assert "contributor_identities" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2023-04-10T23:59:59", "2022-Q4"),
        ("2023-04-11T00:00:00", "2023-Q1"),
        ("2023-07-10T23:59:59", "2023-Q1"),
        ("2024-02-29T12:00:00", "2023-Q4"),
        ("2024-01-01T00:00:00", "2023-Q3"),
    ],
)
def test_an_edition_is_due_ten_days_after_its_quarter(now: str, due: str):
    assert DAYS_OF_GRACE == 10
    assert edition_due(datetime.fromisoformat(now).replace(tzinfo=UTC)).label == due


def test_the_freshness_check_passes_while_the_edition_that_is_due_is_out_and_warns_when_it_is_not(runs: Shared):
    lake = Lake(runs.published_home)
    due = Quarter(2023, 1).end + timedelta(days=DAYS_OF_GRACE)
    fresh = check_edition(lake, due, lambda: "2015-Q1 to 2023-Q3")
    assert fresh.passed
    assert fresh.metadata["edition due"].value == "2023-Q1"
    late = check_edition(lake, Quarter(2023, 2).end + timedelta(days=DAYS_OF_GRACE), lambda: "2015-Q1 to 2023-Q3")
    assert not late.passed
    assert late.severity == dg.AssetCheckSeverity.WARN
    assert late.metadata["edition due"].value == "2023-Q2"
    assert late.metadata["what to do"].value == "deepsignal run --quarter 2023-Q2"
    assert late.metadata["source holds"].value == "2015-Q1 to 2023-Q3"


def test_the_freshness_check_looks_for_the_page_and_not_only_for_its_table(runs: Shared):
    home = runs.copy(runs.published_home)
    (home / "editions" / "2023-Q1" / "index.html").unlink()
    now = Quarter(2023, 1).end + timedelta(days=DAYS_OF_GRACE)
    assert not check_edition(Lake(home), now, lambda: "").passed
