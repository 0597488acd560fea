"""The words about categories: which story a category's counts tell, and that every way to tell it holds together."""

import re
from collections.abc import Callable, Mapping

import pytest
from small_lake import CATALOGUE, MARKED, NAMES, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.report.compose import Voice, say
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.model import Paragraph, Text, as_string, plain
from deepsignal_pipeline.report.prose import lead_phrases, phrases, quiet_phrases
from deepsignal_pipeline.report.prose.categories import Writer, by_weight
from deepsignal_pipeline.report.prose.leads import clause, deck, lead, occasion, projects, turnover
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
        (changes(20, 20, 8, "partial") | {"contributors": 4}, "few"),
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
        *lead_phrases.HIDDEN,
        *quiet_phrases.HIDDEN,
        *phrases.NEWCOMERS,
        phrases.NOT_SEEN[1],
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
    # Who is new is told of every moving category by itself
    assert set(quiet_phrases.CLAUSES) - set(phrases.OBSERVATIONS) == {"newcomers.high", "newcomers.low"}
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


def signal_of(
    categories: Mapping[str, Mapping[str, object]], catalogue: Mapping[str, object] | None = None
) -> tuple[str, str]:
    connection = connect(categories=categories, catalogue=catalogue)
    signal = write_signal(read_context(connection, QUARTER, CATALOGUE, PROVENANCE))
    return signal.headline, " ".join(as_string(paragraph.text) for paragraph in signal.paragraphs)


CALM = {slug: changes(2, 2, 2) for slug in NAMES}


def test_a_certain_change_without_a_word_is_said_first_and_in_numbers():
    certain = changes(108, 76, 2, "dominated basket_differs") | {
        "basket_contributors": 232, "basket_contributors_previous": 132,
    }  # fmt: skip
    _, text = signal_of({**CALM, "llm-serving": certain, "edge": changes(20, 20, 8)})
    assert (
        "Over the same repositories, the widest changes that hold: LLM Serving counts 232 people after 132 (+76%, "
        in text
    )
    assert "interval +68 to +84%) and the number of people in Edge surged (" in text


def test_a_certain_change_on_a_small_base_says_so():
    few = changes(40, 40, 2, "small_base") | {"basket_contributors": 28, "basket_contributors_previous": 20}
    _, text = signal_of({**CALM, "edge": few})
    assert "one change holds: Edge counts 28 people after 20 (+40%, interval +32 to +48%, on a small base)." in text


def test_a_certain_fall_is_among_the_changes_that_hold():
    _, text = signal_of({**CALM, "edge": changes(-30, -30, 2), "gpu-kernels": changes(12, 12, 2)})
    assert re.search(r"changes that hold: the number of people in Edge collapsed .* and that of GPU Kernels grew", text)


def test_a_headline_of_a_partial_quarter_tells_what_can_be_compared():
    partial = {**CALM, "edge": changes(-88, 40, 2, "partial")}
    headline, text = signal_of(partial)
    assert headline == "More people over the same repositories, the widest change in Edge"
    assert "their change is not printed" in text
    assert (
        "Over the repositories that were already there, the catalogue counts 1,000 people after 900 (+11%, interval +3 to +19%)."
        in text
    )
    level, _ = signal_of({**CALM, "edge": {"marks": ["partial"]}} | {}, {"basket_contributors_qoq_pct": 5})
    assert level == "About as many people over the same repositories"
    nothing, _ = signal_of(partial, {"basket_contributors_qoq_pct": None})
    assert nothing == "What can be compared, and what cannot"


def test_a_gap_over_a_hidden_basket_is_not_listed():
    hidden = changes(60, 0, 2, "basket_differs") | {"basket_contributors": 4, "basket_contributors_previous": 4}
    _, text = signal_of({**CALM, "edge": hidden})
    assert "Edge at" not in text
    assert "< 5" not in text


def test_where_nothing_is_unusual_the_change_furthest_out_is_named():
    past = {slug: {"contributors_surprise": 1.0, "commits_surprise": -0.5} for slug in NAMES}
    _, text = signal_of(past | {"edge": {"contributors_surprise": 4.9, "commits_surprise": 0.0}})
    assert "the raw one in people of Edge (4.9 standard deviations) is furthest out." in text
    assert "108 changes tested, none can be called unusual" in text
    assert text.index("none can be called") > text.index("furthest out")
    _, tied = signal_of(past)
    assert "the raw ones in people of GPU Kernels (1.0 standard deviations), " in tied
    _, found = signal_of(past, {"discoveries": 1})
    assert "1 of 108 is unusual" in found
    assert "furthest" not in found


def test_a_category_of_fewer_than_five_people_is_told_in_words_alone():
    context = context_of({"contributors": 4, "contributors_previous": 3, "contributors_new": 1})
    assert as_string(clause(context, Voice(), "edge")) == (
        "Edge has fewer than five people this quarter; nothing more is said of it"
    )
    assert as_string(lead(context, Voice(), "edge", plain("Edge"))).endswith("nothing more is said of it.")
    assert (turnover(context, Voice(), "edge"), by_weight(context)[-1]) == ((), "edge")


@pytest.mark.parametrize("told", [lead, lambda context, voice, category, _: clause(context, voice, category)])
def test_a_story_of_which_numbers_are_hidden_is_told_without_them(told: Callable[..., Text]):
    values = changes(11, 11, 8) | {"top_contributor_share": 0.6, "commits_qoq_pct interval": (None, None)}
    for story in (values, values | {"marks": ["dominated"]}, values | {"marks": ["small_base"]}):
        text = as_string(told(context_of(story), Voice(), "edge", plain("Edge")))
        assert not re.search("withheld|< 5|n/a", text)
        assert "Edge" in text


@pytest.mark.parametrize(
    ("inside", "outside", "said"),
    [(10, 90, "New repositories, and one"), (60, 40, "One person carries"), (-5, 2, "One person c")],
)
def test_a_deck_blames_new_repositories_only_for_more_than_half(inside: int, outside: int, said: str):
    net = {"contributors_net_change_in_basket": inside, "contributors_net_change_of_catalogue": outside}
    context = context_of(changes(108, 76, 2, "dominated basket_differs") | net)
    assert deck(context, Voice(), "edge").startswith(said)


def test_who_came_and_went_is_said_with_the_interval_of_churn():
    values = {
        "contributors": 100, "contributors_previous": 80, "contributors_new": 60, "contributors_returning": 9,
        "contributors_retained": 31, "contributors_churned": 49, "churn_rate_pct": 61.0,
        "churn_rate_pct interval": (50.0, 71.0),
    }  # fmt: skip
    assert as_string(turnover(context_of(values), Voice(), "edge")) == (
        "60 of its 100 people are new to it and 9 came back after a pause; of the 80 of the quarter before, 49 were not seen "
        "again (61%, interval 50 to 71%)."
    )
    few = values | {"contributors_returning": 3, "contributors_retained": 37, "contributors_churned": 43}
    assert "and fewer than five came back after a pause" in as_string(turnover(context_of(few), Voice(), "edge"))


PLACES = {
    "o/large": {"category": "edge", "contributors": 80, "contributors_previous": 78, "contributors_new": 20},
    "o/begun": {"category": "edge", "contributors": 46, "contributors_previous": 2, "contributors_new": 45},
    "o/wider": {"category": "edge", "contributors": 51, "contributors_previous": 19, "contributors_new": 38},
    "o/other": {"category": "edge", "contributors": 20, "contributors_previous": 12, "contributors_new": 9},
}


def behind(people: int, marks: str = "") -> str:
    values = changes(people, people, 2, marks) | {"contributors": 200, "contributors_previous": 120}
    connection = connect(categories={"edge": values}, repositories=PLACES)
    return as_string(projects(read_context(connection, QUARTER, CATALOGUE, PROVENANCE), Voice(), "edge"))


def test_behind_a_clear_change_stand_the_repositories_that_changed_and_not_the_largest():
    assert behind(20, "dominated") == (
        "By repository, o/begun went from fewer than five people to 46 (45 new to it) and o/wider from 19 to 51 (38 new)."
    )
    assert behind(7).startswith(
        "The largest addresses are o/large with 80 people (20 new to it) and owner/project-07 with"
    )


def test_a_quiet_corner_is_two_sentences_of_change_and_of_work():
    still = dict.fromkeys(NAMES, changes(90, 90, 90))
    values = changes(12, 12, 2) | {"contributors": 200, "contributors_previous": 120}
    small = {"contributors_qoq_pct": 6, "basket_contributors_qoq_pct": 6, "contributors_qoq_pct interval": (2.0, 9.0)}
    connection = connect(categories=still | {"edge": values | small}, repositories=PLACES)
    context = read_context(connection, QUARTER, CATALOGUE, PROVENANCE)
    text = " ".join(as_string(block.text) for block in Writer(context).quiet() if isinstance(block, Paragraph))
    found = re.search(r"[^.]*\bEdge\b[^.]*\. [^.]*\.", text)
    assert found
    assert "; by repository, o/begun went from fewer than five people to 46 (45 new to it) and o/wider from" in found[0]
    assert found[0].endswith("The work turned to ggml (9 people) in owner/project-07.")
