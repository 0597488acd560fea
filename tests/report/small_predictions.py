"""A few predictions of people and of the program as of 2023-Q1, with the facts that an edition prints of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from foresight import calibrate

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.tables import TABLES

Row = dict[str, Any]
QUARTER = Quarter(2023, 1)
SOURCE = "a published quarterly report of the field, Q1 2023, second prediction"


def written(name: str, state: str, **more: Any) -> Row:
    """Return the row of a prediction of people, due in the quarter unless it is told otherwise."""
    row: Row = {
        "prediction_id": name, "author_kind": "analyst", "statement": f"It is <{name}>.", "source": SOURCE,
        "measure": "contributors", "entity": "edge", "operator": ">", "made_on": QUARTER.shift(-1).first_day,
        "deadline": QUARTER.first_day, "probability_pct": 80, "base_rate_pct": 40, "state": state, "people": 100,
        "value_made": 90.0, "threshold_made": 100.0, "value": 104.0, "threshold": 100.0,
    }  # fmt: skip
    outcome = {"came_true": 1, "failed": 0}.get(state)
    if outcome is not None:
        row |= {"brier": (0.8 - outcome) ** 2, "base_rate_brier": (0.4 - outcome) ** 2}
    return _as_printed(row | more)


def _as_printed(row: Row) -> Row:
    """Return a row that stands as it was first printed, unless it tells otherwise."""
    decided = row["state"] in ("came_true", "failed")
    printed = {f"{name}_published": row.get(name) for name in ("value_made", "threshold_made")}
    printed |= {f"{name}_published": row.get(name) if decided else None for name in ("value", "threshold")}
    return {"state_published": row["state"], "is_rewritten": False} | printed | row


def proposed(entity: str, given: int, state: str, back: int = 0, **rules: int) -> Row:
    """Return the row of a proposal of the program, due `back` quarters before the quarter (-1: due in the next)."""
    deadline = QUARTER.shift(-back)
    rates = dict.fromkeys(("own_record_pct", "persistence_pct", "momentum_pct", "reversion_pct"), 45)
    row: Row = {
        "prediction_id": f"auto-{deadline.shift(-1).label.lower()}-weeks-rise-{entity}", "author_kind": "program",
        "statement": f"{entity}: more active weeks", "source": "rates", "event": "weeks-rise", "entity": entity,
        "measure": "mean_active_weeks", "operator": ">", "made_on": deadline.shift(-1).first_day,
        "deadline": deadline.first_day, "probability_pct": given, "base_rate_pct": 45, "state": state,
    }  # fmt: skip
    return _as_printed(row | rates) | rules


PREDICTIONS: Sequence[Row] = (
    written("hit", "came_true"),
    written("missed", "failed", measure="commits"),
    written("unknown", "undecidable", value=None, threshold=None),
    written("open", "open", deadline=QUARTER.shift(2).first_day),
    written("old", "unread", deadline=QUARTER.shift(-4).first_day, value=None),
    written("vague", "refused", refusal="no_query", measure=None, entity=None, base_rate_pct=None, value=None,
            threshold=None, value_made=None, threshold_made=None),
    written("late", "refused", refusal="already_true", value=None, threshold=None, value_made=120.0),
    *(proposed(entity, 45, "came_true" if n % 2 else "failed", back) for back in range(4)
      for n, entity in enumerate(("edge", "gpu-kernels", "ml-compilers"))),
    proposed("llm-serving", 20, "came_true"),
    *(proposed(entity, 42, "open", -1) for entity in ("edge", "gpu-kernels")),
)  # fmt: skip


def prediction_facts(rows: Sequence[Row]) -> list[Row]:
    """Return the facts of predictions and forecasters, as report_facts gives them."""
    facts = [fact for row in rows for fact in _of_prediction(row)]
    restated = sum(row["author_kind"] == "program" and row["state"] != row["state_published"] for row in rows)
    facts.append(_fact("forecast:program:all", "restated", restated, "predictions"))
    for row in calibrate(rows):
        for column in TABLES["prediction_calibration"].columns:
            if column.unit and (row["bin"] == "all" or row["forecaster"] == "program"):
                entity = f"forecast:{row['forecaster']}:{row['bin']}"
                facts.append(_fact(entity, column.name, row[column.name], column.unit))
    return [fact for fact in facts if fact["value"] is not None]


def _of_prediction(row: Row) -> Iterator[Row]:
    entity = f"prediction:{row['prediction_id']}"
    is_written = row["author_kind"] == "analyst"
    for column in TABLES["prediction_scores"].columns:
        if column.unit and (is_written or column.name == "probability_pct"):
            yield _fact(entity, column.name, row.get(column.name), column.unit)
    if is_written and row["measure"] != "commits":
        for name in ("value", "threshold", "value_made", "threshold_made"):
            yield _fact(entity, name, row.get(name), "people", n=row["people"])
            if row[f"{name}_published"] != row.get(name) and not row["is_rewritten"]:
                yield _fact(entity, f"{name}_published", row[f"{name}_published"], "people")


def _fact(entity: str, measure: str, value: float | None, unit: str, n: int | None = None) -> Row:
    return {
        "fact_id": f"{entity}.{measure}", "entity_kind": entity.partition(":")[0], "entity": entity, "measure": measure,
        "value": None if value is None else float(value), "unit": unit, "definition": "as in its contract",
        "query": f"SELECT {measure}", "n": n, "low": None, "high": None, "marks": [],
    }  # fmt: skip
