"""Two quarters side by side: what is printed of each, and the change between what is printed."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_lake import CATALOGUE, QUARTER, connect

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.report.comparison import comparison_table
from deepsignal_pipeline.report.facts import Facts, read_facts


def facts_of(quarters_back: int, **edge: object) -> Facts:
    facts = read_facts(connect(categories={"edge": edge}), QUARTER)
    return Facts(QUARTER.shift(-quarters_back), [replace(fact, hidden="") for fact in facts])


BEFORE = facts_of(3, commits=1000, contributors=40, mean_active_weeks=2.0, churn_rate_pct=50.0)
AFTER = facts_of(0, commits=1125, contributors=30, mean_active_weeks=2.5, churn_rate_pct=50.0, marks=["small_base"])


def row(name: str, before: Facts = BEFORE, after: Facts = AFTER) -> list[str]:
    (line,) = [line for line in comparison_table(before, after, CATALOGUE).splitlines() if line.startswith(name)]
    return line.removeprefix(name).split()


def test_a_row_holds_both_values_and_the_change():
    assert row("Edge") == ["1,000", "1,125", "+13%", "40", "30", "-25%", "2.0", "2.5", "+0.5", "50%", "50%", "0"]


def test_it_fits_the_terminal_and_names_both_quarters():
    lines = comparison_table(BEFORE, AFTER, CATALOGUE).splitlines()
    assert max(map(len, lines)) <= 132
    assert lines[1].split()[:3] == ["2022-Q2", "2023-Q1", "change"]
    assert "2023-Q1 small base: edge" in lines
    assert "small base: under 30 commits or people the quarter before, or in its same basket: no trend word." in lines


def test_neighbouring_quarters_have_the_same_basket_beside_each_change():
    before = facts_of(1, commits=1000, contributors=40, mean_active_weeks=2.0, churn_rate_pct=50.0)
    told = row("Edge", before)
    assert (told[:4], told[4:8]) == (["1,000", "1,125", "+13%", "+9%"], ["40", "30", "-25%", "-4%"])
    text = comparison_table(before, AFTER, CATALOGUE)
    assert "\nsame: change over the repositories that were already there, as the later edition prints it.\n" in text
    assert max(map(len, text.splitlines())) <= 132
    assert "only neighbouring quarters are compared" in comparison_table(BEFORE, AFTER, CATALOGUE)


def test_what_is_hidden_stays_hidden_and_has_no_change():
    after = facts_of(0, contributors=3)
    assert row("Edge", after=after)[3:5] == ["40", "<"]
    text = comparison_table(BEFORE, after, CATALOGUE)
    assert "-92%" not in text
    assert "\n< 5: fewer than five people, or none.\n" in text
    assert "\nhidden: " in comparison_table(BEFORE, facts_of(0, top_contributor_share=0.95), CATALOGUE)
    assert "\nhidden: " not in comparison_table(BEFORE, AFTER, CATALOGUE)


@pytest.mark.parametrize("partial", [0, 1])
def test_a_category_that_was_read_in_part_has_no_change(partial: int):
    ends = [{"commits": 1000, "contributors": 40}, {"commits": 1960, "contributors": 78}]
    ends[partial]["marks"] = ["partial"]
    before, after = facts_of(1, **ends[0]), facts_of(0, **ends[1])
    cells = row("Edge", before, after)
    assert cells[:4] == ["1,000", "1,960", "n/a", "+9%"]
    assert cells[4:8] == ["40", "78", "n/a", "-4%"]
    assert (cells[10], cells[-1]) == ("n/a", "n/a")
    assert row("All categories", before, after)[2] == "n/a"
    assert "n/a" not in row("ML Compilers", before, after)
    text = comparison_table(before, after, CATALOGUE)
    assert "+96%" not in text
    assert "\nn/a: " in text


def test_from_nothing_is_new():
    assert row("Edge", before=facts_of(3, commits=0))[2] == "new"


def test_a_category_that_the_catalogue_has_no_longer_is_shown_by_its_slug():
    fewer = replace(CATALOGUE, categories=tuple(c for c in CATALOGUE.categories if c.slug != "edge"))
    (line,) = [line for line in comparison_table(BEFORE, AFTER, fewer).splitlines() if line.startswith("edge ")]
    assert line.split()[1:4] == ["1,000", "1,125", "+13%"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("2023-Q1", "2022-Q4"), "2023-Q1 is not before 2022-Q4: name the earlier quarter first"),
        (("2022-Q4", "2023-Q1"), "2022-Q4 was never published; run: deepsignal run --quarter 2022-Q4"),
        (("2022-Q5", "2023-Q1"), "quarter '2022-Q5': write it as 2023-Q1"),
        (("0000-Q1", "2023-Q1"), "quarter '0000-Q1': write a year from 1970 to 2999"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_line(
    asked: tuple[str, str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(tmp_path))  # the command writes it; this puts it back
    assert main(["compare", *asked, "--home", str(tmp_path / "home")]) == 1
    line, *others = capsys.readouterr().err.splitlines()
    assert said in line
    assert others == ["deepsignal: 2023-Q1 was never published; run: deepsignal run --quarter 2023-Q1"] * len(others)
    assert not (tmp_path / "home").exists()
