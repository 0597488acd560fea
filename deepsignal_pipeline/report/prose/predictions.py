"""The text about predictions: what came due with the misses first, what is refused, how good the probabilities were."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context, Prediction
from deepsignal_pipeline.report.model import Text, name, plain

RULES = {
    "own_record": "the category’s own record",
    "persistence": "the direction of its last change",
    "momentum": "its direction over two quarters",
    "reversion": "its distance from its mean",
}
"""The simple rules, in words."""

REFUSALS = {
    "no_query": "no figure decides it",
    "unknown_entity": "it is about something that is not in the catalogue",
    "unknown_measure": "it is about something that is not measured",
    "deadline_past": "its deadline does not lie ahead",
    "deadline_too_far": "its deadline lies more than a year ahead",
    "not_measured": "its figure could not be measured when it was made",
    "already_true": "it was already true when it was made",
}


def write_due(context: Context) -> list[Text]:
    """Return a text for each prediction of people that came due in the quarter: failed ones first, then the undecidable."""
    order = {"failed": 0, "undecidable": 1, "came_true": 2}
    due = [p for p in context.predictions if p.is_written and p.is_due and p.state in order]
    return [_due(context, p) for p in sorted(due, key=lambda p: (order[p.state], p.id))]


def write_refused(context: Context) -> list[Text]:
    """Return a text for each prediction of people that was refused, with the reason."""
    return [_refused(context, p) for p in context.predictions if p.is_written and p.state == "refused"]


def write_forecasts(context: Context) -> list[Text]:
    """Return the paragraphs about the program's own probabilities and about simple rules."""
    if not _has_decided(context, "program"):
        return [plain("None of the program’s own probabilities came due yet.")]
    return [join([_record(context), *_worst(context)]), _skill(context)]


def write_hit_rate(context: Context) -> Text:
    """Return how people's predictions fared up to the quarter."""
    if not _has_decided(context, "analyst"):
        return plain("No prediction that people made has been decided yet.")
    return say(
        context.facts,
        "Of the predictions that people made, {f.decided} came due so far; {f.came_true} came true, "
        "and the likelier side happened in {f.hit_rate_pct} of the cases. Mean Brier score: {f.mean_brier}, where 0 is "
        "perfect and always saying 50% gives a quarter.",
        f=_forecast("analyst"),
    )


def _due(context: Context, prediction: Prediction) -> Text:
    bound = _bound(prediction)
    if prediction.state == "undecidable":
        pattern = "Undecidable: {statement} The figures of the quarter are not complete."
        return say(context.facts, pattern, **bound)
    outcome = "Failed: {statement} " if prediction.state == "failed" else "Came true: {statement} "
    figures = "It stands at {p.value} against {p.threshold}. " if prediction.has_figures else ""
    odds = "It was given {p.probability_pct}{base}; Brier score {p.brier}."
    base = say(context.facts, " where such moves happen in {p.base_rate_pct} of the cases", **bound)
    return say(context.facts, outcome + figures + odds, base=base if prediction.has_base_rate else "", **bound)


def _refused(context: Context, prediction: Prediction) -> Text:
    figures = ""
    if prediction.refusal == "already_true" and prediction.has_figures:
        figures = " ({p.value_made} against {p.threshold_made})"
    pattern = "{statement} Refused, since {reason}" + figures + "."
    return say(context.facts, pattern, reason=REFUSALS[prediction.refusal or ""], **_bound(prediction))


def _record(context: Context) -> Text:
    return say(
        context.facts,
        "The program’s own probabilities are base rates: how often a category did the like over the last four changes, "
        "drawn towards a half, or towards a quarter for a fifth more. Of {f.decided} that came due in {f.quarters} quarters "
        "until this one {f.observed_pct} came true, where {f.mean_probability_pct} were expected. Their mean Brier score is "
        "{f.mean_brier}; the bare rate has {f.mean_base_rate_brier}.",
        f=_forecast("program"),
    )


def _worst(context: Context) -> list[Text]:
    """Name the miss of the program: what it gave least and yet came true, or most and did not."""
    missed = [
        (size, p) for p in context.predictions if p.is_due and not p.is_written and (size := _surprise(context, p))
    ]
    if not missed:
        return []
    widest = max(size for size, _ in missed)
    equals = sorted((p for size, p in missed if size == widest), key=lambda p: p.id)
    prediction = equals[-1]
    outcome = "came true" if prediction.state == "came_true" else "failed"
    which = "Its widest miss" if len(equals) == 1 else f"One of its {len(equals)} widest misses"
    pattern = "{which} this quarter: {statement}, given {p.probability_pct}, {outcome}."
    return [say(context.facts, pattern, which=which, outcome=outcome, **_bound(prediction))]


def _surprise(context: Context, prediction: Prediction) -> float:
    """Return how far the probability was off, if the likelier side did not happen; else 0."""
    given = context.facts.number(prediction.entity_of_facts, "probability_pct")
    off = {"came_true": 100 - given, "failed": given}.get(prediction.state, 0.0)
    return off if off > 50 else 0.0


def _skill(context: Context) -> Text:
    """Say whether a simple rule beat the base rate, beyond the luck of the quarters and of there being four rules."""
    compared = [rule for rule in RULES if context.facts.has(_forecast(rule), "brier_difference_high")]
    if not compared:
        return plain("Too few quarters were decided to hold simple rules against the base rate.")
    better = [rule for rule in compared if context.facts.number(_forecast(rule), "brier_difference_high") < 0]
    worse = [rule for rule in compared if context.facts.number(_forecast(rule), "brier_difference_low") > 0]
    looked = plain("Simple rules were replayed over the same events: ")
    verdict = _better(context, better) if better else plain("None of them shows skill over the base rate")
    lost = [plain("; "), listed([plain(RULES[rule]) for rule in worse]), plain(" did worse")] if worse else []
    named = listed([plain(words) for words in RULES.values()])
    close = plain(
        ", so what is proposed is a rate and no reading of the quarter."
        if not better
        else ". Four rules, looked at anew in every edition, show such a lead now and then, so the program keeps to rates."
    )
    return join([looked, named, plain(". "), verdict, *lost, close], "")


def _better(context: Context, rules: list[str]) -> Text:
    pattern = "{rule} did better than the base rate (Brier score {f.mean_brier} against {f.mean_base_rate_brier})"
    said = [say(context.facts, pattern, rule=RULES[rule], f=_forecast(rule)) for rule in rules]
    return join([plain("Over these quarters "), listed(said)], "")


def _bound(prediction: Prediction) -> dict[str, str | Text]:
    # What people wrote is shown as it is; the program's statements are of our own words
    statement = name(prediction.statement) if prediction.is_written else plain(prediction.statement)
    return {"p": prediction.entity_of_facts, "statement": statement}


def _forecast(forecaster: str) -> str:
    return f"forecast:{forecaster}:all"


def _has_decided(context: Context, forecaster: str) -> bool:
    decided = (_forecast(forecaster), "decided")
    return context.facts.has(*decided) and context.facts.number(*decided) > 0
