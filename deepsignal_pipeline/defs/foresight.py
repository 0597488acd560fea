"""Stage 2: what was predicted, and what became of it."""

import dagster as dg

from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.defs.table_asset import Events, materialize, table_asset


@table_asset("measure_history")
def measure_history(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Measure what can be predicted over the window, under the identities of today."""
    yield from materialize(context, pipeline)


@table_asset("prediction_scores")
def prediction_scores(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Judge what people predicted, propose what rates tell, and score what is due."""
    yield from materialize(context, pipeline)


@table_asset("prediction_calibration")
def prediction_calibration(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Hold probabilities against what came true, and simple rules against the base rate."""
    yield from materialize(context, pipeline)
