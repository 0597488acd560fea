"""Commits of a quarter: stage 1, made from that quarter alone, and what became of each (stage 2)."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("raw_commits")
def raw_commits(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Read the quarter's commits from the source, as they are."""
    yield from materialize(context, pipeline)


@table_asset("changed_paths")
def changed_paths(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Tell what kind of work each path of the quarter's commits stands for."""
    yield from materialize(context, pipeline)


@table_asset("counted_commits")
def counted_commits(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Give every commit its category and alias, and say whether it counts or why not."""
    yield from materialize(context, pipeline)


@table_asset("proposed_imports")
def proposed_imports(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Find commits that look like history made elsewhere, for people to decide about."""
    yield from materialize(context, pipeline)


@table_asset("commit_audit")
def commit_audit(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Say what became of every commit that was read."""
    yield from materialize(context, pipeline)
