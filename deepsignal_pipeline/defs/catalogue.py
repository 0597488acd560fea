"""Stage 0: the catalogue of tracked repositories."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("tracked_repositories")
def tracked_repositories(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Read the catalogue that people write, refuse it as a whole if a line is wrong, and keep it as a table."""
    yield from materialize(context, pipeline)
