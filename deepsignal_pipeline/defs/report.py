"""Stage 2: facts and the edition made of them."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("report_facts")
def report_facts(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """List every number that the edition may print, with the query that gives it."""
    yield from materialize(context, pipeline)


@table_asset("quarterly_report")
def quarterly_report(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Publish the edition: HTML, Markdown, facts and charts."""
    yield from materialize(context, pipeline)
