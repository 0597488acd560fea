"""One command's worth of work: tidy up after the dead, refuse what cannot be done, run the jobs, show the result.

Between the command line and Dagster; neither options nor job definitions belong here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from deepsignal_pipeline.content import load_catalogue
from deepsignal_pipeline.defs.launch import fail_dead_runs, open_instance, run_job
from deepsignal_pipeline.defs.resources import build_pipeline, memory_database
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, QuarterError, quarter_range
from deepsignal_pipeline.engines.views import ensure_views
from deepsignal_pipeline.lake import Lake, LakeError
from deepsignal_pipeline.pipeline import (
    Pipeline,
    refuse_other_catalogue,
    refuse_other_source,
    refuse_unread,
    refuse_unusable,
)
from deepsignal_pipeline.settings import Settings
from deepsignal_pipeline.sources import SourceError, refuse_outside
from deepsignal_pipeline.staging.published_figures import refuse_damaged
from deepsignal_pipeline.tables import TABLES

_READING = ("read_quarters", "extract_quarters")
_MEND = {
    "partial": "run again",
    "not_found": "correct its name; if mirrors are read, put a bare clone into their folder",
    "blocked": "ask its host, or leave it out",
    "failed": "mend that and run again",
}
Progress = Callable[[str], None]
_TEMPLATE = Path(__file__).resolve().parent.parent / "dagster.yaml"


class RunError(Exception):
    """The run was refused or failed; the message says why and what to do."""


@dataclass(frozen=True)
class Edition:
    """What is shown of an edition in the terminal, and where to read it."""

    table: str
    html: Path


def run_quarters(settings: Settings, quarters: list[Quarter], job: str | None, progress: Progress) -> Edition | None:
    """Run a job over quarters, or, without a job, read what the quarters look back on and publish them.

    Returns the last quarter's edition if one was published. Raises RunError.
    """
    pipeline = open_pipeline(settings)
    plan = _plan(quarters, job)
    try:
        pipeline.lake.refuse_closed()
        if job == "extract_quarters":
            refuse_other_source(pipeline.lake, settings.source)
        lost = [] if job in _READING else refuse_damaged(pipeline.lake, quarters)
        _refuse(pipeline, *plan[0])
        pipeline.lake.prepare()
        for line in [*lost, *(f"swept {path.name}, left by a process that is gone" for path in pipeline.lake.sweep())]:
            progress(line)
        with open_instance(settings.home, _TEMPLATE) as instance:
            for run_id in fail_dead_runs(instance):
                progress(f"run {run_id} had died; marked as failed")
            for name, wanted in plan:
                _refuse(pipeline, name, wanted)
                progress(f"{name} {wanted[0]}" + (f" to {wanted[-1]}" if len(wanted) > 1 else ""))
                if failures := run_job(instance, name, wanted, progress):
                    raise RunError("\n".join(failures))
        ensure_views(pipeline.lake)
        return None if job in _READING else _edition(pipeline, quarters[-1])
    except (LakeError, QuarterError, SourceError) as error:
        raise RunError(str(error)) from None
    except OSError as error:
        raise RunError(f"{error.filename or settings.home}: {error.strerror or error}") from None


def unread(settings: Settings) -> list[str]:
    """Return a line for each of the settings' repositories that the last visit could not read whole, with what to do."""
    rows = pq.ParquetFile(Lake(settings.home).file(TABLES["repository_snapshots"], None)).read().to_pylist()
    return [
        f"{row['repository']}: {row['status']}: {row['reason']}; {_MEND[row['status']]}"
        for row in rows
        if row["repository"] in settings.repositories and row["status"] in _MEND
    ]


def open_pipeline(settings: Settings) -> Pipeline:
    """Open the pipeline that the settings describe, outside a run."""
    return build_pipeline(settings, memory_database().get_connection)


def _plan(quarters: list[Quarter], job: str | None) -> list[tuple[str, list[Quarter]]]:
    if job is not None:
        return [(job, quarters)]
    back = max(read.quarters_back for table in TABLES.values() for read in table.reads)
    first = max(FIRST_QUARTER, quarters[0].shift(-back))
    return [("read_quarters", quarter_range(first, quarters[-1])), ("publish_quarters", quarters)]


def _refuse(pipeline: Pipeline, job: str, quarters: list[Quarter]) -> None:
    """Refuse, before anything is written, quarters that the source lacks, or whose files cannot serve."""
    if job == "publish_quarters":
        refuse_unread(pipeline.lake, quarters)
        refuse_unusable(pipeline.lake, quarters)
        refuse_other_catalogue(pipeline, quarters)
    else:
        refuse_outside(pipeline.source, quarters)


def _edition(pipeline: Pipeline, quarter: Quarter) -> Edition:
    from deepsignal_pipeline.report.facts import read_facts
    from deepsignal_pipeline.report.terminal import snapshot_table

    with pipeline.engine.session() as session:
        session.read(TABLES["quarterly_report"], quarter)
        table = snapshot_table(read_facts(session.connection, quarter), load_catalogue(pipeline.content))
    return Edition(table, pipeline.lake.edition(quarter) / "index.html")
