"""Whatever figures and predictions there are: the SELECT judges as the rule does, and scores stay scores."""

from __future__ import annotations

from collections import Counter
from typing import Any

from foresight import calibrate, history, score
from hypothesis import given, settings
from hypothesis import strategies as st

from deepsignal_pipeline.domain.predictions import OPERATORS, Prediction, Predictions, Query, judge
from deepsignal_pipeline.domain.quarters import Quarter

Q = Quarter(2023, 1)
ENTITIES = ("a", "b", "c", "d")
VALUES = st.lists(st.one_of(st.none(), st.integers(0, 360).map(lambda n: n / 30)), min_size=9, max_size=9)
FIGURES = st.fixed_dictionaries({(entity, "contributors"): VALUES for entity in ENTITIES})
ASKED = (st.just("contributors"), st.sampled_from(ENTITIES), st.sampled_from(list(OPERATORS)))
OTHER = (st.none(), st.just("contributors"), st.sampled_from(ENTITIES))
QUERIES = st.one_of(
    st.builds(Query, *ASKED, st.integers(0, 12).map(float)),
    st.builds(Query, *ASKED, *OTHER),
)


@st.composite
def written(draw: st.DrawFn) -> Predictions:
    entries = []
    for n in range(draw(st.integers(1, 5))):
        made_on = Q.shift(draw(st.integers(-10, 1)))
        entries.append(
            Prediction(
                id=f"p-{n}",
                statement="so it will be",
                query=draw(QUERIES),
                deadline=made_on.shift(draw(st.integers(1, 4))),
                percent=draw(st.integers(1, 99)),
                made_on=made_on,
                source="a test",
            )
        )
    return Predictions(tuple(entries))


def expected(prediction: Prediction, figures: dict[tuple[str, str], list[float | None]]) -> str:
    """Judge one prediction by the rule, as of Q."""

    def at(quarter: Quarter) -> dict[tuple[str, str], float]:
        place = 8 + quarter.after(Q)
        return {key: value for key, values in figures.items() if (value := values[place]) is not None}

    assert prediction.query is not None
    if prediction.made_on < Q.shift(-8):
        return "unread"
    made = judge(prediction.query, at(prediction.made_on))[0]
    if made != "open":
        return f"refused {made}"
    if prediction.deadline > Q:
        return "open"
    now = judge(prediction.query, at(prediction.deadline))[0]
    return {"not_measured": "undecidable", "already_true": "came_true", "open": "failed"}[now]


@settings(max_examples=40, deadline=None)
@given(FIGURES, written())
def test_the_select_judges_as_the_rule_does_and_every_prediction_has_one_state(
    figures: dict[tuple[str, str], list[float | None]], predictions: Predictions
) -> None:
    rows = score(Q, history(Q, figures), predictions)
    told = {
        r["prediction_id"]: f"{r['state']} {r['refusal'] or ''}".strip() for r in rows if r["author_kind"] == "analyst"
    }
    assert told == {p.id: expected(p, figures) for p in predictions.entries if p.made_on <= Q}
    assert_scores(rows)


@settings(max_examples=40, deadline=None)
@given(FIGURES)
def test_what_the_program_proposes_is_never_true_yet_and_never_certain(
    figures: dict[tuple[str, str], list[float | None]],
) -> None:
    rows = score(Q, history(Q, figures))
    assert max(Counter((r["made_on"], r["event"], r["entity"]) for r in rows).values(), default=1) == 1
    assert {row["state"] for row in rows} <= {"open", "came_true", "failed", "undecidable"}
    assert all(0 < row["probability_pct"] < 100 for row in rows)
    assert_scores(rows)
    again = score(Q.shift(1), history(Q.shift(1), {key: [*values, None] for key, values in figures.items()}))
    assert_steady(rows, again)


def assert_steady(rows: list[dict[str, Any]], again: list[dict[str, Any]]) -> None:
    """Compare with a quarter later: the same was proposed in every earlier quarter."""
    names = ("prediction_id", "probability_pct", "base_rate_pct", "own_record_pct", "persistence_pct", "momentum_pct",
             "reversion_pct", "threshold_made")  # fmt: skip
    then, now = (
        [[row[name] for name in names] for row in side if row["made_on"] <= Q.first_day] for side in (rows, again)
    )
    assert then == now


def assert_scores(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        decided = row["state"] in ("came_true", "failed")
        assert (row["brier"] is not None) == decided
        assert not decided or 0 <= row["brier"] <= 1
        assert (row["refusal"] is not None) == (row["state"] == "refused")
    for row in calibrate(rows):
        assert row["came_true"] <= row["decided"]
        assert row["decided"] == 0 or 0 <= row["mean_brier"] <= 1
