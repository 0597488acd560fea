"""The snapshot for the terminal."""

import pytest
from small_lake import CATALOGUE, MARKED, QUARTER, connect

from deepsignal_pipeline.report.facts import Facts, read_facts
from deepsignal_pipeline.report.terminal import snapshot_table


def test_twelve_rows_and_totals_fit_the_terminal(facts: Facts):
    lines = snapshot_table(facts, CATALOGUE).splitlines()
    assert max(map(len, lines)) <= 110
    rules = [number for number, line in enumerate(lines) if line.startswith("---")]
    assert rules[1] - rules[0] == 13
    assert lines[rules[1] + 1].startswith("All categories")
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("category", "cells"),
    [
        ("LLM Serving & Inference", ["1,048", "+7%", "+6%", "100", "+72%", "-5%", "8", "DB"]),
        ("Agent Framework", ["1,307", "+14%", "+13%", "170", "-15%", "-16%", "8"]),
    ],
)
def test_a_row_holds_its_facts(facts: Facts, category: str, cells: list[str]):
    (row,) = [line for line in snapshot_table(facts, CATALOGUE).splitlines() if line.startswith(category)]
    assert row.removeprefix(category).split() == cells


def test_columns_are_aligned(facts: Facts):
    lines = snapshot_table(facts, CATALOGUE).splitlines()[4:16]
    assert len({line.rindex("  8") for line in lines}) == 1


def test_used_marks_are_explained(facts: Facts):
    text = snapshot_table(facts, CATALOGUE)
    assert "\nD one person: " in text
    assert "\nP partial" not in text


def test_a_change_by_few_is_not_read_as_a_category_of_few():
    facts = read_facts(connect(categories=MARKED | {"edge": {"marks": ["change_by_few"]}}), QUARTER)
    text = snapshot_table(facts, CATALOGUE)
    assert "few people\n" not in text
    assert "C change by few: so few people make the change that it has no interval; the category may have many" in text
    assert max(map(len, text.splitlines())) <= 110


def test_a_partial_category_has_no_raw_change():
    facts = read_facts(connect(categories=MARKED | {"edge": {"marks": ["partial"]}}), QUARTER)
    (row,) = [line for line in snapshot_table(facts, CATALOGUE).splitlines() if line.startswith("Edge")]
    assert row.split()[-8:] == ["1,159", "n/a", "+9%", "130", "n/a", f"{17 - 3 * 7}%", "8", "P"]


def test_what_is_withheld_keeps_its_distance():
    facts = read_facts(connect(categories=MARKED | {"edge": {"top_contributor_share": 0.95}}), QUARTER)
    (row,) = [line for line in snapshot_table(facts, CATALOGUE).splitlines() if line.startswith("Edge")]
    assert row.split()[4:8] == ["hidden", "hidden", "hidden", "130"]
