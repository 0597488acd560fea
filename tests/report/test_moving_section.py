"""Presence and movement: overlaps against chance, newcomers with a past, homes; nothing is claimed of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from small_lake import CATALOGUE, NAMES, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.report import flows
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.model import Figure, Heading, Table, as_string
from deepsignal_pipeline.report.prose.arrivals import write_arrivals, write_homes
from deepsignal_pipeline.report.prose.overlaps import CAUTION, write_overlaps
from deepsignal_pipeline.report.sections import write_edition

PAIR = "gpu-kernels+ml-compilers"
UNLIFTED: Mapping[str, Any] = {
    "shared": 14, "shared_expected": 0.7, "lift": None, "lift_low": None, "lift_high": None, "q_value": 0.0001,
    "strength_rank": 1, "newness_rank": None,
}  # fmt: skip


def context_of(**changed: Any) -> Context:
    return read_context(connect(**changed), QUARTER, CATALOGUE, PROVENANCE)


@pytest.fixture(scope="module")
def context() -> Context:
    return context_of()


def told(paragraphs: list[Any]) -> str:
    return " ".join(as_string(text) for text in paragraphs)


def test_the_strongest_pair_is_told_by_the_lower_end_of_its_lift(context: Context) -> None:
    strong = context.ranked_pairs("strength_rank")
    text = told(write_overlaps(context))
    first = context.facts.of(strong[0], "lift").value
    assert f"{first:.1f} times the 4.3 people" in text
    assert f"at least {context.facts.number(strong[0], 'lift_low'):.1f} times at 95% confidence" in text
    assert "compares pairs with one another" in text


def test_overlap_is_never_called_movement(context: Context) -> None:
    assert as_string(write_overlaps(context)[-1]) == CAUTION
    assert "presence, not movement" in CAUTION
    assert "migrat" not in told(write_overlaps(context)).lower()
    (section,) = [section for section in write_edition(context).sections if section.key == "overlap"]
    kind, found = "", {}
    for block in section.blocks:
        kind = block.text.partition(":")[0] if isinstance(block, Heading) else kind
        found[block.key if isinstance(block, (Figure, Table)) else kind] = kind
    assert (found["overlap"], found["pairs"], found["arrivals"]) == ("Presence", "Presence", "Movement")
    assert not re.search(r"presence: .*movement|mov(e|ed|ing)\b", told(write_overlaps(context)))


def test_without_a_pair_above_chance_nothing_stands_out() -> None:
    slugs = list(NAMES)
    plain = {"strength_rank": None, "q_value": 0.5}
    weak = {f"{a}+{b}": plain for n, a in enumerate(slugs) for b in slugs[n + 1 :]}
    text = told(write_overlaps(context_of(overlaps=weak)))
    assert "No pair that shares five people or more is above chance" in text
    assert "strongest tie" not in text
    assert "No pair" not in told(write_overlaps(context_of(overlaps=weak | {PAIR: UNLIFTED})))


def test_a_pair_above_chance_without_a_lift_is_told_by_its_count() -> None:
    slugs = list(NAMES)
    plain = {"strength_rank": None, "q_value": 0.5}
    weak = {f"{a}+{b}": plain for n, a in enumerate(slugs) for b in slugs[n + 1 :]}
    alone = context_of(overlaps=weak | {PAIR: UNLIFTED})
    text = told(write_overlaps(alone))
    assert (
        "the strongest tie is that of GPU Kernels and ML Compilers: 14 people, where the two would share fewer than one"
        in text
    )
    assert "n/a" not in text
    assert "compares pairs with one another" not in text
    (grid,) = [figure for figure in write_edition(alone).figures if figure.key == "overlap"]
    assert "vs <1 where chance gives fewer than one" in grid.subtitle
    lifted = {"edge+ml-debugging": {"shared": 20, "lift": 4.7, "lift_low": 2.9, "strength_rank": 1}}
    behind = told(write_overlaps(context_of(overlaps=weak | lifted | {PAIR: UNLIFTED | {"strength_rank": 2}})))
    assert "Above chance as well: GPU Kernels and ML Compilers (14 people, fewer than one expected)." in behind
    assert "compares pairs with one another" in behind


def test_the_newest_pair_says_what_was_shared_before_or_that_it_was_few() -> None:
    new = {"shared": 9, "shared_new": 8, "shared_new_share": 8 / 9, "newness_rank": 1}
    before = {"shared_previous": 7, "shared_change": 2}
    text = told(write_overlaps(context_of(overlaps={PAIR: new | before})))
    assert "to 8 of the 9 people it shares, one of the two is new this quarter; the quarter before it shared 7." in text
    few = told(write_overlaps(context_of(overlaps={PAIR: new | {"shared_previous": 2, "shared_change": 7}})))
    assert "the quarter before it shared fewer than five." in few


def test_newcomers_with_a_past_are_told_and_drawn(context: Context) -> None:
    found = flows.streams(context)
    assert found == sorted(found, key=lambda pair: -context.facts.number(flows.arrival(*pair), "people"))
    assert all(context.facts.number(flows.arrival(*pair), "people") >= 5 for pair in found)
    text = told(write_arrivals(context))
    assert "13 had been active in another category of the catalogue within the four quarters before" in text
    assert "not that they left it" in text
    figure = flows.arrivals_figure(context)
    assert isinstance(figure, Figure)
    assert len(figure.data.rows) == 12
    raw = {row[0].raw: [cell.raw for cell in row[1:]] for row in figure.data.rows}
    assert raw["ML Compilers"][:6] == ["35", "13", "22", "7", "", "< 5"]


def test_no_title_or_sentence_of_newcomers_begins_from_a_hidden_number() -> None:
    few = context_of(categories={"edge": {"contributors_new": 4}})
    assert few.facts.of("edge", "contributors_new").hidden
    title = as_string(flows.arrivals_title(few, "gpu-kernels", "edge"))
    assert re.fullmatch(r"\d+ people new to Edge had been active in GPU Kernels within a year", title)
    assert "Edge" not in told(write_arrivals(few)).partition("The broadest")[0]


def test_the_matrix_of_homes_has_every_state_and_its_totals(context: Context) -> None:
    table = flows.homes_table(context)
    assert [row[0].raw for row in table.rows][-2:] == ["passing through", "entered"]
    assert (len(table.rows), len(table.columns), len(table.totals)) == (14, 16, 1)
    assert all(len(row) == 16 for row in (*table.rows, *table.totals))
    assert table.rows[-1][-2].raw == ""  # entered and left at once: nobody is
    section = write_edition(context).sections[-1]
    assert (section.key, section.blocks) == ("homes", (table,))


def test_no_number_of_moves_is_claimed_where_all_are_hidden(context: Context) -> None:
    text = told(write_homes(context))
    moves = [
        context.facts.of(flows.year(a, b), "people") for a in context.categories for b in context.categories if a != b
    ]
    shown = [fact.value for fact in moves if fact.shown is not None]
    assert shown
    assert f": {max(shown):.0f} people." in text


def test_people_who_are_missing_from_flows_are_said_where_a_source_ended_too_early(context: Context) -> None:
    whole = [*write_arrivals(context), *write_homes(context), flows.homes_table(context).note]
    assert "read in part" not in told(whole)
    partial = context_of(categories={"edge": {"marks": ["partial"]}, "agent-framework": {"marks": ["partial"]}})
    sentence = (
        "Edge and Agent Framework were read in part: who was active in a source that ends too early is missing there, "
        "and may "
    )
    assert f"{sentence}count as without a past where they came to." in told(write_arrivals(partial))
    for text in (told(write_homes(partial)), as_string(flows.homes_table(partial).note)):
        assert f"{sentence}be at home elsewhere" in text


def test_a_window_that_begins_before_the_catalogue_is_said() -> None:
    early = context_of(has_previous=False)
    assert "begin before the catalogue does" in told(write_arrivals(early))
    assert "begin before the catalogue does" in told(write_homes(early))
    assert flows.arrivals_figure(early) is None
    assert "homes" in [section.key for section in write_edition(early).sections]
