"""What the predictions hand to the SELECTs: the quarters of the window, what people wrote, the events of the program."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from scipy.special import stdtrit

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.domain.predictions import LONGEST, Prediction, is_inclusive, is_upward
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables.measure_history import QUARTERS_BACK

_WINDOW = pa.schema(
    [
        ("quarter", pa.date32()),
        ("previous_quarter", pa.date32()),
        ("starts_at", pa.timestamp("us", tz="UTC")),
        ("ends_at", pa.timestamp("us", tz="UTC")),
        ("label", pa.string()),
        ("position", pa.int32()),
        ("is_measured", pa.bool_()),
    ]
)
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


def stage_window(session: Session, _: Inputs, quarter: Quarter) -> None:
    """Stage the quarters of the window, each with its position: 0 is the one that is made, -1 the one before.

    The first one is only compared with: it is no measured quarter. None lies before the first quarter of all.
    """
    session.stage("window_quarters", pa.Table.from_pylist(list(_window(quarter)), schema=_WINDOW))


def stage_predictions(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage the window, what people predicted, and the events that the program gives probabilities to."""
    stage_window(session, inputs, quarter)
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


def stage_quantiles(session: Session, _: Inputs, __: Quarter) -> None:
    """Stage the quantiles of Student's t behind 95 % intervals, of one and of four at once (Bonferroni), by degrees.

    One degree has a quantile too, but an interval wider than scores can differ.
    """
    rows = [
        {"degrees": n, "of_one": float(stdtrit(n, 1 - 0.05 / 2)), "of_four": float(stdtrit(n, 1 - 0.05 / 8))}
        for n in range(2, LONGEST)
    ]
    session.stage("t_quantiles", pa.Table.from_pylist(rows))


def _window(quarter: Quarter) -> Iterator[dict[str, object]]:
    for position in range(-QUARTERS_BACK - 1, 1):
        there = quarter.shift(position)
        if there >= FIRST_QUARTER:
            has_previous = there > FIRST_QUARTER and position > -QUARTERS_BACK - 1
            yield {
                "quarter": there.first_day,
                "previous_quarter": there.shift(-1).first_day if has_previous else None,
                "starts_at": there.start,
                "ends_at": there.end,
                "label": there.label,
                "position": position,
                "is_measured": position >= -QUARTERS_BACK,
            }


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
