"""The tables of the predictions section. Every cell with a number is a fact; where there is none, the cell is empty."""

from __future__ import annotations

from collections.abc import Sequence

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.report.context import Context, Prediction
from deepsignal_pipeline.report.model import Cell, Column, Table, plain
from deepsignal_pipeline.report.prose.predictions import RULES, STATES
from deepsignal_pipeline.report.tables import fact_cell, name_cell, word_cell
from deepsignal_pipeline.tables.prediction_calibration import RANGES

_WRITTEN = (
    ("Given", "probability_pct"),
    ("Base rate", "base_rate_pct"),
    ("Figure", "value"),
    ("Against", "threshold"),
    ("Brier", "brier"),
    ("Base rate’s", "base_rate_brier"),
)
_RECORD = (
    ("Decided", "decided"),
    ("Expected", "mean_probability_pct"),
    ("Came true", "observed_pct"),
    ("Brier", "mean_brier"),
    ("Base rate’s", "mean_base_rate_brier"),
)
_COMPARED = (
    ("Brier", "mean_brier"),
    ("Base rate’s", "mean_base_rate_brier"),
    ("Difference", "brier_difference"),
    ("from", "brier_difference_low"),
    ("to", "brier_difference_high"),
)
_FORECASTERS = {"analyst": "people", "program": "the program", **RULES}


def written_table(context: Context) -> Table | None:
    """Return what people predicted and is not refused, None without any."""
    written = [p for p in context.predictions if p.is_written and p.state != "refused"]
    columns = (
        Column("Prediction", "statement", is_number=False),
        Column("From", "source", is_number=False),
        Column("Made on", "made_on", is_number=False),
        Column("Due", "deadline", is_number=False),
        Column("State", "state", is_number=False),
        *(Column(title, key) for title, key in _WRITTEN),
    )
    rows = tuple(_written_row(context, prediction) for prediction in written)
    note = (
        "Given: the probability that was stated or, where a source states none, the one that its words are read as. The "
        "figure is the deadline’s, before it the quarter’s. Base rate: how often such a move happened over as many "
        "quarters within the four before. Brier score: the square of probability less outcome; less is better."
    )
    caption = f"What people predicted, as of {context.quarter}"
    return Table("predictions", caption, columns, rows, note=plain(note)) if rows else None


def _written_row(context: Context, prediction: Prediction) -> tuple[Cell, ...]:
    return (
        name_cell(prediction.statement),
        name_cell(prediction.source),
        word_cell(prediction.made_on.label),
        word_cell(prediction.deadline.label),
        word_cell(_state(prediction)),
        *_cells(context, prediction.entity_of_facts, [key for _, key in _WRITTEN]),
    )


def _state(prediction: Prediction) -> str:
    now, printed = STATES[prediction.state], STATES[prediction.state_printed]
    return now if now == printed else f"{now} (printed: {printed})"


def events_table(context: Context) -> Table:
    """Return what the program expects of the next quarter, and how the like fared."""
    given = {p.event: p for p in context.predictions if not p.is_written and p.state == "open"}
    columns = (
        Column("Of any category with 30 people or more", "event", is_number=False),
        Column(f"Given for {context.quarter.shift(1)}", "probability_pct"),
        *(Column(title, key, f"All that came due up to {context.quarter}") for title, key in _RECORD),
    )
    rows = []
    for event in EVENTS:
        entity = given[event.name].entity_of_facts if event.name in given else ""
        record = _cells(context, f"forecast:program:{event.name}", [key for _, key in _RECORD])
        rows.append((word_cell(event.phrase), *_cells(context, entity, ["probability_pct"]), *record))
    caption = f"What the program expects of {context.quarter.shift(1)}, and how such expectations fared"
    return Table("forecasts", caption, columns, tuple(rows))


def calibration_table(context: Context) -> Table:
    """Return the program's probabilities by range, against what came true."""
    columns = (Column("Probability, %", "bin", is_number=False), *(Column(title, key) for title, key in _RECORD))
    keys = [key for _, key in _RECORD]
    rows = tuple((word_cell(r), *_cells(context, f"forecast:program:{r}", keys)) for r in RANGES)
    total = (word_cell("all"), *_cells(context, "forecast:program:all", keys))
    caption = f"Calibration of the program’s probabilities, decided up to {context.quarter}"
    return Table("calibration", caption, columns, rows, (total,))


def rules_table(context: Context) -> Table:
    """Return every forecaster against the base rate over the same predictions."""
    columns = (
        Column("Who or what rule", "forecaster", is_number=False),
        *(Column(title, key, "95% interval" if title in ("from", "to") else "") for title, key in _COMPARED),
    )
    keys = [key for _, key in _COMPARED]
    rows = tuple((word_cell(words), *_cells(context, f"forecast:{f}:all", keys)) for f, words in _FORECASTERS.items())
    note = (
        "A difference below 0 is better than the base rate; an interval that holds 0 tells nothing. Predictions of one "
        "quarter share its luck: intervals are clustered by quarter, and those of the four rules hold for all at once."
    )
    caption = f"Scores against the base rate, decided up to {context.quarter}"
    return Table("forecasters", caption, columns, rows, note=plain(note))


def _cells(context: Context, entity: str, measures: Sequence[str]) -> list[Cell]:
    facts = context.facts
    return [fact_cell(context, entity, m) if facts.has(entity, m) else Cell((), "") for m in measures]
