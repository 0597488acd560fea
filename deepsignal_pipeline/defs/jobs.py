"""The jobs: reading quarters, publishing quarters, and both for the schedule.

People backfill a job (one run over exactly the quarters asked), not single assets.
"""

import dagster as dg

from deepsignal_pipeline.tables import TABLES

_EXTRACTED = [
    "tracked_repositories",
    "repository_snapshots",
    "repository_metadata",
    "quarantined_commits",
    "contributor_aliases",
    "raw_commits",
]
_READ = [name for name, table in TABLES.items() if table.stage < 2]
_PUBLISHED = [name for name, table in TABLES.items() if table.stage == 2]


def _made(*names: str) -> dg.AssetSelection:
    """Select assets with the checks that guard their publication, and no others."""
    assets = dg.AssetSelection.assets(*names)
    return assets - dg.AssetSelection.checks(
        dg.AssetCheckKey(dg.AssetKey("quarterly_report"), "edition_is_out_in_time")
    )


read_quarters = dg.define_asset_job(
    "read_quarters",
    selection=_made(*_READ),
    description="Stages 0 and 1: catalogue, snapshots, aliases, and the commits of the quarters. Any order gives the same bytes.",
)

extract_quarters = dg.define_asset_job(
    "extract_quarters",
    selection=_made(*_EXTRACTED),
    description="What the commit source gives, and nothing made of it: snapshots, aliases, and the commits of the quarters.",
)

publish_quarters = dg.define_asset_job(
    "publish_quarters",
    selection=_made(*_PUBLISHED),
    description="Identities and stage 2: activity, measures, overlaps, facts and editions of quarters that were read.",
)

quarterly = dg.define_asset_job(
    "quarterly",
    selection=_made(*_READ, *_PUBLISHED),
    description="Everything, for the schedule: reads a quarter and publishes it. The quarter before must have been read.",
)
