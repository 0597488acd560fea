"""What became of every prediction: states, base rates, scores, and the program's own proposals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from foresight import history, score

from deepsignal_pipeline.domain.prediction_events import EVENTS
from deepsignal_pipeline.domain.predictions import Prediction, Predictions, Query
from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab

Q = Quarter(2023, 1)
MORE = Query("contributors", "a", ">", 100.0)
# Up, down and up again in a; b grows steadily; c is a source that ended. Two quarters were read, and nothing measured
A, B, C = (
    [None, None, 90.0, 80.0, 99.0, 80.0, 96.0, 120.0],
    [None, None, 50.0, 60.0, 72.0, 90.0, 100.0, 110.0],
    [None, None, 50.0, 60.0, 55.0, 50.0, 60.0, None],
)
FIGURES = history(Q, {("a", "contributors"): A, ("b", "contributors"): B, ("c", "contributors"): C})
GIVEN = Prediction("p", "More.", MORE, Q, 70, Q.shift(-1), "a test")


def judged(prediction: Prediction, *names: str, quarter: Quarter = Q, figures: Any = FIGURES) -> Any:
    rows = score(quarter, figures, Predictions((prediction,)))
    (row,) = [row for row in rows if row["author_kind"] == "analyst"]
    return [row[name] for name in names]


def test_the_figure_of_the_deadline_decides() -> None:
    names = ("state", "value_made", "threshold_made", "value", "threshold", "brier")
    assert judged(GIVEN, *names) == ["came_true", 96, 100, 120, 100, 0.09]
    assert judged(replace(GIVEN, query=Query("contributors", "a", ">", 120.0)), "state", "brier") == ["failed", 0.49]
    assert judged(replace(GIVEN, query=Query("contributors", "a", ">=", 120.0)), "state") == ["came_true"]


def test_the_other_side_moves_too() -> None:
    overtakes = Query("contributors", "a", ">", None, "contributors", "b")
    assert judged(replace(GIVEN, query=overtakes), "state", "value_made", "threshold_made", "value", "threshold") == [
        *("came_true", 96, 100, 120, 110),
    ]


def test_before_the_deadline_it_is_open_and_shows_where_it_stands() -> None:
    open_one = replace(GIVEN, deadline=Q.shift(1), made_on=Q.shift(-1))
    assert judged(open_one, "state", "value", "brier", "skill") == ["open", 120, None, None]


def test_it_is_unknown_before_it_is_made() -> None:
    assert not [
        r
        for r in score(Q, FIGURES, Predictions((replace(GIVEN, made_on=Q.shift(1)),)))
        if r["author_kind"] == "analyst"
    ]


def test_it_is_scored_in_every_later_quarter() -> None:
    names = ("state", "value", "threshold", "brier", "base_rate_pct", "skill")
    at_its_deadline = judged(GIVEN, *names)
    for later in range(1, 12):
        steady = {("a", "contributors"): [*A, *[100.0] * later], ("b", "contributors"): [*B, *[None] * later]}
        steady[("c", "contributors")] = [*C, *[60.0] * later]
        now = Q.shift(later)
        assert judged(GIVEN, *names, quarter=now, figures=history(now, steady)) == at_its_deadline


def test_it_is_unread_where_its_quarter_was_not_read() -> None:
    old = replace(GIVEN, made_on=Q.shift(-8), deadline=Q.shift(-5))
    assert judged(old, "state", "value", "value_made", "brier", "people") == ["unread", None, None, None, None]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"query": Query("contributors", "a", ">", 95.0)}, "already_true"),
        ({"query": Query("contributors", "a", ">=", 96.0)}, "already_true"),
        ({"query": Query("contributors", "b", ">", None, "contributors", "a")}, "already_true"),
        ({"query": Query("commits", "a", ">", 95.0)}, "not_measured"),
        ({"query": Query("contributors", "a", ">", None, "commits", "b")}, "not_measured"),
        ({"query": None, "refusal": "no_query"}, "no_query"),
        ({"refusal": "deadline_past", "deadline": Q.shift(-3)}, "deadline_past"),
    ],
)
def test_the_refused_say_why_and_have_no_score(changed: dict[str, Any], reason: str) -> None:
    assert judged(replace(GIVEN, **changed), "state", "refusal", "value", "brier") == ["refused", reason, None, None]


def test_a_source_that_ends_before_the_deadline_leaves_it_undecidable() -> None:
    ended = replace(GIVEN, query=Query("contributors", "c", ">", 60.0))
    assert judged(ended, "state", "value", "brier", "refusal") == ["undecidable", None, None, None]


def test_the_base_rate_counts_how_often_its_like_moved_as_far_in_proportion() -> None:
    # 96 -> 100 is 100/96. Of the eight changes of a, b and c in 2021-Q4 .. 2022-Q4, a: .89 1.24 .81 1.2; b: 1.2 1.2 1.25
    # 1.11; c: 1.2 .92 .91 1.2. More than 100/96 did 8 of 12: (8 + 1) / (12 + 2) = .643
    assert judged(GIVEN, "base_rate_pct", "base_rate_brier", "skill") == [64, 0.1296, 1 - 900 / 1296]


def test_over_two_quarters_it_counts_changes_over_two() -> None:
    # 80 -> 120 in two quarters. Changes over two within 2021-Q3 .. 2022-Q3 (values 90 80 99 80; 50 60 72 90; 50 60 55 50):
    # 1.1, 1; 1.44, 1.5; 1.1, .83. At least 1.5 did 1 of 6: (1 + 1) / (6 + 2)
    far = replace(GIVEN, query=Query("contributors", "a", ">=", 120.0), made_on=Q.shift(-2))
    assert judged(far, "base_rate_pct") == [25]


def test_against_another_entity_it_counts_pairs() -> None:
    # a / b is .96 and has to pass 1, so it has to grow by more than 1 / .96: counted over six ordered pairs, four changes
    values = [A[2:7], B[2:7], C[2:7]]
    ratios = [(x[t + 1] / y[t + 1]) / (x[t] / y[t]) for x in values for y in values if x is not y for t in range(4)]
    hits = sum(ratio > 100 / 96 for ratio in ratios)
    assert len(ratios) == 24
    overtakes = replace(GIVEN, query=Query("contributors", "a", ">", None, "contributors", "b"))
    assert judged(overtakes, "base_rate_pct") == [int(100 * (hits + 1) / 26 + 0.5)]


def test_few_people_are_no_example_for_others() -> None:
    few = [row | {"people": 29} for row in FIGURES if row["entity"] != "a"]
    own = [row for row in FIGURES if row["entity"] == "a"]
    # .89 1.24 .81 1.2 alone: 2 of 4
    assert judged(GIVEN, "base_rate_pct", figures=own + few) == [50]


def test_there_is_no_base_rate_where_four_changes_before_it_were_not_read() -> None:
    short = history(Q, {("a", "contributors"): A[2:], ("b", "contributors"): B[2:], ("c", "contributors"): C[2:]})
    assert judged(GIVEN, "state", "base_rate_pct", "skill", figures=short) == ["came_true", None, None]


def test_what_is_as_it_was_is_no_less_in_fractions() -> None:
    """A hundredth of a hundred times 100/30 is another number: it would be true already, and refused."""
    shares = [100 * part / 30 for part in (1, 2, 4, 7, 8, 13, 14)]
    assert all(share * 100 / 100 != share for share in shares)
    rows = score(Q, history(Q, {(entity, "churn_rate_pct"): [None, *shares] for entity in "abcd"}))
    assert {row["threshold_made"] for row in rows} <= set(shares)
    assert rows
    assert {row["state"] for row in rows} <= {"open", "came_true", "failed"}


def test_nothing_is_proposed_without_twelve_examples() -> None:
    assert score(Q, [row for row in FIGURES if row["entity"] != "c"]) == []


@pytest.fixture(scope="module")
def proposals() -> list[dict[str, Any]]:
    return score(Q, FIGURES)


def of(rows: list[dict[str, Any]], event: str, entity: str, made_on: Quarter) -> dict[str, Any]:
    (row,) = [r for r in rows if (r["event"], r["entity"], r["made_on"]) == (event, entity, made_on.first_day)]
    return row


def test_the_program_proposes_the_rate_of_all_shrunk_towards_its_prior(proposals: list[dict[str, Any]]) -> None:
    # Made on 2022-Q4 out of the twelve changes before it. Rises: 8; (8 + 10) / 32 = .5625. By a fifth: a 1.2375, 1.2;
    # b 1.2, 1.2, 1.25; c 1.2, 1.2: 7; (7 + 5) / 32 = .375
    rise = of(proposals, "contributors-rise", "a", Q.shift(-1))
    assert (rise["probability_pct"], rise["base_rate_pct"], rise["state"], rise["threshold"]) == (
        56,
        64,
        "came_true",
        96,
    )
    jump = of(proposals, "contributors-jump", "a", Q.shift(-1))
    assert (jump["probability_pct"], jump["base_rate_pct"], jump["state"], jump["threshold"]) == (
        38,
        57,
        "came_true",
        115.2,
    )
    assert rise["statement"] == "A: more contributors than the quarter before"
    assert rise["prediction_id"] == "auto-2022-q4-contributors-rise-a"


def test_what_simple_rules_say_stands_beside(proposals: list[dict[str, Any]]) -> None:
    rise = of(proposals, "contributors-rise", "a", Q.shift(-1))
    # Its own record: 2 of 4 rose; (2 + 10 * 9/14) / 14
    assert rise["own_record_pct"] == 60
    # It rose last. After a rise a fell; b rose three times; c fell: 3 of 5; (3 + 10 * 9/14) / 15
    assert rise["persistence_pct"] == 63


def test_a_partial_category_is_not_asked_and_what_was_asked_is_undecidable(proposals: list[dict[str, Any]]) -> None:
    assert of(proposals, "contributors-rise", "c", Q.shift(-1))["state"] == "undecidable"
    more = score(Q, FIGURES + history(Q, {("d", "contributors"): B}))
    asked = {(row["entity"], row["state"]) for row in more if row["made_on"] == Q.first_day}
    assert asked == {("a", "open"), ("b", "open"), ("d", "open")}


def test_the_events_are_those_of_the_program(proposals: list[dict[str, Any]]) -> None:
    assert {row["event"] for row in proposals} == {e.name for e in EVENTS if e.measure == "contributors"}


WINDOW = "2022-Q4:2023-Q1"


@pytest.fixture(scope="module")
def crowd(lab: Lab) -> Bench:
    """Two categories over six quarters, so many people that the program proposes."""
    quarters = quarter_range(Quarter(2021, 3), Quarter(2023, 1))
    commits = [
        lab.commit(f"{slug}/one", f"{slug} person {n}", f"{quarter}+{1 + n % 80}")
        for slug, grow in (("a", 4), ("b", 3), ("c", -1))
        for at, quarter in enumerate(quarters)
        for n in range(45 + grow * at + 9 * (at % 2))
    ]
    bench = lab.bench(commits, categories="abc")
    (bench.pipeline.content / "predictions").mkdir()
    (bench.pipeline.content / "predictions" / "a.yaml").write_text(
        "- {id: a-falls, statement: A falls., made_on: 2022-Q4, deadline: 2023-Q1, probability: 0.6, source: a test,\n"
        '   query: {measure: contributors, entity: a, operator: "<", value: 70}}\n'
        "- {id: b-is-happy, statement: B is happy., made_on: 2022-Q4, deadline: 2023-Q1, probability: 0.6, source: a test}\n"
    )
    return bench.run("prediction_calibration", read=WINDOW)


def test_a_refused_prediction_is_published_beside_the_others(crowd: Bench) -> None:
    rows = crowd.rows("prediction_scores", "2023-Q1", author_kind="analyst")
    assert [(row["prediction_id"], row["state"], row["refusal"]) for row in rows] == [
        ("a-falls", "came_true", None),
        ("b-is-happy", "refused", "no_query"),
    ]
    assert rows[0]["value"] == crowd.query(
        "SELECT count(DISTINCT contributor_id) AS n FROM alias_activity JOIN contributor_identities USING (alias_id) "
        "WHERE category = 'a' AND quarter = '2023-01-01' AND kind = 'human'"
    )[0]["n"]  # fmt: skip


def test_what_was_proposed_a_quarter_ago_is_the_same_now(crowd: Bench) -> None:
    then = {row["prediction_id"]: row for row in crowd.rows("prediction_scores", "2022-Q4", author_kind="program")}
    now = {row["prediction_id"]: row for row in crowd.rows("prediction_scores", "2023-Q1", author_kind="program")}
    assert any(row["state"] == "open" for row in then.values())
    assert set(then) < set(now)
    steady = ("statement", "probability_pct", "base_rate_pct", "persistence_pct", "momentum_pct", "threshold_made")
    for name in then:
        assert [then[name][column] for column in steady] == [now[name][column] for column in steady], name


def test_any_order_of_publication_gives_the_same_bytes(crowd: Bench) -> None:
    names = ("measure_history", "prediction_scores", "prediction_calibration")
    files = [crowd.lake.file(TABLES[name], q) for name in names for q in (Quarter(2022, 4), Quarter(2023, 1))]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    for quarter in ("2023-Q1", "2022-Q4"):
        for name in names:
            assert crowd.make(name, quarter).is_published
    assert [file.read_bytes() for file in files] == before
