"""The text about predictions: what came due, misses first, what is refused or was printed otherwise, how good the odds were."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context, Prediction
from deepsignal_pipeline.report.formats import number_text
from deepsignal_pipeline.report.model import Text, as_string, name, plain

STATES = {
    "open": "open",
    "came_true": "came true",
    "failed": "failed",
    "undecidable": "undecidable",
    "refused": "refused",
    "unread": "its quarter was not read",
}
"""What becomes of a prediction, in words."""

RULES = {
    "own_record": "the category’s own record",
    "persistence": "the direction of its last change",
    "momentum": "its direction over two quarters",
    "reversion": "its distance from its mean",
}
"""The simple rules, in words."""

_MANY = 10
"""A hit rate of fewer decided predictions says nothing."""

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


def write_otherwise(context: Context) -> list[Text]:
    """Return a text for each prediction of people that stands otherwise than it was first printed."""
    return [text for p in context.predictions if p.is_written and (text := _otherwise(context, p))]


def write_forecasts(context: Context) -> list[Text]:
    """Return the paragraphs about the program's own probabilities and about simple rules."""
    restated = _restated(context)
    if not _has_decided(context, "program"):
        return [join([plain("None of the program’s own probabilities came due yet."), *restated])]
    return [join([_record(context), *_worst(context), *restated]), _skill(context)]


def write_hit_rate(context: Context) -> Text:
    """Return how people's predictions fared up to the quarter."""
    if not _has_decided(context, "analyst"):
        return plain("No prediction that people made has been decided yet.")
    is_many = context.facts.number(_forecast("analyst"), "decided") >= _MANY
    rate = ", and the likelier side happened in {f.hit_rate_pct} of the cases" if is_many else ""
    return say(
        context.facts,
        f"Of the predictions that people made, {{f.decided}} came due so far; {{f.came_true}} came true{rate}. Mean Brier "
        "score: {f.mean_brier}, where 0 is perfect and always saying 50% gives a quarter.",
        f=_forecast("analyst"),
    )


def _due(context: Context, prediction: Prediction) -> Text:
    bound = _bound(prediction)
    if prediction.state == "undecidable":
        pattern = "Undecidable: {statement} The figures of the quarter are not complete."
        return say(context.facts, pattern, **bound)
    outcome = "Failed: {statement} " if prediction.state == "failed" else "Came true: {statement} "
    figures = "It stands at {p.value} against {p.threshold}. " if prediction.has_figures else ""
    odds = "Its probability was put at {p.probability_pct}{base}; Brier score {p.brier}."
    base: Text = ()
    if prediction.has_base_rate:
        base = say(context.facts, " where such moves happen in {p.base_rate_pct} of the cases", **bound)
    return say(context.facts, outcome + figures + odds, base=base, **bound)


def _refused(context: Context, prediction: Prediction) -> Text:
    figures = ""
    if prediction.refusal == "already_true" and prediction.has_figures:
        figures = " ({p.value_made} against {p.threshold_made})"
    pattern = "{statement} Refused, since {reason}" + figures + "."
    return say(context.facts, pattern, reason=REFUSALS[prediction.refusal or ""], **_bound(prediction))


def _otherwise(context: Context, prediction: Prediction) -> Text:
    """Say what was first printed of a prediction and what is known now; nothing where both are the same."""
    facts, bound = context.facts, _bound(prediction)
    said: list[Text] = []
    was, is_now = (_standing(context, prediction, is_printed=is_printed) for is_printed in (True, False))
    if as_string(was) != as_string(is_now):
        said.append(say(facts, "Printed: {was}. By what is known today: {is_now}.", was=was, is_now=is_now))
    made, made_now = (_compared(context, prediction, "_made", is_printed=is_printed) for is_printed in (True, False))
    if made and made_now and as_string(made) != as_string(made_now):
        pattern = "It was made at {made}; by what is known today that is {made_now}."
        said.append(say(facts, pattern, made=made, made_now=made_now))
    if prediction.is_rewritten:
        said.append(plain("Its query or its deadline has been written anew since."))
    if facts.has(prediction.entity_of_facts, "probability_now_pct"):
        pattern = "It was given {p.probability_pct}, which counts; its file now says {p.probability_now_pct}."
        said.append(say(facts, pattern, **bound))
    return join([say(facts, "{statement}", **bound), *said]) if said else ()


def _standing(context: Context, prediction: Prediction, *, is_printed: bool) -> Text:
    """Return a state, as first printed or as known now, with the figures that decided it or the reason."""
    state = prediction.state_printed if is_printed else prediction.state
    words = STATES[state]
    if state in ("came_true", "failed") and (figures := _compared(context, prediction, "", is_printed=is_printed)):
        return say(context.facts, "{words}, {figures}", words=words, figures=figures)
    if not is_printed and prediction.refusal and prediction.state_printed != "refused":
        words = f"{words}, since {REFUSALS[prediction.refusal]}"
    return plain(words)


def _compared(context: Context, prediction: Prediction, when: str, *, is_printed: bool) -> Text:
    """Return a figure against its threshold, `when` it was made or decided; nothing if they are not to be had.

    Only what was printed as another number has a fact of its own. Figures of two queries are not compared.
    """
    if prediction.is_rewritten:
        return ()
    shown = []
    for figure in ("value", "threshold"):
        now = f"{figure}{when}"
        name_of_fact = f"{now}_published" if is_printed and _has(context, prediction, f"{now}_published") else now
        if not _has(context, prediction, name_of_fact):
            return ()
        shown.append(number_text(context.facts.of(prediction.entity_of_facts, name_of_fact)))
    return join(shown, " against ")


def _has(context: Context, prediction: Prediction, measure: str) -> bool:
    return context.facts.has(prediction.entity_of_facts, measure)


def _restated(context: Context) -> list[Text]:
    """Count the program's predictions that stand otherwise than they were printed, if there are any."""
    if not context.facts.number(_forecast("program"), "restated"):
        return []
    pattern = "Printed otherwise than they stand by what is known today: {f.restated} of its predictions."
    return [say(context.facts, pattern, f=_forecast("program"))]


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
    """Name the widest misses of the program: what it gave least and yet came true, or most and did not; all that are as wide."""
    missed = [
        (size, p) for p in context.predictions if p.is_due and not p.is_written and (size := _surprise(context, p))
    ]
    if not missed:
        return []
    widest = max(size for size, _ in missed)
    alike: dict[tuple[str | None, str], list[Prediction]] = {}
    for prediction in sorted((p for size, p in missed if size == widest), key=lambda p: p.id):
        alike.setdefault((prediction.event, prediction.state), []).append(prediction)
    named = [_missed(context, predictions) for predictions in alike.values()]
    count = sum(len(predictions) for predictions in alike.values())
    which = "Its widest miss this quarter" if count == 1 else f"Its {count} widest misses this quarter are equally wide"
    return [say(context.facts, f"{which}: {{named}}.", named=join(named, "; "))]


def _missed(context: Context, predictions: list[Prediction]) -> Text:
    """Say what one probability was given to, of which categories, and what came of it."""
    first = predictions[0]
    outcome = "came true" if first.state == "came_true" else "failed"
    # The program states them as "category: event"
    who = listed([plain(prediction.statement.rpartition(": ")[0]) for prediction in predictions])
    pattern = "{event} (given {p.probability_pct}, {outcome}) in {who}"
    event = first.statement.rpartition(": ")[2]
    return say(context.facts, pattern, event=event, who=who, outcome=outcome, p=first.entity_of_facts)


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
