"""Run a job in this process, on the instance that the web server shows, so that it can be looked at and re-executed there.

The only module that uses private names of Dagster: a run can be re-executed from the web server only if it carries its
repository's origin, and no public call records one for a run that is executed in-process.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run_iterator
from dagster._core.launcher import DefaultRunLauncher
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.utils import make_new_run_id
from sqlalchemy.exc import SQLAlchemyError

from deepsignal_pipeline.defs.partitions import QUARTERS_TAG, label_range
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import (
    LakeError,
    is_alive,
    locked,
    process_born,
    process_started_at,
    replace_file,
    temporary,
)

LOCATION = "deepsignal_pipeline"
"""Name of the code location; [tool.dg.project] and workspace.yaml must use the same."""

_OWNER = "deepsignal/process"
_OWNED = re.compile(r"(?P<run>[0-9a-f-]{36}) (?P<pid>\d+)-(?P<born>\d+)")
_UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_CLOCKS_DIFFER = 2.0  # seconds by which a process may seem to begin after it said something
Progress = Callable[[str], None]


@contextmanager
def open_instance(home: Path, template: Path) -> Iterator[dg.DagsterInstance]:
    """Open the instance of DAGSTER_HOME, or of `<home>/dagster` if it is not set; raise LakeError if it cannot be used.

    A folder without a dagster.yaml is given a copy of the project's.
    """
    folder = Path(os.environ.setdefault("DAGSTER_HOME", str(home / "dagster")))
    if not folder.is_absolute():
        raise LakeError(f"DAGSTER_HOME is {folder}, but it must be absolute: export DAGSTER_HOME={folder.absolute()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if template.is_file() and not (folder / "dagster.yaml").exists():
            # An empty file, left by a process killed while it copied, would turn telemetry on
            written = temporary(folder / "dagster.yaml")
            shutil.copy(template, written)
            replace_file(written, folder / "dagster.yaml")
    except OSError as error:
        raise LakeError(f"DAGSTER_HOME {folder}: {error.strerror}; set it to a folder that can be written") from None
    try:
        # Two first runs at once would both make the tables of the instance, and one of them would fail
        with locked(folder / ".deepsignal.lock"):
            opened = dg.DagsterInstance.get()
        with opened as instance:
            yield instance
    except (dg.DagsterInvalidConfigError, yaml.YAMLError, SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise LakeError(f"DAGSTER_HOME {folder}: {reason}; mend it, or set it to another folder") from None


def fail_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark as failed the runs whose process on this machine is gone; return their ids."""
    dead = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_UNFINISHED)):
        pid = _dead_process(instance, run)
        if pid is not None:
            instance.report_run_failed(run, f"Its process {pid} is gone; marked by a later run.")
            dead.append(run.run_id)
    return dead


def _dead_process(instance: dg.DagsterInstance, run: dg.DagsterRun) -> int | None:
    """Return the id of the process that executed a run and is gone; None if it lives, or nobody knows which it was."""
    owner = _OWNED.fullmatch(run.tags.get(_OWNER, ""))
    # A re-execution from the web server copies the tag of its original
    if owner is not None and owner["run"] == run.run_id:
        pid = int(owner["pid"])
        return None if is_alive(pid, int(owner["born"])) else pid
    # Of a run that the web server or the daemon launched, events tell it. Other launchers put runs on other machines
    if not isinstance(instance.run_launcher, DefaultRunLauncher):
        return None
    for entry in reversed(instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)):
        if told := entry.get_dagster_event().engine_event_data.metadata.get("pid"):
            pid = int(str(told.value))
            started_at = process_started_at(pid)
            return pid if started_at is None or started_at > entry.timestamp + _CLOCKS_DIFFER else None
    return None


def run_job(instance: dg.DagsterInstance, name: str, quarters: list[Quarter], progress: Progress) -> list[str]:
    """Run a job over a contiguous range of quarters; return one line a failure, none if it succeeded."""
    definitions: dg.Definitions = import_module("deepsignal_pipeline.definitions").defs()
    job = definitions.resolve_job_def(name)
    location = RegisteredCodeLocationOrigin(LOCATION)
    run_id = make_new_run_id()
    run = instance.create_run_for_job(
        job_def=job,
        run_id=run_id,
        tags=_tags(run_id, quarters),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        remote_job_origin=RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), name),
    )
    failures = []
    for event in execute_run_iterator(InMemoryJob(job), run, instance):
        if event.is_step_success:
            progress(f"  {event.step_key}  {event.step_success_data.duration_ms / 1000:.1f} s")
        elif event.is_step_failure:
            failures.append(f"{event.step_key} failed: {_reason(event)}")
    finished = instance.get_run_by_id(run.run_id)
    if not failures and (finished is None or finished.status != dg.DagsterRunStatus.SUCCESS):
        failures.append(f"{name} failed outside its steps: see run {run.run_id} in the Dagster UI (make ui)")
    return failures


def _tags(run_id: str, quarters: list[Quarter]) -> dict[str, str]:
    first, last = quarters[0], quarters[-1]
    tags = {_OWNER: f"{run_id} {os.getpid()}-{process_born(os.getpid())}", QUARTERS_TAG: label_range(first, last)}
    if first == last:
        return tags | {"dagster/partition": first.key}
    return tags | {"dagster/asset_partition_range_start": first.key, "dagster/asset_partition_range_end": last.key}


def _reason(event: dg.DagsterEvent) -> str:
    """Return the message of the error that an asset raised, on one line, without its Python type."""
    error = event.step_failure_data.error
    while error and error.cause and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    if error is None:
        return event.message or "no reason given"
    if error.cls_name == "DagsterExecutionInterruptedError":
        return "interrupted; nothing half-written was published"
    return " ".join(error.message.partition(": ")[2].split()) or error.message.strip()
