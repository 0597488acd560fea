"""The section about predictions: misses first, refusals with their reason, and no skill where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from small_lake import CATALOGUE, PROVENANCE, QUARTER, connect
from small_predictions import PREDICTIONS, SOURCE, proposed, written

from deepsignal_pipeline.report import prediction_tables
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.model import Table, as_string
from deepsignal_pipeline.report.prose import predictions
from deepsignal_pipeline.report.sections import write_edition


def context_of(rows: Sequence[dict[str, Any]] = PREDICTIONS) -> Context:
    return read_context(connect(predictions=rows), QUARTER, CATALOGUE, PROVENANCE)


@pytest.fixture(scope="module")
def context() -> Context:
    return context_of()


def cells(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[as_string(cell.text) for cell in row] for row in table.rows]


def test_what_fell_due_is_told_with_the_miss_first(context: Context) -> None:
    assert [as_string(text) for text in predictions.write_due(context)] == [
        "Failed: It is <missed>. Its probability was put at 80% where such moves happen in 40% of the cases; Brier score 0.640.",
        "Undecidable: It is <unknown>. The figures of the quarter are not complete.",
        "Came true: It is <hit>. It stands at 104 against 100. Its probability was put at 80% where such moves happen in "
        "40% of the cases; Brier score 0.040.",
    ]


def test_the_refused_are_named_with_their_reason(context: Context) -> None:
    assert [as_string(text) for text in predictions.write_refused(context)] == [
        "It is <late>. Refused, since it was already true when it was made (120 against 100).",
        "It is <vague>. Refused, since no figure decides it.",
    ]


def test_the_hit_rate_counts_what_was_decided(context: Context) -> None:
    told = as_string(predictions.write_hit_rate(context))
    assert "that people made, 2 came due so far; 1 came true" in told
    assert "1 came true. Mean Brier score: 0.340" in told
    assert "No prediction that people made" in as_string(predictions.write_hit_rate(context_of(())))


def test_a_hit_rate_is_said_of_ten_decided_predictions_or_more() -> None:
    many = context_of([written(f"p{n}", "came_true" if n else "failed") for n in range(10)])
    assert "9 came true, and the likelier side happened in 90% of the cases." in as_string(
        predictions.write_hit_rate(many)
    )
    assert "likelier side" not in as_string(predictions.write_hit_rate(context_of([written("p", "came_true")])))


def test_misses_that_are_equally_wide_are_all_named() -> None:
    alike = [proposed(entity, 20, "came_true") for entity in ("edge", "gpu-kernels", "llm-serving")]
    told = as_string(predictions.write_forecasts(context_of([*alike, proposed("ml-platform", 80, "failed")]))[0])
    assert told.endswith(
        "Its 4 widest misses this quarter are equally wide: more active weeks (given 20%, came true) in edge, gpu-kernels and "
        "llm-serving; more active weeks (given 80%, failed) in ml-platform."
    )


def test_the_widest_miss_of_the_program_is_named(context: Context) -> None:
    told = as_string(predictions.write_forecasts(context)[0])
    assert told.endswith("Its widest miss this quarter: more active weeks (given 20%, came true) in llm-serving.")
    calm = [row for row in PREDICTIONS if row["entity"] != "llm-serving"]
    assert "widest miss" in as_string(predictions.write_forecasts(context_of(calm))[0])  # 45% came true
    quiet = [row for row in calm if not (row["author_kind"] == "program" and row["state"] == "came_true")]
    assert "widest miss" not in as_string(predictions.write_forecasts(context_of(quiet))[0])


def test_without_a_rule_that_beats_the_base_rate_no_skill_is_claimed(context: Context) -> None:
    assert "None of them shows skill over the base rate" in as_string(predictions.write_forecasts(context)[1])


def test_a_rule_that_beats_it_in_every_quarter_is_named_and_one_that_loses_too() -> None:
    outcomes = {True: ("came_true", 95, 5), False: ("failed", 5, 95)}
    sure = [
        proposed(entity, 45, state, back, persistence_pct=right, momentum_pct=wrong)
        for back in range(4)
        for entity, (state, right, wrong) in zip(("edge", "gpu-kernels"), outcomes.values(), strict=True)
    ]
    told = as_string(predictions.write_forecasts(context_of(sure))[1])
    assert "the direction of its last change did better than the base rate (Brier score 0.003 against 0.253)" in told
    assert "its direction over two quarters did worse" in told
    assert "so the program keeps to rates" in told


def test_with_too_few_quarters_nothing_is_said_about_rules() -> None:
    told = predictions.write_forecasts(context_of([proposed("edge", 45, "failed"), written("hit", "came_true")]))
    assert as_string(told[1]) == "Too few quarters were decided to hold simple rules against the base rate."


def test_the_table_of_predictions_shows_every_state_but_the_refused(context: Context) -> None:
    rows = {row[0]: row[1:] for row in cells(prediction_tables.written_table(context))}
    assert rows == {
        "It is <hit>.": [SOURCE, "2022-Q4", "2023-Q1", "came true", "80%", "40%", "104", "100", "0.040", "0.360"],
        "It is <missed>.": [SOURCE, "2022-Q4", "2023-Q1", "failed", "80%", "40%", "", "", "0.640", "0.160"],
        "It is <open>.": [SOURCE, "2022-Q4", "2023-Q3", "open", "80%", "40%", "104", "100", "", ""],
        "It is <old>.": [SOURCE, "2022-Q4", "2022-Q1", "its quarter was not read", "80%", "40%", "", "100", "", ""],
        "It is <unknown>.": [SOURCE, "2022-Q4", "2023-Q1", "undecidable", "80%", "40%", "", "", "", ""],
    }
    assert prediction_tables.written_table(context_of(())) is None


def test_the_table_marks_a_state_that_was_printed_otherwise() -> None:
    (row,) = cells(prediction_tables.written_table(context_of([written("p", "failed", state_published="came_true")])))
    assert row[4] == "failed (printed: came true)"


def test_the_calibration_table_has_every_range_and_its_observed_share(context: Context) -> None:
    table = prediction_tables.calibration_table(context)
    assert cells(table)[1:3] == [
        ["20-39", "1", "20%", "100%", "0.640", "0.303"],
        ["40-59", "12", "45%", "33%", "0.236", "0.236"],
    ]
    assert [as_string(cell.text) for cell in table.totals[0]][:4] == ["all", "13", "43%", "38%"]


def test_the_next_quarter_shows_the_probability_of_each_event(context: Context) -> None:
    rows = cells(prediction_tables.events_table(context))
    assert len(rows) == 6
    assert rows[-1][:3] == ["more active weeks a contributor than the quarter before", "42%", "13"]


def test_what_has_no_base_rate_is_told_without_one() -> None:
    (told,) = predictions.write_due(context_of([written("hit", "came_true", base_rate_pct=None, base_rate_brier=None)]))
    assert as_string(told).endswith("Its probability was put at 80%; Brier score 0.040.")


OTHERWISE = {
    "restated": (
        {"state_published": "came_true", "value": 99.0, "value_published": 104.0},
        "Printed: came true, 104 against 100. By what is known today: failed, 99 against 100.",
    ),
    "as-printed-but-for-figures": (
        {"value": 98.0, "value_published": 97.0, "threshold_published": 101.0},
        "Printed: failed, 97 against 101. By what is known today: failed, 98 against 100.",
    ),
    "made": (
        {"value": 99.0, "value_published": 99.0, "threshold_made_published": 95.0},
        "It was made at 90 against 95; by what is known today that is 90 against 100.",
    ),
    # Commits are not printed
    "of-commits": (
        {"measure": "commits", "state_published": "came_true", "value_published": 104.0},
        "Printed: came true. By what is known today: failed.",
    ),
    "rewritten": (
        {"is_rewritten": True, "value_published": 70.0, "value_made_published": 60.0, "value": 99.0},
        "Its query or its deadline has been written anew since.",
    ),
    "other-odds": ({"probability_now_pct": 30}, "It was given 80%, which counts; its file now says 30%."),
    "same": ({}, ""),
}


@pytest.mark.parametrize("case", OTHERWISE)
def test_what_was_printed_otherwise_is_told_beside_what_is_known(case: str) -> None:
    changed, expected = OTHERWISE[case]
    told = predictions.write_otherwise(context_of([written("p", "failed", **changed)]))
    assert [as_string(text) for text in told] == ([f"It is <p>. {expected}"] if expected else [])


def test_figures_of_few_people_that_were_printed_stay_hidden() -> None:
    few = written("few", "failed", people=4, value=3.0, state_published="came_true", value_published=7.0)
    (told,) = predictions.write_otherwise(context_of([few]))
    assert as_string(told).endswith(
        "Printed: came true, 7 against < 5. By what is known today: failed, < 5 against < 5."
    )


def test_the_programs_that_stand_otherwise_are_counted_and_nothing_is_said_of_none(context: Context) -> None:
    rows = [row | ({"state_published": "open"} if row["entity"] == "llm-serving" else {}) for row in PREDICTIONS]
    told = "Printed otherwise than they stand by what is known today: 1 of its predictions."
    assert told in as_string(predictions.write_forecasts(context_of(rows))[0])
    assert "Printed otherwise" not in as_string(predictions.write_forecasts(context)[0])


def test_figures_of_few_people_stay_hidden() -> None:
    few = written("few", "came_true", people=4, value=3.0, threshold=2.0)
    (told,) = predictions.write_due(context_of([few]))
    assert "It stands at < 5 against < 5." in as_string(told)


def test_the_section_stands_in_the_edition_before_the_method(context: Context) -> None:
    keys = [section.key for section in write_edition(context).sections]
    assert keys[-3:] == ["predictions", "method", "homes"]
