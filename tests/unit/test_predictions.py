"""Predictions as people write them: what is accepted, what is refused, what each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.content import check_content, content_hash, load_catalogue, load_predictions
from deepsignal_pipeline.domain.predictions import (
    MEASURES,
    Prediction,
    PredictionsError,
    Query,
    judge,
    measures_of,
    parse_predictions,
)
from deepsignal_pipeline.domain.quarters import Quarter

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "docs" / "reference-figures-2023-Q1.csv"
CATEGORIES = ("llm-serving", "edge", "ml-debugging")
Q1 = Quarter(2023, 1)
GOOD = {
    "id": "serving-grows",
    "statement": "LLM serving counts more than 400 contributors.",
    "made_on": "2023-Q1",
    "deadline": "2023-Q3",
    "probability": "0.35",
    "source": "a test",
    "query": '{measure: contributors, entity: llm-serving, operator: ">", value: 400}',
}


def entry(**changed: str | None) -> str:
    fields = {key: value for key, value in (GOOD | changed).items() if value is not None}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in fields.items()) + "\n"


def parse(*entries: str) -> tuple[Prediction, ...]:
    return parse_predictions({"predictions/a.yaml": "".join(entries).encode()}, CATEGORIES).entries


def problems(*entries: str) -> list[str]:
    with pytest.raises(PredictionsError) as caught:
        parse(*entries)
    return str(caught.value).splitlines()


def unexpected(*entries: str) -> list[str]:
    found = parse_predictions({"predictions/a.yaml": "".join(entries).encode()}, CATEGORIES)
    return [str(problem) for problem in found.unexpected]


def test_a_prediction_is_read():
    assert parse(entry()) == (
        Prediction(
            id="serving-grows",
            statement="LLM serving counts more than 400 contributors.",
            query=Query("contributors", "llm-serving", ">", 400.0),
            deadline=Quarter(2023, 3),
            percent=35,
            made_on=Q1,
            source="a test",
        ),
    )


def test_another_entity_takes_the_place_of_a_value_and_its_measure_is_the_same_unless_named():
    (same,) = parse(entry(query='{measure: contributors, entity: edge, operator: "<=", other_entity: catalogue}'))
    assert same.query == Query("contributors", "edge", "<=", None, "contributors", "catalogue")
    (named,) = parse(
        entry(
            query='{measure: shared, entity: llm-serving+edge, operator: ">", other_entity: edge, other_measure: commits}'
        )
    )
    assert named.query == Query("shared", "llm-serving+edge", ">", None, "commits", "edge")
    assert {same.refusal, named.refusal} == {""}


def test_predictions_come_in_the_order_they_were_made():
    read = parse(entry(id="b"), entry(id="c", made_on="2022-Q4"), entry(id="a"))
    assert [prediction.id for prediction in read] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("changed", "line", "expected"),
    [
        ({"probability": "1"}, 5, "probability '1': write 0.01 to 0.99, two decimals at most"),
        ({"probability": "0.00"}, 5, "write 0.01 to 0.99"),
        ({"probability": "0.333"}, 5, "write 0.01 to 0.99"),
        ({"probability": "-0.2"}, 5, "write 0.01 to 0.99"),
        ({"probability": "70 %"}, 5, "write 0.01 to 0.99"),
        ({"probability": None}, 1, "field probability is missing"),
        ({"made_on": "2023-Q5"}, 3, "made_on '2023-Q5' is no quarter: write it as 2023-Q1"),
        ({"deadline": "summer"}, 4, "deadline 'summer' is no quarter"),
        ({"id": "Serving_Grows"}, 1, "id 'Serving_Grows': write lower-case words joined by hyphens"),
        ({"id": "auto-2023-q1"}, 1, "id 'auto-2023-q1': write lower-case words joined by hyphens, not auto-"),
        ({"refused": "maybe"}, 8, "unknown refused 'maybe': allowed are no_query, unknown_entity"),
        ({"until": "2024-Q1"}, 8, "unknown field 'until': allowed are id, statement"),
        ({"query": "contributors of llm-serving"}, 7, "expected fields, beginning with `measure: ...`"),
        ({"query": "{measure: contributors, entity: edge, operator: about, value: 4}"}, 7, "unknown operator 'about'"),
        (
            {"query": '{measure: contributors, entity: edge, operator: ">", value: many}'},
            7,
            "value 'many' is no number",
        ),
        ({"query": '{measure: contributors, entity: edge, operator: ">"}'}, 7, "either value or other_entity"),
        (
            {"query": '{measure: contributors, entity: edge, operator: ">", value: 1, other_entity: catalogue}'},
            7,
            "either value or other_entity",
        ),
        (
            {"query": '{measure: contributors, entity: edge, operator: ">", value: 1, other_measure: commits}'},
            7,
            "other_measure has no other_entity",
        ),
        (
            {"query": '{measure: commits, entity: edge, operator: ">=", other_entity: edge}'},
            7,
            "commits of edge is compared with itself: name another",
        ),
        (
            {"query": '{measure: one_week_share, entity: edge, operator: ">", value: 7}'},
            7,
            "value 7: one_week_share is always 0 to 1, so nothing is predicted",
        ),
        (
            {"query": '{measure: commits, entity: edge, operator: ">", value: -1}'},
            7,
            "value -1: commits is always 0 or more",
        ),
        ({"id": "a-" * 40 + "a"}, 1, "write lower-case words joined by hyphens"),
        ({"made_on": "0001-Q1"}, 3, "made_on '0001-Q1' is no quarter"),
        ({"made_on": "2014-Q4"}, 3, "made_on 2014-Q4: no figures are measured before 2015-Q1"),
        ({"deadline": "9999-Q4"}, 4, "deadline '9999-Q4' is no quarter"),
    ],
)
def test_each_mistake_of_form_is_told_with_its_line(changed: dict[str, str | None], line: int, expected: str):
    (problem,) = problems(entry(**changed))
    assert problem.startswith(f"predictions/a.yaml:{line}: ")
    assert expected in problem


def test_all_problems_of_all_files_come_at_once_and_an_id_is_taken_once():
    files = {
        "predictions/b.yaml": (entry() + entry(id="other", probability="2")).encode(),
        "predictions/a.yaml": (entry() + "- {id: x}\n").encode(),
        "predictions/c.yaml": b"made: ]",
    }
    with pytest.raises(PredictionsError) as caught:
        parse_predictions(files, CATEGORIES)
    told = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in told] == [
        *["predictions/a.yaml:8"] * 5,
        "predictions/b.yaml:1",
        "predictions/b.yaml:12",
        "predictions/c.yaml:1",
    ]
    assert "id serving-grows is taken by predictions/a.yaml:1: choose another" in told[5]


REFUSED = [
    ({"query": None}, "no_query", "nothing that is measured decides it: add a query"),
    (
        {"query": '{measure: contributors, entity: llm-servng, operator: ">", value: 4}'},
        "unknown_entity",
        "entity 'llm-servng' is not in the catalogue: like it: llm-serving",
    ),
    (
        {"query": '{measure: contributors, entity: edge, operator: ">", other_entity: zzz}'},
        "unknown_entity",
        "entity 'zzz' is not in the catalogue: write a category, first+second, or catalogue",
    ),
    (
        {"query": '{measure: happiness, entity: edge, operator: ">", value: 4}'},
        "unknown_measure",
        "edge has no measure 'happiness': choose one of commits, contributors",
    ),
    (
        {"query": '{measure: shared, entity: edge, operator: ">", value: 4}'},
        "unknown_measure",
        "edge has no measure 'shared'",
    ),
    (
        {"query": '{measure: commits, entity: edge, operator: ">", other_entity: llm-serving+edge}'},
        "unknown_measure",
        "llm-serving+edge has no measure 'commits': choose one of shared",
    ),
    ({"deadline": "2023-Q1"}, "deadline_past", "the deadline 2023-Q1 must lie 1 to 4 quarters after 2023-Q1"),
    ({"deadline": "2022-Q4"}, "deadline_past", "the deadline 2022-Q4 must lie 1 to 4 quarters after 2023-Q1"),
    ({"deadline": "2024-Q2"}, "deadline_too_far", "the deadline 2024-Q2 must lie 1 to 4 quarters after 2023-Q1"),
]


@pytest.mark.parametrize(("changed", "reason", "expected"), REFUSED)
def test_what_cannot_be_computed_is_refused_and_its_writer_is_told(
    changed: dict[str, str | None], reason: str, expected: str
):
    (prediction,) = parse(entry(**changed))
    assert prediction.refusal == reason
    (told,) = unexpected(entry(**changed))
    assert told.startswith(f"predictions/a.yaml:1: serving-grows is refused, {expected}")
    assert told.endswith(f"or write `refused: {reason}` to keep it on record as refused")


@pytest.mark.parametrize(("changed", "reason", "_"), REFUSED)
def test_a_refusal_that_the_file_expects_is_no_problem(changed: dict[str, str | None], reason: str, _: str):
    assert not unexpected(entry(**changed, refused=reason))


def test_a_refusal_that_is_not_so_is_a_problem():
    (told,) = unexpected(entry(refused="no_query"))
    assert told == "predictions/a.yaml:1: serving-grows is not refused: remove `refused: no_query`"


def test_a_pair_may_be_written_either_way_and_is_the_same():
    turned = '{measure: shared, entity: edge+llm-serving, operator: ">", value: 5}'
    (found,) = parse(entry(query=turned))
    assert (found.refusal, found.query) == ("", Query("shared", "llm-serving+edge", ">", 5.0))


def test_pairs_are_written_in_the_order_of_the_catalogue():
    known = measures_of(CATEGORIES)
    assert known["llm-serving+edge"] == ("shared",)
    assert "edge+llm-serving" not in known
    assert known["catalogue"] == MEASURES


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (">", 5, "open"),
        (">=", 5, "already_true"),
        ("<", 5, "open"),
        ("<=", 5, "already_true"),
        (">", 4, "already_true"),
    ],
)
def test_judged_on_the_figures_it_was_made_on(operator: str, value: float, expected: str):
    query = Query("contributors", "edge", operator, float(value))
    assert judge(query, {("edge", "contributors"): 5.0}) == (expected, 5.0, float(value))


def test_without_a_figure_of_either_side_it_is_not_measured():
    query = Query("contributors", "edge", ">", None, "commits", "llm-serving")
    assert judge(query, {("edge", "contributors"): 5.0}) == ("not_measured", 5.0, None)
    assert judge(query, {("llm-serving", "commits"): 5.0}) == ("not_measured", None, 5.0)


def test_the_shipped_predictions_are_the_three_of_the_reference_and_pass_the_gate():
    content = ROOT / "content"
    assert check_content(content)[0] == []
    found = {p.id: p.refusal for p in load_predictions(content, load_catalogue(content)).entries}
    assert found == {
        "serving-overtakes-training": "",
        "optimization-engagement-climbs": "",
        "optimization-churn-normalises": "",
        "framework-splits-onboarding": "no_query",
    }


def test_the_first_of_the_reference_was_already_true_on_its_own_table(capsys: pytest.CaptureFixture[str]):
    assert main(["predictions", "validate", "--figures", str(FIGURES)]) == 0
    told = capsys.readouterr().out
    assert "serving-overtakes-training: refused, already_true when it was made: 303 > 293 in 2023-Q1" in told
    assert "framework-splits-onboarding: refused, no_query" in told
    assert "optimization-engagement-climbs: 90 % by 2023-Q3; not yet 3 >= 4.5 in 2023-Q1" in told


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a content folder of our own around the shipped catalogue."""
    for name in ("catalogue", "automation", "overrides.yaml", "work_types.yaml"):
        if (ROOT / "content" / name).exists():
            (tmp_path / name).symlink_to(ROOT / "content" / name)
    (tmp_path / "predictions").mkdir()
    monkeypatch.setenv("DEEPSIGNAL_CONTENT", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("command", [["catalogue", "validate"], ["predictions", "validate"]])
def test_the_commands_fail_on_a_problem_of_form_and_on_an_unexpected_refusal(
    content: Path, command: list[str], capsys: pytest.CaptureFixture[str]
):
    file = content / "predictions" / "2023-Q1.yaml"
    file.write_text(entry(probability="2"))
    assert main(command) == 1
    assert "predictions/2023-Q1.yaml:5: probability '2'" in capsys.readouterr().err
    file.write_text(entry(query=None))
    assert main(command) == 1
    assert "predictions/2023-Q1.yaml:1: serving-grows is refused" in capsys.readouterr().err
    file.write_text(entry(query=None, refused="no_query"))
    assert main(command) == 0
    if command[0] == "predictions":
        assert "1 predictions (1 kept on record as refused): no problem found" in capsys.readouterr().out


def test_what_is_made_on_figures_that_nobody_knows_is_told(content: Path, capsys: pytest.CaptureFixture[str]):
    (content / "predictions" / "a.yaml").write_text(entry(made_on="2998-Q1", deadline="2998-Q2"))
    assert main(["predictions", "validate"]) == 1
    assert "serving-grows: made_on 2998-Q1 is not over, so nobody knows its figures" in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_told(content: Path, capsys: pytest.CaptureFixture[str]):
    (content / "predictions").rmdir()
    assert main(["predictions", "validate"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"{content}/predictions does not exist, so nobody predicts anything",
        "0 predictions: no problem found",
    ]


def test_a_folder_without_predictions_has_none_and_what_is_predicted_is_part_of_the_content(content: Path):
    catalogue = load_catalogue(content)
    (content / "predictions").rmdir()
    before = content_hash(content)
    assert load_predictions(content, catalogue).entries == ()
    (content / "predictions").mkdir()
    (content / "predictions" / "a.yaml").write_text(entry())
    assert len(load_predictions(content, catalogue).entries) == 1
    assert content_hash(content) != before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("entity,measure,value\n", "expected the columns quarter, entity, measure, value"),
        ("quarter,entity,measure,value\n2023-Q9,edge,commits,1\n", ":2: quarter '2023-Q9'"),
        ("quarter,entity,measure,value\n2023-Q1,edge,commits,many\n", ":2: could not convert string to float: 'many'"),
        ("quarter,entity,measure,value\n2023-Q1,edge,commits,nan\n", ":2: value 'nan' is no number"),
        ("quarter,entity,measure,value\n2023-Q1\n", ":2: "),
    ],
)
def test_figures_that_cannot_be_read_are_told(
    text: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "figures.csv"
    file.write_text(text)
    assert main(["predictions", "validate", "--figures", str(file)]) == 1
    assert expected in capsys.readouterr().err
