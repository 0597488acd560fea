"""Contract of `prediction_calibration`: how good the predictions decided up to a quarter were."""

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

RULES = ("own_record", "persistence", "momentum", "reversion")
FORECASTERS = ("analyst", "program", "base_rate", *RULES)
RANGES = ("0-19", "20-39", "40-59", "60-79", "80-100")
BINS = ("all", *RANGES, *(event.name for event in EVENTS))


def _ratio(name: str, meaning: str, unit: str, *, minimum: float | None = 0, maximum: float | None) -> Column:
    return Column(name, "DOUBLE", meaning, unit, required=False, minimum=minimum, maximum=maximum)


TABLE = Table(
    name="prediction_calibration",
    one_row_is="a forecaster and a range of probabilities or an event, always the same 84 rows",
    group="foresight",
    stage=2,
    version="2",
    grain=("forecaster", "bin"),
    order=("forecaster_order", "bin_order"),
    rows=84,
    reads=(Read("prediction_scores"),),
    staged=("t_quantiles",),
    columns=(
        Column(
            "forecaster",
            "VARCHAR",
            "analyst, program, its base rate, or a simple rule over the program's events",
            allowed=FORECASTERS,
        ),
        Column("bin", "VARCHAR", "range of the probability in per cent; an event of the program; all", allowed=BINS),
        Column("forecaster_order", "INTEGER", "position of the forecaster", minimum=0),
        Column("bin_order", "INTEGER", "position of the range", minimum=0),
        Column("decided", "BIGINT", "predictions that came true or failed", "predictions", minimum=0),
        Column("came_true", "BIGINT", "of these, those that came true", "predictions", minimum=0),
        _ratio("mean_probability_pct", "mean of the probabilities given", "%", maximum=100),
        _ratio("observed_pct", "share that came true", "%", maximum=100),
        _ratio(
            "hit_rate_pct", "of those given other than 50 %, the share that went the likelier way", "%", maximum=100
        ),
        _ratio("mean_brier", "mean Brier score: 0 is perfect, 0.25 is what 50 % always gets", "score", maximum=1),
        _ratio(
            "mean_base_rate_brier", "mean Brier score of the base rate over the same predictions", "score", maximum=1
        ),
        _ratio(
            "mean_skill",
            "1 - mean Brier score / that of the base rate: above 0 is better",
            "score",
            minimum=None,
            maximum=1,
        ),
        Column("quarters", "BIGINT", "quarters in which they were decided", "quarters", minimum=0),
        _ratio(
            "brier_difference",
            "mean Brier score less that of the base rate: below 0 is better",
            "score",
            minimum=-1,
            maximum=1,
        ),
        _ratio(
            "brier_difference_low",
            "lower end of its 95 % interval, clustered by quarter; of the simple rules, of all at once",
            "score",
            minimum=None,
            maximum=None,
        ),
        _ratio("brier_difference_high", "upper end of its 95 % interval", "score", minimum=None, maximum=None),
    ),
    rules=(
        Rule("no_more_came_true_than_were_decided", "What came true was decided.", "came_true <= decided"),
        Rule(
            "the_base_rate_has_no_skill_over_itself",
            "The base rate does not differ from itself.",
            "forecaster <> 'base_rate' OR coalesce(brier_difference, 0) = 0",
        ),
    ),
)
