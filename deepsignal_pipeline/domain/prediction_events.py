"""What the program gives a probability to, every quarter anew.

Pure. Which rates the probabilities are made of belongs to the SELECT of `prediction_scores`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """What the program gives a probability to, a quarter ahead: a category's measure against a part of its value now.

    `prior_pct` is what its rate is shrunk towards: a half for a direction; a quarter for a fifth more, as in most quarters
    of the sample.
    """

    name: str
    measure: str
    operator: str
    factor_pct: int
    prior_pct: int
    phrase: str


EVENTS = (
    Event("contributors-rise", "contributors", ">", 100, 50, "more contributors than the quarter before"),
    Event(
        "contributors-jump",
        "contributors",
        ">=",
        120,
        25,
        "a fifth more contributors than the quarter before, or better",
    ),
    Event("commits-rise", "commits", ">", 100, 50, "more commits than the quarter before"),
    Event("commits-jump", "commits", ">=", 120, 25, "a fifth more commits than the quarter before, or better"),
    Event("churn-falls", "churn_rate_pct", "<", 100, 50, "a lower churn rate than the quarter before"),
    Event("weeks-rise", "mean_active_weeks", ">", 100, 50, "more active weeks a contributor than the quarter before"),
)
"""The program's events; each that is not already true is asked of every category with enough people."""
