"""Whether the edition of the last closed quarter is out in time.

Dagster's own FreshnessPolicy stays green on the materialisation of any quarter, a backfill of 2018 included; this check
asks for the one edition that readers wait for.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES

DAYS_OF_GRACE = 10
"""Days after a quarter's end by which its edition is due; the schedule asks for it on the sixth."""


def edition_due(now: datetime) -> Quarter:
    """Return the newest quarter whose edition is due: it ended at least DAYS_OF_GRACE days ago."""
    return Quarter.containing((now - timedelta(days=DAYS_OF_GRACE)).date()).shift(-1)


def check_edition(lake: Lake, now: datetime, source: Callable[[], str]) -> dg.AssetCheckResult:
    """Say whether the edition that is due is there; a warning, since the last good edition still stands."""
    due = edition_due(now)
    is_there = lake.has(TABLES["quarterly_report"], due) and (lake.edition(due) / "index.html").is_file()
    return dg.AssetCheckResult(
        passed=is_there,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"edition due": due.label, "due since": (due.end + timedelta(days=DAYS_OF_GRACE)).isoformat()}
        | ({} if is_there else {"what to do": f"deepsignal run --quarter {due}", "source holds": source()}),
    )


@dg.asset_check(
    asset="quarterly_report", description=f"The last closed quarter's edition is out after {DAYS_OF_GRACE} days."
)
def edition_is_out_in_time(pipeline: PipelineResource) -> dg.AssetCheckResult:
    """Check the newest edition that is due."""
    opened = pipeline.open()
    return check_edition(opened.lake, datetime.now(UTC), lambda: " to ".join(map(str, opened.source.coverage())))


freshness_job = dg.define_asset_job(
    "freshness",
    selection=dg.AssetSelection.checks(edition_is_out_in_time),
    description="Asks whether the edition that is due is out.",
)

freshness_schedule = dg.ScheduleDefinition(
    name="freshness_schedule", job=freshness_job, cron_schedule="0 7 * * *", execution_timezone="UTC"
)
