"""Stage 2: people whom categories share, and where the people of a category come from."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("category_overlaps")
def category_overlaps(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Count the people whom each pair of categories shares, against what chance would give them."""
    yield from materialize(context, pipeline)


@table_asset("bridge_people")
def bridge_people(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """List who works in two categories, and since when in each. Restricted: never printed."""
    yield from materialize(context, pipeline)


@table_asset("contributor_migration")
def contributor_migration(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Count who came from where: arrivals with a past, and homes year on year, balanced."""
    yield from materialize(context, pipeline)
