"""Contract of `prediction_scores`: what became of every prediction known at a quarter."""

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.domain.predictions import MEASURES, OPERATORS, PAIR_MEASURES, REFUSALS
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

PROBABILITIES = (
    "probability_pct",
    "base_rate_pct",
    "own_record_pct",
    "persistence_pct",
    "momentum_pct",
    "reversion_pct",
)
FIGURES = ("value_made", "threshold_made", "value", "threshold")
STATES = ("open", "came_true", "failed", "undecidable", "refused", "unread")


def _percent(name: str, meaning: str, *, required: bool = False, minimum: int = 0, maximum: int = 100) -> Column:
    return Column(name, "INTEGER", meaning, "%", required=required, minimum=minimum, maximum=maximum)


def _figure(name: str, meaning: str) -> Column:
    return Column(name, "DOUBLE", meaning, required=False, minimum=0)


def _brier(name: str, meaning: str) -> Column:
    return Column(name, "DOUBLE", meaning, "score", required=False, minimum=0, maximum=1)


TABLE = Table(
    name="prediction_scores",
    one_row_is="a prediction known at the quarter: an analyst's, or one that the program made by rates",
    group="foresight",
    stage=2,
    version="3",
    grain=("prediction_id",),
    order=("author_kind", "made_on", "prediction_id"),
    reads=(Read("measure_history"), Read("tracked_repositories")),
    staged=("written_predictions", "proposed_events", "published_predictions"),
    may_be_empty=True,
    columns=(
        Column("prediction_id", "VARCHAR", "name of the prediction; the program's begin with auto-"),
        Column("author_kind", "VARCHAR", "who made it", allowed=("analyst", "program")),
        Column("statement", "VARCHAR", "what is predicted, in words"),
        Column("source", "VARCHAR", "where it stands, or what it is made from"),
        Column(
            "event",
            "VARCHAR",
            "the program's event; null for an analyst's prediction",
            required=False,
            allowed=tuple(event.name for event in EVENTS),
        ),
        Column(
            "measure",
            "VARCHAR",
            "what is measured; null without a query",
            required=False,
            allowed=(*MEASURES, *PAIR_MEASURES),
        ),
        Column("entity", "VARCHAR", "of what: category, catalogue or pair; null without a query", required=False),
        Column("operator", "VARCHAR", "how it compares", required=False, allowed=tuple(OPERATORS)),
        Column("other_measure", "VARCHAR", "measure that it is compared with, if not with a value", required=False),
        Column("other_entity", "VARCHAR", "entity that it is compared with, if not with a value", required=False),
        Column("made_on", "DATE", "first day of the quarter whose figures it was made on"),
        Column("deadline", "DATE", "first day of the quarter whose figures decide it"),
        _percent(
            "probability_pct",
            "probability given to it, as the first edition that knew it printed it",
            required=True,
            minimum=1,
            maximum=99,
        ),
        _percent(
            "base_rate_pct",
            "how often its like happened in the four quarters before it was made, as first printed; null without any",
        ),
        _percent(
            "own_record_pct", "a simple rule for the program's event: the category's own rate of the four quarters"
        ),
        _percent("persistence_pct", "another: the rate after changes of the sign of its last change"),
        _percent("momentum_pct", "the same by the sign of its change over two quarters"),
        _percent("reversion_pct", "the same by whether it lies above its mean of three quarters"),
        _percent(
            "probability_now_pct",
            "probability that its file or today's rates give it, which does not count; null if it is the same",
            minimum=1,
            maximum=99,
        ),
        Column("query", "VARCHAR", "what decides an analyst's, in words; null without a query", required=False),
        Column("is_rewritten", "BOOLEAN", "whether its query or deadline was another when it was first printed"),
        Column(
            "state",
            "VARCHAR",
            "open before the deadline; came_true or failed; undecidable if the deadline's figure "
            "cannot be had; refused; unread if the quarter it was made on was not read",
            allowed=STATES,
        ),
        Column(
            "state_published",
            "VARCHAR",
            "state in the first edition that decided it, else in the first that knew it; refused if that refused it; "
            "today's where no edition was before",
            allowed=STATES,
        ),
        Column(
            "refusal",
            "VARCHAR",
            "why it is refused",
            required=False,
            allowed=(*REFUSALS, "not_measured", "already_true"),
        ),
        _figure("value_made", "the figure when it was made"),
        _figure("threshold_made", "what it was compared with then"),
        _figure("value", "the figure at the deadline, before it in the quarter; null if it cannot be had"),
        _figure("threshold", "what it is compared with then"),
        _figure("value_made_published", "the figure when it was made, in the first edition that knew it, else today's"),
        _figure("threshold_made_published", "what that edition compared it with, else today's"),
        _figure(
            "value_published",
            "the figure in the first edition that decided it, else today's; null if that is not decided",
        ),
        _figure("threshold_published", "what that edition compared it with, else today's"),
        Column(
            "people", "BIGINT", "people of the smallest group whose size the figures tell", required=False, minimum=0
        ),
        _brier("brier", "square of the probability less the outcome (1 or 0), once decided"),
        _brier("base_rate_brier", "the same of the base rate"),
        Column(
            "skill",
            "DOUBLE",
            "1 - brier / base_rate_brier: above 0 is better than the base rate",
            "score",
            required=False,
            maximum=1,
        ),
    ),
    rules=(
        Rule(
            "the_decided_have_a_score",
            "Exactly what came true or failed has a score.",
            "(brier IS NOT NULL) = (state IN ('came_true', 'failed'))",
        ),
        Rule(
            "the_refused_say_why", "Exactly the refused have a reason.", "(refusal IS NOT NULL) = (state = 'refused')"
        ),
        Rule(
            "a_decision_was_printed_or_is_told_now",
            "What is decided was decided, or refused, when it was first printed.",
            "state NOT IN ('came_true', 'failed', 'undecidable') "
            "OR state_published IN ('came_true', 'failed', 'undecidable', 'refused')",
        ),
        Rule(
            "a_deadline_lies_ahead",
            "Whatever is not refused has a deadline after it was made.",
            "state = 'refused' OR deadline > made_on",
        ),
    ),
)
