"""Stage 2: the measures of categories and repositories."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("category_metrics")
def category_metrics(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Measure each of the twelve categories."""
    yield from materialize(context, pipeline)


@table_asset("category_changes")
def category_changes(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Say how each measure of each category changed, and how sure that is."""
    yield from materialize(context, pipeline)


@table_asset("repository_metrics")
def repository_metrics(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Measure each repository of the catalogue."""
    yield from materialize(context, pipeline)


@table_asset("focus_terms")
def focus_terms(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Find the terms that the work of each category turned to, and that set it apart from the others."""
    yield from materialize(context, pipeline)


@table_asset("restatements")
def restatements(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Compare what the last edition printed with what is known now."""
    yield from materialize(context, pipeline)
