"""What the code location defines: every asset fully described, no change of its shape unseen, one partitions object."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import dagster as dg
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import BIN, ROOT

from deepsignal_pipeline.definitions import defs
from deepsignal_pipeline.defs.partitions import QUARTERS
from deepsignal_pipeline.tables import TABLES

SHAPE = Path(__file__).with_name("shape.txt")


@cache
def definitions() -> dg.Definitions:
    return defs()


def nodes() -> list:
    return sorted(definitions().resolve_asset_graph().asset_nodes, key=lambda node: node.key)


def test_the_definitions_can_be_loaded():
    dg.Definitions.validate_loadable(definitions())  # raises, and so fails, if one of them cannot


def test_every_table_is_an_asset_and_every_asset_a_table():
    assert {node.key.to_user_string() for node in nodes()} == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_asset_is_fully_described(name: str):
    (node,) = [node for node in nodes() if node.key == dg.AssetKey(name)]
    table = TABLES[name]
    assert table.one_row_is in node.description
    assert "Grain: " in node.description
    assert node.group_name == table.group
    assert {"duckdb", "parquet", "sql"} <= node.kinds or node.kinds == set(table.kinds)
    assert node.owners == ["team:deepsignal"]
    assert node.code_version == table.version
    assert node.tags["deepsignal/stage"] == str(table.stage)
    assert node.backfill_policy == dg.BackfillPolicy.single_run()
    assert {key.to_user_string() for key in node.parent_keys} == {read.table for read in table.reads}
    columns = node.metadata["dagster/column_schema"].columns
    assert tuple(column.name for column in columns) == table.column_names
    assert all(column.description and column.type for column in columns)


@pytest.mark.parametrize("name", TABLES)
def test_every_asset_has_checks_that_block_what_follows(name: str):
    graph = definitions().resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.get_check_keys_for_assets({dg.AssetKey(name)})]
    own = [spec for spec in specs if spec.name != "edition_is_out_in_time"]
    assert f"{name}_grain_is_unique" in {spec.name for spec in own if spec.blocking}
    warnings = {f"{name}_{rule.name}" for rule in TABLES[name].rules if not rule.blocks}
    assert {spec.name for spec in own if not spec.blocking} == warnings
    assert all(spec.name.startswith(f"{name}_") and spec.description for spec in own)


def test_there_is_one_partitions_object():
    found = {id(node.partitions_def) for node in nodes() if node.partitions_def}
    assert found == {id(QUARTERS)}
    assert {node.key.to_user_string() for node in nodes() if not node.partitions_def} == {
        name for name, table in TABLES.items() if not table.quarterly
    }
    for name in ("read_quarters", "publish_quarters", "quarterly"):
        assert definitions().resolve_job_def(name).partitions_def == QUARTERS


def test_dependencies_between_quarters_are_by_the_same_quarter():
    """A window of several in Dagster's own terms makes a backfill of the UI publish one quarter too many."""
    for node in nodes():
        for mapping in node.partition_mappings.values():
            assert mapping is None, node.key


def test_no_resource_has_a_field_that_could_show_a_setting():
    for name, resource in definitions().resources.items():
        shown = set(type(resource).model_fields) - {"duckdb"}
        assert shown == set(), name


def test_the_shape_is_the_one_that_was_agreed():
    """Assets with what they read, jobs with what they make, schedules and sensors. If the change is meant: write it."""
    shape = "\n".join(_shape()) + "\n"
    assert shape == SHAPE.read_text(encoding="utf-8"), f"if this is meant, write into {SHAPE}:\n{shape}"


def _shape() -> Iterator[str]:
    for node in nodes():
        reads = ", ".join(sorted(key.to_user_string() for key in node.parent_keys))
        quarters = " (quarters)" if node.is_partitioned else ""
        yield f"asset {node.key.to_user_string()}{quarters}: {reads or 'nothing'}"
    for job in sorted(definitions().resolve_all_job_defs(), key=lambda job: job.name):
        if not job.name.startswith("__"):
            made = ", ".join(sorted(key.to_user_string() for key in job.asset_layer.selected_asset_keys))
            yield f"job {job.name}: {made or 'checks alone'}"
    repository = definitions().get_repository_def()
    for schedule in sorted(repository.schedule_defs, key=lambda schedule: schedule.name):
        status = schedule.default_status.value.lower()
        when = f"{schedule.cron_schedule} {schedule.execution_timezone}"
        yield f"schedule {schedule.name}: {schedule.job_name} at {when}, {status}"
    for sensor in sorted(repository.sensor_defs, key=lambda sensor: sensor.name):
        yield f"sensor {sensor.name}: {sensor.sensor_type.value.lower()}, {sensor.default_status.value.lower()}"


@pytest.fixture(scope="module")
def listed(runs: Shared) -> dict:
    """Return what `dg list defs` says."""
    return json.loads(_dg(runs, "list", "defs", "--json"))


def test_dg_finds_every_definition(listed: dict):
    assert {asset["asset_key"] for asset in listed["assets"]} == set(TABLES)
    assert {job["name"] for job in listed["jobs"]} >= {"read_quarters", "publish_quarters", "quarterly", "freshness"}
    assert {schedule["name"] for schedule in listed["schedules"]} == {"quarterly_schedule", "freshness_schedule"}
    assert {sensor["name"] for sensor in listed["sensors"]} == {"failure_log"}
    assert len(listed["asset_checks"]) > len(TABLES)


def test_dg_check_finds_no_fault(runs: Shared):
    assert "All definitions loaded successfully" in _dg(runs, "check", "defs")


def _dg(runs: Shared, *arguments: str) -> str:
    """Run dg as a person does in the project's folder; the instance's telemetry is off."""
    variables = runs.environment(runs.home(), DAGSTER_HOME=runs.published_home / "dagster")
    command = [str(BIN / "dg"), *arguments]
    ended = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended
    return ended.stdout
