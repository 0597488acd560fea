"""The quarterly schedule: a tick a quarter, five days after its end, in UTC."""

import dagster as dg

from deepsignal_pipeline.defs.jobs import quarterly
from deepsignal_pipeline.defs.partitions import QUARTERS, QUARTERS_TAG
from deepsignal_pipeline.domain.quarters import Quarter


@dg.schedule(
    job=quarterly,
    # About 2 % of a quarter's commits reach the default branch after its end: most of them within days
    cron_schedule="0 6 6 1,4,7,10 *",
    execution_timezone="UTC",
    description="Reads and publishes the quarter that ended five days ago.",
)
def quarterly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the last closed quarter."""
    window = QUARTERS.get_prev_partition_window(context.scheduled_execution_time)
    if window is None:
        raise ValueError(f"no quarter had ended on {context.scheduled_execution_time}")
    quarter = Quarter.containing(window.start)
    return dg.RunRequest(run_key=quarter.key, partition_key=quarter.key, tags={QUARTERS_TAG: quarter.label})
