"""Stage 0: what the commit source holds, and who appears in it."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("repository_snapshots")
def repository_snapshots(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Ask the source what it holds of each repository of the catalogue, and up to when."""
    yield from materialize(context, pipeline)


@table_asset("contributor_aliases")
def contributor_aliases(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Collect every name and address of the whole history, with first and last commits."""
    yield from materialize(context, pipeline)
