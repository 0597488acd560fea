"""Words for changes: one table, and silence where it is due."""

from collections.abc import Sequence

import pytest
from small_lake import QUARTER, connect

from deepsignal_pipeline.report.facts import read_facts
from deepsignal_pipeline.report.words import Reading, read_change, word_of


@pytest.mark.parametrize(
    ("value", "word"),
    [(0, "level"), (5, "level"), (-5, "level"), (6, "up"), (-6, "down"), (434, "up"), (None, "")],
)
def test_the_word_of_a_change(value: float | None, word: str):
    assert word_of(value) == word


def read(marks: Sequence[str], **values: object) -> Reading:
    changed = {"marks": list(marks), "contributors_qoq_pct": 40, "basket_contributors_qoq_pct": -2, **values}
    return read_change(read_facts(connect(categories={"edge": changed}), QUARTER), "edge", "contributors")


@pytest.mark.parametrize("mark", ["partial", "dominated", "small_base", "new", "first_quarter"])
def test_marked_changes_get_no_word(mark: str):
    assert read([mark]).word == ""
    assert read([mark, "basket_differs"]).word == ""


def test_words_follow_the_raw_change():
    assert read([]) == Reading("up", "contributors_qoq_pct", is_of_basket=False)


def test_words_follow_the_basket_where_it_differs():
    assert read(["basket_differs"]) == Reading("level", "basket_contributors_qoq_pct", is_of_basket=True)


def test_a_small_basket_gets_no_word():
    assert read(["basket_differs"], basket_contributors_previous=29).word == ""
    assert read(["basket_differs"], basket_contributors_previous=30).word == "level"
