"""Stage 0: what the commit source holds, what GitHub says of it, and who appears in it."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset, visited_table_asset
from deepsignal_pipeline.pipeline import visit

repository_snapshots = visited_table_asset("repository_snapshots", visit)


@table_asset("repository_metadata")
def repository_metadata(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Keep what GitHub says of each repository: number, names, stars, topics, licence."""
    yield from materialize(context, pipeline)


@table_asset("quarantined_commits")
def quarantined_commits(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """List the commits that no quarter can hold, with the reason."""
    yield from materialize(context, pipeline)


@table_asset("contributor_aliases")
def contributor_aliases(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Collect every name and address of the whole history, with first and last commits."""
    yield from materialize(context, pipeline)
