"""What happens after a run: a failed one is said aloud, in one line, where whoever operates this looks."""

import dagster as dg

from deepsignal_pipeline.defs.partitions import labels_of


@dg.run_failure_sensor(
    description="Logs every failed run with its job, quarters and reason.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def failure_log(context: dg.RunFailureSensorContext) -> None:
    """Log the failure; an alert by mail or chat would be sent from here."""
    quarters = labels_of(context.dagster_run.tags)
    context.log.error(
        f"{context.dagster_run.job_name} of {quarters} failed (run {context.dagster_run.run_id}): "
        f"{context.failure_event.message}"
    )
