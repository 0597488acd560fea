"""Predictions: what they are held against, what became of them, and how good they were."""

from __future__ import annotations

from math import sqrt

from scipy import stats

from deepsignal_pipeline.domain.predictions import Prediction, Predictions, Query
from deepsignal_pipeline.domain.quarters import Quarter
from worked.example import OfHistory, OfScores, Row, gives
from worked.formulas import t

_NOW = Quarter(2023, 1)
_MORE = Query("contributors", "a", ">", 100.0)


def _decided(deadline: Quarter, given: int, base: int, own: int, *, came: bool) -> Row:
    return {
        "author_kind": "program",
        "event": "commits-rise",
        "deadline": deadline.first_day,
        "probability_pct": given,
        "base_rate_pct": base,
        "own_record_pct": own,
        "state": "came_true" if came else "failed",
    }


def _printed(quarter: Quarter, **figures: object) -> Row:
    return {
        "printed_on": quarter.first_day,
        "prediction_id": "p",
        "entity": "a",
        "made_on": _NOW.shift(-1).first_day,
        "query": "contributors of a > 101.0 in 2023-Q1",
        "probability_pct": 70,
        "base_rate_pct": 55,
        "threshold_made": 101.0,
        "threshold": 101.0,
        **figures,
    }


# Brier scores less those of the base rate, by quarter; the five of all quarters have the mean 0.04
_DIFFERENCES = [[0.09 - 0.25, 0.49 - 0.25], [0.09 - 0.25, 0.25 - 0.25], [0.64 - 0.36]]
# Each quarter's deviations are added up before they are squared
_ERROR = sqrt(3 / 2 * sum(sum(d - 0.04 for d in quarter) ** 2 for quarter in _DIFFERENCES)) / 5
# The same of the own record: 0.16 + 0.36 + 0.16 + 0.25 + 0.01 = 0.94 against 1.36
_OWN_DIFFERENCES = [[0.16 - 0.25, 0.36 - 0.25], [0.16 - 0.25, 0.25 - 0.25], [0.01 - 0.36]]
_OWN_MEAN = (0.94 - 1.36) / 5
_OWN_ERROR = sqrt(3 / 2 * sum(sum(d - _OWN_MEAN for d in quarter) ** 2 for quarter in _OWN_DIFFERENCES)) / 5
# Four rules at once: 5 % / 4, half of it on each side
_T_OF_FOUR = float(stats.t.ppf(1 - 0.05 / 8, 2))

EXAMPLES = (
    OfHistory(
        title="A prediction of more than 100 contributors came true",
        quarter=_NOW,
        values={("a", "contributors"): [100, 90, 80, 99, 80, 96, 120]},
        predictions=Predictions((Prediction("p", "More.", _MORE, _NOW, 70, _NOW.shift(-1), "a test"),)),
        gives=(
            # Made at 96, so it needs more than 100 / 96 = 1.04. The four changes before were 0.89, 1.24, 0.81, 1.2: two of
            # four, (2 + 1) / (4 + 2) = 50 %. It came true: (1 - 0.7)^2, against (1 - 0.5)^2
            gives(
                "prediction_scores", "p",
                state="came_true", probability_pct=70, base_rate_pct=50, value_made=96, threshold_made=100,
                value=120, threshold=100, brier=0.09, base_rate_brier=0.25, skill=1 - 0.09 / 0.25,
            ),
        ),
    ),
    OfHistory(
        title="What was said of a prediction counts as printed, what happened as it is known today",
        quarter=_NOW,
        values={("a", "contributors"): [100, 90, 80, 99, 80, 97, 120]},
        predictions=Predictions((Prediction("p", "More.", _MORE, _NOW, 80, _NOW.shift(-1), "a test"),)),
        printed=(
            _printed(_NOW.shift(-1), state="open", value_made=96.0),
            # Late commits have made 120 of 99 since
            _printed(_NOW, state="failed", value_made=96.0, value=99.0),
        ),
        gives=(
            # Its file says 80 now; 70 was printed: (1 - 0.7)^2, and of the base rate (1 - 0.55)^2
            gives(
                "prediction_scores", "p",
                state="came_true", state_published="failed", probability_pct=70, probability_now_pct=80, base_rate_pct=55,
                value_made=97, value_made_published=96, threshold_made=100, threshold_made_published=101,
                value=120, value_published=99, threshold=100, threshold_published=101, brier=0.09, base_rate_brier=0.45**2,
            ),
        ),
    ),
    OfHistory(
        title="Of the twelve changes of a year eight were rises, and what simple rules make of them",
        quarter=Quarter(2016, 1),
        values={
            # The catalogue begins with 2015-Q1: four changes each. Rises: 3, 3 and 2
            ("a", "contributors"): [100, 110, 106, 120, 130],
            ("b", "contributors"): [50, 60, 66, 60, 72],
            ("c", "contributors"): [80, 72, 80, 90, 85],
        },
        gives=(
            # All: (8 + 1) / (12 + 2) = 64 %; shrunk towards a half with the weight of 20: (8 + 10) / (12 + 20) = 56 %. A rule
            # adds 10 changes at 9/14. Own record: a 3 of 4, (3 + 6.43) / 14 = 67 %. a rose last: of the changes after a rise
            # (a no, yes; b yes, no; c yes, no) 3 of 6, (3 + 6.43) / 16 = 59 %. a is above two quarters ago: of the
            # changes of such (a yes, yes; b no; c no) 2 of 4, 8.43 / 14 = 60 %. a is above its mean of three quarters: of
            # such (a yes, yes; b no; c yes, no) 3 of 5, 9.43 / 15 = 63 %
            gives(
                "prediction_scores", "auto-2016-q1-contributors-rise-a",
                state="open", probability_pct=56, base_rate_pct=64, own_record_pct=67, persistence_pct=59,
                momentum_pct=60, reversion_pct=63, value_made=130, threshold=130,
            ),
        ),
    ),
    OfScores(
        title="Five predictions of three quarters against the base rate",
        scores=(
            _decided(Quarter(2022, 2), 70, 50, 60, came=True),
            _decided(Quarter(2022, 2), 70, 50, 60, came=False),
            _decided(Quarter(2022, 3), 30, 50, 40, came=False),
            _decided(Quarter(2022, 3), 50, 50, 50, came=True),
            _decided(Quarter(2022, 4), 20, 40, 90, came=True),
        ),
        gives=(
            # 240 / 5 and 3 of 5. The likelier side: 70 came, 30 failed; not 70 failed, 20 came; 50 leans to no side. Scores
            # 0.09 + 0.49 + 0.09 + 0.25 + 0.64 = 1.56, of the base rate 4 x 0.25 + 0.36 = 1.36
            gives(
                "prediction_calibration", "program", "all",
                decided=5, came_true=3, quarters=3, mean_probability_pct=48, observed_pct=60, hit_rate_pct=50,
                mean_brier=1.56 / 5, mean_base_rate_brier=1.36 / 5, mean_skill=1 - 1.56 / 1.36, brier_difference=0.04,
                brier_difference_low=0.04 - t(2) * _ERROR, brier_difference_high=0.04 + t(2) * _ERROR,
            ),
            gives(
                "prediction_calibration", "own_record", "all",
                brier_difference=_OWN_MEAN, brier_difference_low=_OWN_MEAN - _T_OF_FOUR * _OWN_ERROR,
                brier_difference_high=_OWN_MEAN + _T_OF_FOUR * _OWN_ERROR,
            ),
        ),
    ),
)  # fmt: skip
