"""Stage 2: what the work was, and how deep people went."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("work_type_mix")
def work_type_mix(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Tell what kind of work the commits of categories and repositories were."""
    yield from materialize(context, pipeline)


@table_asset("category_depth")
def category_depth(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Count people by how much they did and what kind of work."""
    yield from materialize(context, pipeline)


@table_asset("category_coordination")
def category_coordination(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Compare how often core files have several authors with what chance would give."""
    yield from materialize(context, pipeline)
