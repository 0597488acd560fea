"""What became of every prediction: states, base rates, scores, and the program's own proposals."""

from __future__ import annotations

import shutil
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


def said(name: str, query: str, *, deadline: str = "2023-Q1", probability: str = "0.6") -> str:
    asked = f"measure: {query}"
    return (
        f"- {{id: {name}, statement: Of {name}., made_on: 2022-Q4, deadline: {deadline}, probability: {probability}, "
        f"source: a test, query: {{{asked}}}}}\n"
    )


SAID = {
    "a-falls": said("a-falls", 'contributors, entity: a, operator: "<", value: 70'),
    "b-passes-a": said("b-passes-a", 'contributors, entity: b, operator: ">", other_entity: a'),
    "c-grows": said("c-grows", 'contributors, entity: c, operator: ">", value: 60', deadline="2023-Q3"),
    "c-has-grown": said("c-has-grown", 'contributors, entity: c, operator: ">", value: 60'),
    "turned": said("turned", 'shared, entity: b+a, operator: ">", value: 3'),
}
# Written anew after it was printed: another probability, another query
ANEW = {
    "b-passes-a": said("b-passes-a", 'contributors, entity: b, operator: ">", other_entity: a', probability="0.1"),
    "turned": said("turned", 'shared, entity: b+a, operator: ">", value: 2'),
}
PUBLISHED = ("measure_history", "prediction_scores", "prediction_calibration", "report_facts")


@pytest.fixture(scope="module")
def restated(lab: Lab) -> tuple[Bench, Bench, list[str]]:
    """Publish 2022-Q4, then 2023-Q1 twice; then learn more, rename c to d, and publish 2023-Q1 once more.

    Returns the benches of before and after, and the files that differed between the first two runs of 2023-Q1.
    """
    quarters = quarter_range(Quarter(2021, 3), Quarter(2023, 1))

    def crowd(slugs: str) -> list[Any]:
        return [
            lab.commit(f"{slug}/one", f"{slug} person {n}", f"{quarter}+{1 + n % 80}")
            for slug, grow in zip(slugs, (4, 3, -1), strict=True)
            for at, quarter in enumerate(quarters)
            for n in range(45 + grow * at + 9 * (at % 2))
        ]

    # a had fallen to 61 in 2022-Q3 and to 69 in 2023-Q1: it has not
    late = [
        lab.commit(f"{slug}/one", f"{slug} late {n}", f"{quarter}+85")
        for slug, quarter, more in (("a", "2022-Q3", 6), ("b", "2022-Q4", 2), ("a", "2023-Q1", 6))
        for n in range(more)
    ]
    known = crowd("abc")
    begun = lab.bench(known, categories="abc")
    write(begun, SAID)
    begun.run("quarterly_report", read="2022-Q4")
    begun.run("quarterly_report", read=WINDOW, publish="2023-Q1")
    before = everything_of(begun, "2023-Q1")
    begun.run("quarterly_report", read=WINDOW, publish="2023-Q1")
    differing = [name for name, held in everything_of(begun, "2023-Q1").items() if held != before[name]]
    then = lab.bench([], categories="abc", home=lab.folders.mktemp("kept") / "home")
    shutil.copytree(begun.lake.home, then.lake.home, dirs_exist_ok=True)
    renamed = lab.bench([*crowd("abd"), *late], categories="abd", home=begun.lake.home)
    write(renamed, SAID | ANEW)
    return then, renamed.run("quarterly_report", read=WINDOW, publish="2023-Q1"), differing


def write(bench: Bench, predictions: dict[str, str]) -> None:
    (bench.pipeline.content / "predictions").mkdir()
    (bench.pipeline.content / "predictions" / "a.yaml").write_text("".join(predictions.values()))


def everything_of(bench: Bench, quarter: str) -> dict[str, bytes]:
    files = [bench.lake.file(TABLES[name], Quarter.parse(quarter)) for name in PUBLISHED]
    files += [path for path in bench.lake.edition(Quarter.parse(quarter)).rglob("*") if path.is_file()]
    return {str(path.relative_to(bench.lake.home)): path.read_bytes() for path in files}


Restated = tuple["Bench", "Bench", list[str]]


def test_a_second_run_finds_what_the_first_printed_and_gives_the_same_bytes(restated: Restated) -> None:
    assert restated[2] == []


def test_until_something_is_restated_everything_stands_as_printed(restated: Restated) -> None:
    rows = restated[0].rows("prediction_scores", "2023-Q1")
    assert len(rows) > 20
    for row in rows:
        assert (row["state"], row["value_made"], row["threshold_made"]) == (
            row["state_published"], row["value_made_published"], row["threshold_made_published"],
        )  # fmt: skip
        assert (row["probability_now_pct"], row["is_rewritten"]) == (None, False)
    assert "Printed" not in page(restated[0])


def page(bench: Bench) -> str:
    text = (bench.lake.edition(Quarter(2023, 1)) / "edition.md").read_text()
    return text.partition("\n## Predictions\n")[2].partition("\n## ")[0]


def now(restated: Restated, name: str, *columns: str) -> list[Any]:
    row = restated[1].row("prediction_scores", "2023-Q1", prediction_id=name)
    return [row[column] for column in columns]


STATES = ("state_published", "state", "refusal")


def test_late_commits_turn_a_result_and_what_was_printed_stands_beside(restated: Restated) -> None:
    assert now(restated, "a-falls", *STATES, "value_published", "value", "brier") == [
        *("came_true", "failed", None, 69, 75, 0.36),
    ]
    assert "Of a-falls. Printed: came true, 69 against 70. By what is known today: failed, 75 against 70." in page(
        restated[1]
    )
    assert "| failed (printed: came true) |" in page(restated[1])


def test_what_it_was_made_on_is_kept_of_the_first_edition_that_knew_it(restated: Restated) -> None:
    made = ("value_made_published", "value_made", "threshold_made_published", "threshold_made")
    assert now(restated, "b-passes-a", *made) == [69, 71, 74, 74]
    assert "It was made at 69 against 74; by what is known today that is 71 against 74." in page(restated[1])


def test_the_probability_that_was_printed_counts_whatever_its_file_says_later(restated: Restated) -> None:
    assert now(restated, "b-passes-a", "state", "probability_pct", "probability_now_pct", "brier") == [
        *("failed", 60, 10, 0.36),
    ]
    assert "It was given 60%, which counts; its file now says 10%." in page(restated[1])
    assert now(restated, "b-passes-a", "is_rewritten") == [False]


def test_a_query_written_anew_is_told_and_a_pair_may_be_written_either_way(restated: Restated) -> None:
    assert now(restated, "turned", *STATES, "entity", "is_rewritten", "query") == [
        *("failed", "failed", None, "a+b", True, "shared of a+b > 2.0 in 2023-Q1"),
    ]
    assert "Of turned. Its query or its deadline has been written anew since." in page(restated[1])


def test_a_category_that_was_renamed_does_not_hide_that_a_prediction_was_accepted(restated: Restated) -> None:
    assert now(restated, "c-grows", *STATES) == ["open", "refused", "unknown_entity"]
    assert now(restated, "c-has-grown", *STATES, "value_published") == ["failed", "refused", "unknown_entity", 39]
    gone = "By what is known today: refused, since it is about something that is not in the catalogue."
    assert f"Of c-grows. Printed: open. {gone}" in page(restated[1])
    assert f"Of c-has-grown. Printed: failed, 39 against 60. {gone}" in page(restated[1])


def test_what_the_program_printed_stays_on_record_with_its_probability(restated: Restated) -> None:
    then, after, _ = restated
    printed = {row["prediction_id"]: row for row in then.rows("prediction_scores", "2023-Q1", author_kind="program")}
    rows = {row["prediction_id"]: row for row in after.rows("prediction_scores", "2023-Q1", author_kind="program")}
    assert set(printed) < set(rows)
    for name, row in printed.items():
        assert rows[name]["probability_pct"] == row["probability_pct"]
        assert rows[name]["state_published"] == row["state"]
    # One change more is a rise: (K + 10) / (N + 20) with 12 examples
    rise = rows["auto-2022-q4-contributors-rise-a"]
    assert (rise["state_published"], rise["state"]) == ("failed", "came_true")
    assert rise["probability_now_pct"] - rise["probability_pct"] == 3
    # d was never printed under this name: its probability is the one that was printed of all
    of_d = rows["auto-2022-q4-contributors-rise-d"]
    assert [of_d[name] for name in ("probability_pct", "base_rate_pct", "probability_now_pct")] == [
        rise[name] for name in ("probability_pct", "base_rate_pct", "probability_now_pct")
    ]
    of_c = rows["auto-2022-q4-contributors-rise-c"]
    assert (of_c["state_published"], of_c["state"], of_c["refusal"]) == ("failed", "refused", "not_measured")
    otherwise = sum(row["state"] != row["state_published"] for row in rows.values())
    told = f"Printed otherwise than they stand by what is known today: {otherwise} of its predictions."
    assert told in page(after)
