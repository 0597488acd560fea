"""Identities and first dates, made anew before every publication from the aliases of the whole history."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("contributor_identities")
def contributor_identities(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Decide which aliases are one person, and which are automation or nobody."""
    yield from materialize(context, pipeline)


@table_asset("first_commits")
def first_commits(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Find since when each person is there: in a category, and in the catalogue."""
    yield from materialize(context, pipeline)


@table_asset("first_repository_commits")
def first_repository_commits(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Find since when each person is there in a repository."""
    yield from materialize(context, pipeline)
