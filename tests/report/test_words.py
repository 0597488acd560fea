"""The word table on facts: which change a word is said of, and how it stands in a sentence."""

from collections.abc import Sequence

import pytest
from small_lake import QUARTER, connect

from deepsignal_pipeline.domain.trend_words import TrendWord
from deepsignal_pipeline.report.facts import read_facts
from deepsignal_pipeline.report.model import as_string
from deepsignal_pipeline.report.words import Reading, read_basket, read_change

RAW, BASKET = "edge.contributors_qoq_pct", "edge.basket_contributors_qoq_pct"


def read(marks: Sequence[str] = (), *, basket: int = -2, **values: object) -> Reading:
    changed = {"marks": list(marks), "contributors_qoq_pct": 40, "basket_contributors_qoq_pct": basket, **values}
    return read_change(read_facts(connect(categories={"edge": changed}), QUARTER), "edge", "contributors")


@pytest.mark.parametrize("mark", ["partial", "dominated", "small_base", "new", "first_quarter"])
def test_marked_changes_get_no_word(mark: str):
    assert read([mark]).word == ""
    assert read([mark], basket=38).word == ""


def test_words_follow_the_raw_change_and_its_interval():
    assert read(basket=38) == Reading("surged", RAW)
    # In the small lake an interval reaches 8 points either way
    assert read(basket=8, contributors_qoq_pct=8) == Reading("up", RAW)


def test_words_follow_the_basket_where_it_differs():
    assert read() == Reading("level", BASKET)
    assert read(basket=12) == Reading("grew", BASKET)


def test_a_small_basket_gets_no_word():
    assert read(basket_contributors_previous=29).word == ""
    assert read(basket_contributors_previous=30).word == "level"


def test_the_basket_is_read_by_itself():
    changed = {"contributors_qoq_pct": 25, "basket_contributors_qoq_pct": 9}
    facts = read_facts(connect(categories={"edge": changed}), QUARTER)
    assert read_basket(facts, "edge", "contributors") == Reading("grew", BASKET)
    # The raw change surged by itself; the same basket bears out less
    assert read_change(facts, "edge", "contributors") == Reading("grew", RAW)


def test_words_are_verbs_and_know_their_change():
    assert as_string(Reading("up", RAW).said("one")) == "is up"
    assert as_string(Reading("level", RAW).said("many")) == "are level"
    assert as_string(Reading("collapsed", RAW).said("many")) == "collapsed"
    (run,) = Reading("grew", RAW).said("one")
    assert (run.kind, run.value) == ("word", RAW)
    assert Reading("", RAW).said("one") == ()


@pytest.mark.parametrize(
    ("word", "is_certain"),
    [("level", False), ("up", False), ("down", False), ("", False), ("grew", True), ("fell", True), ("surged", True)],
)
def test_only_what_leaves_zero_out_is_certain(word: TrendWord, is_certain: bool):
    assert Reading(word, RAW).is_certain is is_certain
