"""Predictions that people write: a statement, the query that decides it, a deadline and a probability.

Pure: bytes in; predictions, what is refused of them and why, or every problem of form at once out. Only what the files
alone can tell is judged here, and one prediction against figures that are handed in; measuring a quarter belongs to SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import combinations
from math import inf
from operator import ge, gt, le, lt
from typing import Literal

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, QuarterError
from deepsignal_pipeline.domain.strict_fields import FieldReader
from deepsignal_pipeline.domain.strict_yaml import Node, Problem, ProblemsError, quoted

LONGEST = 4
"""Quarters that a deadline may lie ahead, and for which a prediction is scored after it was made."""

CATALOGUE = "catalogue"
MEASURES = (
    "commits",
    "contributors",
    "repositories_active",
    "mean_active_weeks",
    "one_week_share",
    "new_share",
    "churn_rate_pct",
)
"""What can be predicted of a category and of the catalogue: the measures of `measure_history`."""
PAIR_MEASURES = ("shared",)
"""What can be predicted of a pair of categories, first+second in catalogue order; files may write it either way."""

_HIGHEST = {"mean_active_weeks": 13.0, "one_week_share": 1.0, "new_share": 1.0, "churn_rate_pct": 100.0}
"""What no quarter can exceed; counts have no such limit."""

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}


def is_upward(operator: str) -> bool:
    """Tell whether an operator asks for more."""
    return operator.startswith(">")


def is_inclusive(operator: str) -> bool:
    """Tell whether equality is enough for an operator."""
    return operator.endswith("=")


Refusal = Literal["", "no_query", "unknown_entity", "unknown_measure", "deadline_past", "deadline_too_far"]
REFUSALS = ("no_query", "unknown_entity", "unknown_measure", "deadline_past", "deadline_too_far")
"""Why files alone tell that a prediction is refused; figures add already_true and not_measured."""

Judgement = Literal["already_true", "not_measured", "open"]

_ID = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_PROBABILITY = re.compile(r"0\.[0-9]{1,2}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_OF_PROGRAM = "auto-"
_REQUIRED = ("id", "statement", "made_on", "deadline", "probability", "source")
_OPTIONAL = ("query", "refused", "note")


class PredictionsError(ProblemsError):
    """The predictions cannot be read; problems holds all that is wrong, by file and line."""


@dataclass(frozen=True)
class Query:
    """What decides a prediction: the entity's measure against a value, or against a measure of another entity.

    Exactly one of `value` and `other_entity` is set; `other_measure` goes with the latter.
    """

    measure: str
    entity: str
    operator: str
    value: float | None = None
    other_measure: str | None = None
    other_entity: str | None = None


@dataclass(frozen=True)
class Prediction:
    """One prediction. The deadline is the quarter whose figures decide it; `percent` is its probability, 1 to 99."""

    id: str
    statement: str
    query: Query | None
    deadline: Quarter
    percent: int
    made_on: Quarter
    source: str
    refusal: Refusal = ""


@dataclass(frozen=True)
class Predictions:
    """All predictions by the quarter they were made on, then id; `unexpected`: refusals that the files do not expect."""

    entries: tuple[Prediction, ...] = ()
    unexpected: tuple[Problem, ...] = field(default=())


def measures_of(categories: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what can be predicted of each entity; categories in catalogue order."""
    pairs = {f"{first}+{second}": PAIR_MEASURES for first, second in combinations(categories, 2)}
    return {**dict.fromkeys((*categories, CATALOGUE), MEASURES), **pairs}


def parse_predictions(files: Mapping[str, bytes], categories: Sequence[str]) -> Predictions:
    """Return the predictions of all files by name; raise PredictionsError with every problem of form.

    A prediction that cannot be computed is no such problem: it stays on record as refused.
    """
    known = measures_of(categories)
    problems: list[Problem] = []
    entries: list[Prediction] = []
    unexpected: list[Problem] = []
    places: dict[str, str] = {}
    for name in sorted(files):
        reader = FieldReader(name)
        document = reader.document(files[name])
        for node in reader.items(document, "predictions") if document else ():
            found = _read(reader, node, known)
            if found is None:
                continue
            prediction, expected = found
            if prediction.id in places:
                reader.report(node.line, f"id {prediction.id} is taken by {places[prediction.id]}: choose another")
            places.setdefault(prediction.id, f"{name}:{node.line}")
            entries.append(prediction)
            if message := _surprise(prediction, expected, known):
                unexpected.append(Problem(name, node.line, message))
        problems += reader.problems
    if problems:
        raise PredictionsError(problems)
    return Predictions(tuple(sorted(entries, key=lambda p: (p.made_on, p.id))), tuple(unexpected))


def judge(query: Query, figures: Mapping[tuple[str, str], float]) -> tuple[Judgement, float | None, float | None]:
    """Judge a query against the figures of the quarter it was made on, by (entity, measure).

    Returns what becomes of the prediction, the value and what it is compared with (None where there is no figure).
    """
    value = figures.get((query.entity, query.measure))
    other = (query.other_entity or "", query.other_measure or "")
    threshold = query.value if query.value is not None else figures.get(other)
    if value is None or threshold is None:
        return "not_measured", value, threshold
    return ("already_true" if OPERATORS[query.operator](value, threshold) else "open"), value, threshold


def _read(reader: FieldReader, node: Node, known: Mapping[str, tuple[str, ...]]) -> tuple[Prediction, str] | None:
    """Return a prediction with the refusal that the file expects, None if anything of it cannot be read."""
    before = len(reader.problems)
    fields = reader.fields(node, required=_REQUIRED, optional=_OPTIONAL)
    texts = {name: reader.text(fields.get(name), name) for name in ("id", "statement", "source", "note")}
    made_on, deadline = (_quarter(reader, fields.get(name), name) for name in ("made_on", "deadline"))
    if made_on and made_on < FIRST_QUARTER:
        reader.report(fields["made_on"].line, f"made_on {made_on}: no figures are measured before {FIRST_QUARTER}")
    percent = _percent(reader, fields.get("probability"))
    expected = reader.choice(fields.get("refused"), "refused", REFUSALS) or ""
    query = _read_query(reader, fields["query"], known) if "query" in fields else None
    if (given := texts["id"]) and (not _ID.fullmatch(given.value) or given.value.startswith(_OF_PROGRAM)):
        reader.report(
            given.line,
            f"id {quoted(given.value)}: write lower-case words joined by hyphens, not {_OF_PROGRAM}, 80 letters at most",
        )
    if len(reader.problems) > before or made_on is None or deadline is None:
        return None
    said = {name: text.value if text else "" for name, text in texts.items()}
    refusal = _refusal(query, made_on, deadline, known)
    prediction = Prediction(said["id"], said["statement"], query, deadline, percent, made_on, said["source"], refusal)
    return prediction, expected


def _read_query(reader: FieldReader, node: Node, known: Mapping[str, tuple[str, ...]]) -> Query | None:
    fields = reader.fields(
        node, required=("measure", "entity", "operator"), optional=("value", "other_entity", "other_measure")
    )
    texts = {
        name: reader.text(fields.get(name), name) for name in ("measure", "entity", "other_entity", "other_measure")
    }
    operator = reader.choice(fields.get("operator"), "operator", tuple(OPERATORS))
    value = _number(reader, fields.get("value"))
    if fields and ("value" in fields) == ("other_entity" in fields):
        reader.report(node.line, "what it is compared with is unclear: give either value or other_entity")
    if "other_measure" in fields and "other_entity" not in fields:
        reader.report(node.line, "other_measure has no other_entity: add it, or give a value")
    said = {name: text.value if text else None for name, text in texts.items()}
    said |= {side: _ordered(said[side], known) for side in ("entity", "other_entity")}
    other_measure = (said["other_measure"] or said["measure"]) if said["other_entity"] else None
    highest = _HIGHEST.get(said["measure"] or "", inf)
    if value is not None and not 0 <= value <= highest:
        most = f" to {highest:g}" if highest < inf else " or more"
        reader.report(node.line, f"value {value:g}: {said['measure']} is always 0{most}, so nothing is predicted")
    if said["entity"] and (said["entity"], said["measure"]) == (said["other_entity"], other_measure):
        reader.report(node.line, f"{said['measure']} of {said['entity']} is compared with itself: name another")
    return Query(
        said["measure"] or "", said["entity"] or "", operator or "", value, other_measure, said["other_entity"]
    )


def _ordered(entity: str | None, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return an entity, a pair in catalogue order: what two categories share has no first."""
    turned = "+".join(reversed((entity or "").split("+")))
    return turned if turned in known else entity


def _refusal(query: Query | None, made_on: Quarter, deadline: Quarter, known: Mapping[str, tuple[str, ...]]) -> Refusal:
    if query is None:
        return "no_query"
    if query.entity not in known or (query.other_entity or query.entity) not in known:
        return "unknown_entity"
    if query.measure not in known[query.entity]:
        return "unknown_measure"
    if query.other_entity and query.other_measure not in known[query.other_entity]:
        return "unknown_measure"
    if deadline <= made_on:
        return "deadline_past"
    return "deadline_too_far" if deadline > made_on.shift(LONGEST) else ""


def _surprise(prediction: Prediction, expected: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """Say what is unexpected about the refusal of a prediction; nothing if the file expects it."""
    if prediction.refusal == expected:
        return ""
    if not prediction.refusal:
        return f"{prediction.id} is not refused: remove `refused: {expected}`"
    keep = f"or write `refused: {prediction.refusal}` to keep it on record as refused"
    return f"{prediction.id} is refused, {_why(prediction, known)}, {keep}"


def _why(prediction: Prediction, known: Mapping[str, tuple[str, ...]]) -> str:
    query = prediction.query
    if query is None:
        return "nothing that is measured decides it: add a query"
    if prediction.refusal == "unknown_entity":
        odd = next(name for name in (query.entity, query.other_entity or "") if name not in known)
        near = get_close_matches(odd, known, n=3)
        hint = f"like it: {', '.join(near)}" if near else f"write a category, first+second, or {CATALOGUE}"
        return f"entity {quoted(odd)} is not in the catalogue: {hint}"
    if prediction.refusal == "unknown_measure":
        asked = [
            (query.entity, query.measure),
            (query.other_entity or query.entity, query.other_measure or query.measure),
        ]
        entity, odd = next((e, m) for e, m in asked if m not in known[e])
        return f"{entity} has no measure {quoted(odd)}: choose one of {', '.join(known[entity])}"
    span = f"the deadline {prediction.deadline} must lie 1 to {LONGEST} quarters after {prediction.made_on}"
    return f"{span}: mend it"


def _quarter(reader: FieldReader, node: Node | None, name: str) -> Quarter | None:
    text = reader.text(node, name)
    if text is None:
        return None
    try:
        return Quarter.parse(text.value)
    except QuarterError:
        reader.report(text.line, f"{name} {quoted(text.value)} is no quarter: write it as 2023-Q1")
        return None


def _percent(reader: FieldReader, node: Node | None) -> int:
    """Return a probability in whole per cent: sums of scores stay exact, and nobody knows more than that."""
    text = reader.text(node, "probability")
    if text is None:
        return 0
    percent = round(100 * float(text.value)) if _PROBABILITY.fullmatch(text.value) else 0
    if not percent:
        reader.report(text.line, f"probability {quoted(text.value)}: write 0.01 to 0.99, two decimals at most")
    return percent


def _number(reader: FieldReader, node: Node | None) -> float | None:
    text = reader.text(node, "value")
    if text is None:
        return None
    if not _NUMBER.fullmatch(text.value):
        reader.report(text.line, f"value {quoted(text.value)} is no number: write it as 4.5")
        return None
    return float(text.value)
