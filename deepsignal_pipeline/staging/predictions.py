"""What the predictions hand to the SELECTs: measured quarters, what people wrote, the events of the program."""

from __future__ import annotations

import pyarrow as pa
from scipy.special import stdtrit

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.domain.predictions import Prediction, is_inclusive, is_upward
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.staging.published_figures import stage_published_predictions
from deepsignal_pipeline.tables import TABLES

_QUANTILES = pa.schema([("degrees", pa.int64()), ("of_one", pa.float64()), ("of_four", pa.float64())])
_WRITTEN = pa.schema(
    [
        ("prediction_id", pa.string()),
        ("statement", pa.string()),
        ("source", pa.string()),
        ("measure", pa.string()),
        ("entity", pa.string()),
        ("operator", pa.string()),
        ("is_upward", pa.bool_()),
        ("is_inclusive", pa.bool_()),
        ("value", pa.float64()),
        ("other_measure", pa.string()),
        ("other_entity", pa.string()),
        ("made", pa.int32()),
        ("due", pa.int32()),
        ("refusal", pa.string()),
        ("probability_pct", pa.int32()),
    ]
)


def stage_history(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage `measured_quarters`: every quarter that was read up to this one, without a gap, each measured once a run."""
    table, history = TABLES["measure_history"], _history(inputs.lake, quarter)
    session.read(table, quarter, derives=False)
    for there in (there for there in history if there not in inputs.measured):
        # A quarter at a time, with the one before: a window of all of them would not fit in memory
        session.derive(table, [there.shift(-1), there] if there > history[0] else [there])
        bounds = {
            "quarter": there.first_day,
            "quarter_start": there.start,
            "quarter_end": there.end,
            "previous_quarter": there.shift(-1).first_day,
            "previous_start": there.shift(-1).start,
            "has_previous": there > history[0],
        }
        inputs.measured[there] = session.connection.sql(sums_text("quarter_measures"), params=bounds).to_arrow_table()
    session.stage("measured_quarters", pa.concat_tables([inputs.measured[there] for there in history]))


def _history(lake: Lake, quarter: Quarter) -> list[Quarter]:
    """Return the quarters that were read up to this one without a gap, oldest first."""
    read = set(lake.quarters(TABLES["alias_activity"]))
    oldest = quarter
    while oldest.shift(-1) in read:
        oldest = oldest.shift(-1)
    return quarter_range(oldest, quarter)


def stage_predictions(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage what people predicted, the events that the program gives probabilities to, and what was printed of both."""
    stage_published_predictions(session, inputs.lake, quarter)
    rows = [_written(prediction, quarter) for prediction in inputs.predictions.entries]
    session.stage("written_predictions", pa.Table.from_pylist(rows, schema=_WRITTEN))
    events = [
        {
            "event": event.name,
            "measure": event.measure,
            "operator": event.operator,
            "is_upward": is_upward(event.operator),
            "is_inclusive": is_inclusive(event.operator),
            "factor_pct": event.factor_pct,
            "prior_pct": event.prior_pct,
            "phrase": event.phrase,
        }
        for event in EVENTS
    ]
    session.stage("proposed_events", pa.Table.from_pylist(events))


def stage_quantiles(session: Session, _: Inputs, quarter: Quarter) -> None:
    """Stage the quantiles of Student's t behind 95 % intervals, of one and of four at once (Bonferroni), by degrees.

    One degree has a quantile too, but an interval wider than scores can differ.
    """
    rows = [
        {"degrees": n, "of_one": float(stdtrit(n, 1 - 0.05 / 2)), "of_four": float(stdtrit(n, 1 - 0.05 / 8))}
        for n in range(2, len(quarter_range(FIRST_QUARTER, quarter)))
    ]
    session.stage("t_quantiles", pa.Table.from_pylist(rows, schema=_QUANTILES))


def _written(prediction: Prediction, quarter: Quarter) -> dict[str, object]:
    query = prediction.query
    asked: dict[str, object] = {}
    if query:
        asked = {
            "measure": query.measure,
            "entity": query.entity,
            "operator": query.operator,
            "is_upward": is_upward(query.operator),
            "is_inclusive": is_inclusive(query.operator),
            "value": query.value,
            "other_measure": query.other_measure,
            "other_entity": query.other_entity,
        }
    return asked | {
        "prediction_id": prediction.id,
        "statement": prediction.statement,
        "source": prediction.source,
        "made": prediction.made_on.after(quarter),
        "due": prediction.deadline.after(quarter),
        "refusal": prediction.refusal or None,
        "probability_pct": prediction.percent,
    }
