"""The words of the sample's editions: every trend word is the one that the table has for its change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page import Page
from trend_word_check import trend_words_of, untold_trend_words, words_allowed

from deepsignal_pipeline.content import load_catalogue
from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.render import Pictures, render_html
from deepsignal_pipeline.report.sections import write_edition
from deepsignal_pipeline.report.words import Counted, read_change, row_marks
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench

QUARTERS = quarter_range(Quarter(2022, 3), Quarter(2023, 3))
COUNTED: tuple[Counted, ...] = ("contributors", "commits")


@pytest.fixture(scope="module", params=QUARTERS, ids=str)
def context(sample: Bench, request: pytest.FixtureRequest) -> Context:
    """Return what an edition is written from; two of the quarters are partial."""
    with sample.pipeline.engine.session() as session:
        session.read(TABLES["quarterly_report"], request.param)
        return read_context(session.connection, request.param, load_catalogue(sample.pipeline.content), {})


@pytest.fixture(scope="module")
def page(context: Context) -> Page:
    edition = write_edition(context)
    return Page.parse(render_html(edition, {figure.key: Pictures(b"", b"") for figure in edition.figures}))


def test_no_trend_word_stands_without_its_change(page: Page) -> None:
    assert untold_trend_words(page) == []


def test_every_trend_word_is_the_one_of_the_table(page: Page, context: Context) -> None:
    said = trend_words_of(page)
    assert len(said) > 8
    assert [(text, fact_id) for text, fact_id in said if text not in words_allowed(context.facts, fact_id)] == []


def test_the_check_would_find_a_wrong_word(page: Page, context: Context) -> None:
    (text, fact_id), *_ = trend_words_of(page)
    others = {"surged", "is up", "is level", "collapsed"} - {text}
    assert not others & words_allowed(context.facts, fact_id)
    untold = Page.parse("<section id='signal'><p>Commits in the field soared.</p></section>")
    assert untold_trend_words(untold) == ["Commits in the field soared."]


def test_a_change_without_an_interval_says_that_few_carry_it(context: Context) -> None:
    # An interval of a change of people may be kept back as well, for what it would tell
    measures = ("commits_qoq_pct", "basket_commits_qoq_pct")
    changes = [context.facts.of(category, measure) for category in context.categories for measure in measures]
    told = {
        ("change_by_few" in change.marks, change.interval is None) for change in changes if change.shown is not None
    }
    assert told == {(True, True), (False, False)}


def test_the_first_query_of_the_readme_shows_the_marks_of_the_edition(sample: Bench, context: Context) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    query = re.findall(r"```sql\n(.*?);", readme, re.DOTALL)[0]
    rows = sample.query(query.replace("2023-01-01", context.quarter.key))
    told = {row["category"]: set(row["marks"]) for row in rows}
    assert told == {c: {mark.key for mark in row_marks(context.facts, c)} for c in context.categories}


def test_words_of_facts_are_those_of_the_table_of_changes(sample: Bench, context: Context) -> None:
    rows = sample.rows("category_changes", context.quarter.label)
    stated = {(row["entity"], row["measure"]): row["trend_word"] for row in rows}
    for category in context.categories:
        for counted in COUNTED:
            assert read_change(context.facts, category, counted).word == stated[category, counted]
