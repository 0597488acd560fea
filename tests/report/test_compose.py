"""Patterns: facts and bindings in, runs out; what is bound is never read as a pattern."""

import pytest

from deepsignal_pipeline.report.compose import Voice, capitalised, is_shown, join, listed, say
from deepsignal_pipeline.report.facts import Facts, UnknownFactError
from deepsignal_pipeline.report.model import as_string, name, plain


def test_numbers_keep_their_fact(facts: Facts):
    text = say(facts, "{who}: {c.contributors} ({c.contributors_qoq_pct:bare}).", who="Edge", c="edge")
    assert as_string(text) == "Edge: 130 (51%)."
    assert [run.fact_id for run in text if run.fact_id] == ["edge.contributors", "edge.contributors_qoq_pct"]


def test_what_is_bound_is_no_pattern(facts: Facts):
    assert as_string(say(facts, "at {who}", who=name("{c.commits}"))) == "at {c.commits}"


def test_O08_an_unknown_measure_is_an_error(facts: Facts):
    with pytest.raises(UnknownFactError):
        say(facts, "{c.contributers}", c="edge")


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "0"), (2, "0 and 1"), (3, "0, 1 and 2")])
def test_lists(count: int, said: str):
    assert as_string(listed([plain(str(n)) for n in range(count)])) == said


def test_join_leaves_out_what_is_empty():
    assert as_string(join([plain("a"), (), plain("b")])) == "a b"


def test_a_voice_uses_each_variant_before_it_repeats_one():
    voice = Voice()
    assert [voice.pick("x", "abc") for _ in range(4)] == ["a", "b", "c", "a"]


def test_a_pattern_is_shown_if_all_of_its_numbers_and_intervals_are(facts: Facts):
    assert is_shown(facts, "{who}: {c.contributors}, {c.contributors_qoq_pct:interval}", c="edge")
    assert not is_shown(facts, "{c.contributors} and {c.churned_moved}", c="edge")  # Two people
    assert not is_shown(facts, "{c.contributors:interval}", c="edge")


def test_a_sentence_begins_with_a_capital():
    assert (as_string(capitalised(plain("in short"))), capitalised(())) == ("In short", ())
