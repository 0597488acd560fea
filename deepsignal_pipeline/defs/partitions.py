"""The one partitions definition: quarters, keyed by their first day. Only closed quarters are keys."""

from collections.abc import Mapping

import dagster as dg

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter

QUARTERS = dg.TimeWindowPartitionsDefinition(
    cron_schedule="0 0 1 1,4,7,10 *", start=FIRST_QUARTER.key, fmt="%Y-%m-%d", timezone="UTC"
)

QUARTERS_TAG = "deepsignal/quarters"
"""Tag of a run that shows its quarters as people write them."""


def labels_of(tags: Mapping[str, str]) -> str:
    """Return the quarters of a run as people write them, from its tags; "no quarter" if it has none."""
    first = tags.get("dagster/partition") or tags.get("dagster/asset_partition_range_start")
    last = tags.get("dagster/asset_partition_range_end") or first
    if not first or not last:
        return tags.get(QUARTERS_TAG, "no quarter")
    return label_range(Quarter.parse(first), Quarter.parse(last))


def label_range(first: Quarter, last: Quarter) -> str:
    """Return "2022-Q4", or "2022-Q4 to 2023-Q1"."""
    return first.label if first == last else f"{first} to {last}"


def quarters_of(context: dg.AssetExecutionContext | dg.OpExecutionContext) -> list[Quarter]:
    """Return the quarters of a run, oldest first, also in the body of an asset without quarters.

    Empty where such an asset is materialised by itself. Dagster hands a range to one run (BackfillPolicy.single_run).
    """
    if context.has_partition_key or context.has_partition_key_range:
        return [Quarter.parse(key) for key in QUARTERS.get_partition_keys_in_range(context.partition_key_range)]
    return []
