"""Stage 2: people whom categories share."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("category_overlaps")
def category_overlaps(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Count the people whom each pair of categories shares."""
    yield from materialize(context, pipeline)
