"""What the work turned to, as an edition tells it: terms are shown as they are, their numbers are facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PAYLOADS
from page import Page
from small_lake import CATALOGUE, PROVENANCE, QUARTER, TERMS, Row, connect

from deepsignal_pipeline.report.compose import Voice
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.edition import print_edition
from deepsignal_pipeline.report.focus_section import write_turn
from deepsignal_pipeline.report.model import Table, as_string
from deepsignal_pipeline.report.prose.focus import write_catalogue_focus, write_focus, write_focus_briefly

EDGE = "edge"


def context(*terms: Row) -> Context:
    return read_context(connect(terms=terms), QUARTER, CATALOGUE, PROVENANCE)


def term(scope: str, rank: int, text: str, *repositories: str, people: int = 9, category: str = EDGE) -> Row:
    return {
        "category": category, "scope": scope, "rank": rank, "kind": "path", "term": text, "people": people, "z": 5.0,
        "repositories": list(repositories or ("o/one",)),
    }  # fmt: skip


def test_a_category_tells_its_terms_by_scope_with_the_repositories_behind():
    text = as_string(write_focus(context(*TERMS), Voice(), EDGE))
    assert text == (
        "Across its repositories a larger share of the people than in the year before turned to int8 (12 people in "
        "owner/project-07 and others). Single repositories turned to ggml (9 people) in owner/project-07. What sets "
        "owner/project-07, a young or newly crowded repository (more people now than in the whole year before), apart from all "
        "settled ones is quantize (7 people). Two or more of its "
        "repositories work on neon (8 people), more than other categories do for their size."
    )


def test_a_repository_is_named_once_with_two_terms_and_three_repositories_at_most():
    terms = [term("repository", n + 1, f"t{n}", f"o/r{n % 5}") for n in range(10)]
    text = as_string(write_focus(context(*terms), Voice(), EDGE))
    assert text == (
        "Single repositories turned to t0 (9 people) and t5 (9) in o/r0, t1 (9 people) and t6 (9) in o/r1, and t2 (9 people) "
        "and t7 (9) in o/r2."
    )


def test_new_repositories_are_named_by_how_many_terms_they_lead():
    terms = [term("new", 1, "a", "o/x"), term("new", 2, "b", "o/y", "o/x"), term("new", 3, "c", "o/y")]
    text = as_string(write_focus(context(*terms), Voice(), EDGE))
    assert text == (
        "What sets o/y and o/x, young or newly crowded repositories (more people now than in the whole year before), apart "
        "from all settled ones is a (9 people), b (9) and c (9)."
    )


def test_what_a_newly_crowded_repository_is_is_said_once_in_an_edition():
    voice, terms = Voice(), [term("new", 1, "a"), term("new", 1, "b", category="llm-serving")]
    told = [as_string(write_focus(context(*terms), voice, category)) for category in (EDGE, "llm-serving")]
    assert ["more people now than in the whole year before" in text for text in told] == [True, False]


def test_what_sets_a_category_apart_is_not_said_twice_nor_of_more_than_five_terms():
    terms = [term("new", 1, "a"), *(term("apart", n + 1, text) for n, text in enumerate("xabcdefg"))]
    text = as_string(write_focus(context(*terms), Voice(), EDGE))
    assert text.endswith(
        "Two or more of its repositories work on x (9 people), b (9), c (9), d (9) and e (9), more than other categories do for "
        "their size."
    )


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ((), ""),
        ((term("new", 1, "a"),), "a young or newly crowded repository, o/one, stands out by a (9 people)"),
        (
            tuple(term("new", n + 1, f"t{n}", f"o/r{n % 2}") for n in range(4)),
            "young or newly crowded repositories (o/r0 and o/r1) stand out by t0 (9 people), t1 (9) and t2 (9)",
        ),
        ((term("repository", 1, "a"), term("new", 1, "b")), "the work turned to a (9 people) in o/one"),
        ((term("across", 1, "a"), term("across", 2, "b")), "the work turned to a (9 people) and b (9)"),
        ((term("across", 1, "a"),), "the work turned to a (9 people)"),
        ((term("new", 1, "a", category="llm-serving"),), "no term of the work stands out against its own past"),
        ((term("apart", 1, "a", category="llm-serving"),), ""),
        (
            (term("across", 1, "a"), term("apart", 1, "a"), term("apart", 2, "b")),
            "the work turned to a (9 people)",
        ),
        (
            (term("apart", 1, "a"), term("across", 1, "b", category="llm-serving")),
            "two or more of its repositories work on a (9 people), more than other categories do for their size",
        ),
    ],
)
def test_a_quiet_corner_tells_the_strongest_in_a_clause(terms: tuple[Row, ...], told: str):
    assert as_string(write_focus_briefly(context(*terms), EDGE)) == told


def test_a_word_that_is_told_of_subjects_and_of_paths_says_which():
    both = (
        term("across", 1, "fabric", "o/one", "o/two", "o/six", category="catalogue")
        | {"kind": "subject", "people": 13},
        term("repository", 1, "fabric", "o/one", people=15),
        term("repository", 2, "other", "o/one"),
    )
    assert "to fabric (13 people in subjects in o/one and others)" in as_string(write_catalogue_focus(context(*both)))
    assert "to fabric (15 people in paths) and other (9) in o/one" in as_string(
        write_focus(context(*both), Voice(), EDGE)
    )
    elsewhere = (both[1], term("new", 1, "fabric", category="llm-serving") | {"kind": "subject"})
    assert "fabric (15 people) in" in as_string(write_focus(context(*elsewhere), Voice(), EDGE))


def test_without_terms_nothing_is_told():
    empty = context()
    assert (write_focus(empty, Voice(), EDGE), write_catalogue_focus(empty), write_turn(empty)) == ((), (), ())


def test_the_table_has_a_row_a_category_and_its_numbers_are_facts():
    (_, table) = write_turn(context(*TERMS))
    assert isinstance(table, Table)
    rows = {row[0].raw: row for row in table.rows}
    assert len(rows) == 12
    assert [cell.raw for cell in rows["Edge"]] == ["Edge", "neon 8", "int8 12", "ggml 9 owner/project-07", "quantize 7"]
    ids = {run.fact_id for row in table.rows for cell in row for run in cell.text if run.fact_id}
    assert ids == {
        "edge:across:int8.people",
        "edge:repository:owner/project-07:ggml.people",
        "edge:new:quantize.people",
        "edge:apart:neon.people",
    }


def test_terms_are_data(tmp_path: Path):
    """No such term can be in the table of terms; should one get in, it is shown as it is."""
    terms = [term("across", n + 1, text, "o/a", "o/b", "o/c") for n, text in enumerate(PAYLOADS[:3])]
    terms += [term("repository", n + 1, text, f"o/{n}") for n, text in enumerate(PAYLOADS[3:6])]
    print_edition(context(*terms), tmp_path / "edition")
    page = Page.parse((tmp_path / "edition" / "index.html").read_text())
    shown = {element.text for element in page.find("span")}
    assert set(PAYLOADS[:6]) <= shown
    assert not page.find("script", "iframe")
    assert "<script" not in (tmp_path / "edition" / "edition.md").read_text()
