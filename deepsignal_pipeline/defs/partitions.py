"""The one partitions definition: quarters, keyed by their first day. Only closed quarters are keys."""

import dagster as dg

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter

QUARTERS = dg.TimeWindowPartitionsDefinition(
    cron_schedule="0 0 1 1,4,7,10 *", start=FIRST_QUARTER.key, fmt="%Y-%m-%d", timezone="UTC"
)


def quarters_of(context: dg.AssetExecutionContext) -> list[Quarter]:
    """Return the quarters of a run, oldest first, also in the body of an asset without quarters.

    Empty where such an asset is materialised by itself. Dagster hands a range to one run (BackfillPolicy.single_run).
    """
    if context.has_partition_key or context.has_partition_key_range:
        return [Quarter.parse(key) for key in QUARTERS.get_partition_keys_in_range(context.partition_key_range)]
    return []
