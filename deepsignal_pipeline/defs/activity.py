"""What aliases (stage 1) and people (stage 2) did in a quarter."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("alias_activity")
def alias_activity(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Add up what each alias did in each repository."""
    yield from materialize(context, pipeline)


@table_asset("alias_terms")
def alias_terms(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Cut subjects and paths into terms, and say who used which."""
    yield from materialize(context, pipeline)


@table_asset("contributor_activity")
def contributor_activity(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Unite the aliases of each person; automation is left out."""
    yield from materialize(context, pipeline)


@table_asset("contributor_profiles")
def contributor_profiles(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Say how much each person did in a category, and what kind of work."""
    yield from materialize(context, pipeline)
