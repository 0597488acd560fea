"""`deepsignal predictions`: what people predicted, and what figures say about it at once."""

from __future__ import annotations

import argparse
import csv
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from deepsignal_pipeline.cli.options import Commands, UsageError, fail
from deepsignal_pipeline.content import content_directory, load_catalogue, load_predictions, predictions_folder
from deepsignal_pipeline.domain.predictions import Prediction, judge
from deepsignal_pipeline.domain.quarters import Quarter, QuarterError

_FIGURES = ("quarter", "entity", "measure", "value")
Figures = dict[Quarter, dict[tuple[str, str], float]]


def add(commands: Commands) -> None:
    """Add the commands to the parser."""
    predictions = commands.add_parser("predictions", help="what people predict in content/predictions")
    verbs = predictions.add_subparsers(required=True, metavar="VERB")
    validate = verbs.add_parser("validate", help="list every prediction, with the reason if it is refused")
    validate.add_argument(
        "--figures",
        type=Path,
        metavar="CSV",
        help=f"judge them on these figures ({', '.join(_FIGURES)}) of the quarters they were made on",
    )
    validate.set_defaults(command=_validate)


def _validate(options: argparse.Namespace) -> int:
    content = content_directory()
    predictions = load_predictions(content, load_catalogue(content))
    figures = _read_figures(options.figures) if options.figures else None
    for prediction in predictions.entries:
        print(f"{prediction.id}: {_verdict(prediction, figures)}")
    now = datetime.now(UTC)
    early = [
        f"{p.id}: made_on {p.made_on} is not over, so nobody knows its figures: name the quarter it was made on"
        for p in predictions.entries
        if p.made_on.end > now
    ]
    if problems := [*map(str, predictions.unexpected), *early]:
        return fail("\n".join(problems))
    if not predictions.entries and not (folder := predictions_folder(content)).is_dir():
        print(f"{folder} does not exist, so nobody predicts anything")
    expected = sum(bool(prediction.refusal) for prediction in predictions.entries)
    kept = f" ({expected} kept on record as refused)" if expected else ""
    print(f"{len(predictions.entries)} predictions{kept}: no problem found")
    if figures is None and expected < len(predictions.entries):
        print("whether one was already true when it was made is asked with --figures, and by every edition")
    return 0


def _verdict(prediction: Prediction, figures: Figures | None) -> str:
    if prediction.refusal:
        return f"refused, {prediction.refusal}"
    query = prediction.query
    if figures is None or query is None:
        return f"{prediction.percent} % by {prediction.deadline}"
    judgement, value, threshold = judge(query, figures.get(prediction.made_on, {}))
    if judgement == "not_measured":
        return f"refused, not_measured: the figures of {prediction.made_on} hold no {query.measure} for it"
    compared = f"{value:g} {query.operator} {threshold:g}"
    if judgement == "already_true":
        return f"refused, already_true when it was made: {compared} in {prediction.made_on}"
    return f"{prediction.percent} % by {prediction.deadline}; not yet {compared} in {prediction.made_on}"


def _read_figures(path: Path) -> Figures:
    """Read figures of any origin; raise UsageError for the first row that cannot be read."""
    figures: Figures = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames is None or not set(_FIGURES) <= set(rows.fieldnames):
            raise UsageError(f"{path}: expected the columns {', '.join(_FIGURES)}")
        for row in rows:
            try:
                of_quarter = figures.setdefault(Quarter.parse(row["quarter"]), {})
                of_quarter[row["entity"], row["measure"]] = _finite(row["value"])
            except (QuarterError, TypeError, ValueError) as error:
                raise UsageError(f"{path}:{rows.line_num}: {error}") from None
    return figures


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"value {text!r} is no number: write it as 4.5")
    return value
