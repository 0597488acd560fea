"""The words about categories: which story a category's counts tell, and that every way to tell it holds together."""

import re
from collections.abc import Mapping

import pytest
from small_lake import CATALOGUE, MARKED, NAMES, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.report.compose import Voice, say
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.model import as_string
from deepsignal_pipeline.report.prose import lead_phrases, phrases, quiet_phrases
from deepsignal_pipeline.report.prose.categories import by_weight
from deepsignal_pipeline.report.prose.leads import clause, deck, lead, occasion
from deepsignal_pipeline.report.prose.signal import write_signal


def context_of(values: Mapping[str, object], *, has_previous: bool = True) -> Context:
    connection = connect(categories=MARKED | {"edge": values}, has_previous=has_previous)
    return read_context(connection, QUARTER, CATALOGUE, PROVENANCE)


def changes(people: int, basket: int, commits: int, marks: str = "") -> dict[str, object]:
    return {
        "contributors_qoq_pct": people, "basket_contributors_qoq_pct": basket, "commits_qoq_pct": commits,
        "basket_commits_qoq_pct": commits, "marks": marks.split(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "story"),
    [
        (changes(20, 20, 8), "up.up"),
        (changes(5, 5, -5), "level.level"),
        (changes(-6, -6, 6), "down.up"),
        (changes(20, 20, 8) | {"commits_qoq_pct interval": (None, None)}, "up.open"),
        (changes(20, 20, 8) | {"contributors_qoq_pct interval": (None, None)}, "open"),
        (changes(2, 2, 4) | {"commits_qoq_pct interval": (None, None)}, "level.level"),
        (changes(51, 0, 4, "basket_differs"), "differs.level"),
        (changes(51, 12, 4, "basket_differs"), "differs.up"),
        (changes(5, -9, 4, "basket_differs"), "differs.down"),
        (changes(1, -3, 4, "basket_differs"), "differs.other"),
        (changes(-30, -3, 4, "basket_differs"), "differs.other"),
        (changes(72, -5, 266, "dominated basket_differs"), "differs.carried"),
        (changes(72, -5, 266, "basket_differs") | {"basket_repositories": 1}, "young"),
        (changes(20, 20, 8, "dominated"), "carried"),
        (changes(20, 20, 8, "small_base"), "small"),
        (changes(20, 20, 8, "partial dominated"), "partial"),
        (changes(20, 20, 8, "new"), "new"),
    ],
)
def test_the_story_of_a_category(values: dict[str, object], story: str):
    assert occasion(context_of(values), "edge") == story


def patterns() -> list[str]:
    tables = (
        lead_phrases.LEADS,
        lead_phrases.CERTAINTY,
        phrases.OBSERVATIONS,
        quiet_phrases.QUIET,
        quiet_phrases.CLAUSES,
        {"basket": tuple(quiet_phrases.BASKET.values())},
    )
    listed = [
        *lead_phrases.BASKET_NEAR,
        *lead_phrases.BASKET_FAR,
        lead_phrases.BASKET_INTERVAL,
        lead_phrases.BASKET_COMMITS,
        lead_phrases.BASKET_COMMITS_TOO,
        *lead_phrases.CARRIED,
        *lead_phrases.CARRIED_PARTIAL,
    ]
    return listed + [pattern for table in tables for variants in table.values() for pattern in variants]


@pytest.mark.parametrize("pattern", patterns())
def test_every_pattern_can_be_said(facts: Facts, pattern: str):
    verbs = dict.fromkeys(("people", "work", "work_one", "basket"), "grew")
    text = as_string(
        say(
            facts, pattern, c="ml-platform", who="ML Platform", rank="", interval="0 to 9", change="raw change", **verbs
        )
    )
    assert not re.search(r"[{}]|  | ,| \\.|n/a", text)


def test_every_story_has_its_words():
    ways = {f"{people}.{work}" for people in ("up", "level", "down") for work in ("up", "level", "down", "open")}
    assert ways <= set(lead_phrases.LEADS)
    assert set(lead_phrases.LEADS) == set(lead_phrases.DECKS) == set(quiet_phrases.QUIET)
    assert set(phrases.OBSERVATIONS) == set(quiet_phrases.CLAUSES)
    assert set(phrases.RANKS) <= set(phrases.OBSERVATIONS)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (changes(20, 20, 8), "surged by 20%, to"),
        (changes(12, 12, 8), "grew by 12%, to"),
        (changes(7, 7, 8), "is up by 7%, to"),
        (changes(-12, -12, 8), "fell by 12%, to"),
        (changes(-12, -12, 8), "commits are up by 8%"),
        (changes(51, 12, 4, "basket_differs"), "their number grew by 12%"),
        (changes(51, 2, 4, "basket_differs"), "their number is level"),
    ],
)
def test_a_change_gets_the_word_that_its_interval_allows(values: dict[str, object], said: str):
    assert said in as_string(lead(context_of(values), Voice(), "edge", ()))


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (12, "+4 to +20%, the change in people, raw and same basket alike, is more than the chance"),
        (7, "alike, is −1 to +15% and holds zero"),
        (3, ""),
    ],
)
def test_a_word_comes_with_its_interval(people: int, said: str):
    text = as_string(lead(context_of(changes(people, people, 8)), Voice(), "edge", ()))
    assert said in text
    assert said or "interval" not in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (changes(20, 16, 8), "With an interval of +12 to +28%, the raw change in people is more than"),
        (
            changes(51, 12, 4, "basket_differs"),
            "With an interval of +4 to +20%, the change in people over the same repositories",
        ),
    ],
)
def test_an_interval_says_which_change_it_is_of(values: dict[str, object], said: str):
    text = as_string(lead(context_of(values), Voice(), "edge", ()))
    assert said in text
    assert "the interval of the change" not in text.lower()


def test_a_basket_that_is_told_beside_the_raw_change_has_its_own_interval():
    text = as_string(lead(context_of(changes(20, 16, 8)), Voice(), "edge", ()))
    assert "Over the same repositories the change in people is +16% (interval +8 to +24%)" in text


def test_a_quiet_corner_says_what_the_same_basket_says_of_both_counts():
    values = changes(18, 10, 25) | {"basket_commits_qoq_pct": 7}
    text = as_string(clause(context_of(values), Voice(), "edge"))
    assert text.endswith("over the same repositories people stand at +10% and commits at +7%")
    assert "same repositories" not in as_string(clause(context_of(changes(18, 18, 25)), Voice(), "edge"))


def test_no_deck_says_more_than_the_same_basket_bears_out():
    assert deck(context_of(changes(18, 10, 25)), Voice(), "edge") == lead_phrases.DECKS["up.up"][0]
    level = changes(18, 4, 25) | {"basket_commits_qoq_pct": 20}
    assert deck(context_of(level), Voice(), "edge") == lead_phrases.UNBORNE_DECKS[0]


@pytest.mark.parametrize(("basket", "said"), [(18, "little of it"), (5, "alone give")])
def test_the_same_basket_is_said_for_what_it_is(basket: int, said: str):
    text = as_string(lead(context_of(changes(20, basket, 8)), Voice(), "edge", ()))
    assert said in text


def test_the_same_basket_is_not_repeated():
    assert "same repositories" not in as_string(lead(context_of(changes(20, 20, 8)), Voice(), "edge", ()))


def test_a_level_category_does_not_come_before_a_changed_one():
    order = by_weight(context_of(changes(60, 60, 60)))
    assert order[0] == "edge"
    assert sorted(order) == sorted(NAMES)


def test_the_signal_names_whose_figures_one_person_carries():
    texts = [as_string(paragraph.text) for paragraph in write_signal(context_of({})).paragraphs]
    assert any("LLM Serving is the figure to handle with care" in text and "49%" in text for text in texts)


def test_the_signal_of_a_partial_quarter_states_no_total_change():
    signal = write_signal(context_of({"marks": ["partial"]}))
    assert signal.headline == "What can be compared, and what cannot"
    assert "their change is not printed" in as_string(signal.paragraphs[0].text)
