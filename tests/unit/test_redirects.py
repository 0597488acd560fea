"""Former ids lead to the present ones, across any number of runs, and never to somebody else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, resolve
from deepsignal_pipeline.domain.redirects import redirects

KEY = b"a key for tests"
RULES = AutomationRules.parse(
    (Path(__file__).parents[2] / "content/automation/known_bots.csv").read_text(encoding="utf-8")
)


def test_nothing_changed_is_no_redirect() -> None:
    assert redirects({"a": "1"}, {"a": "1", "b": "2"}, {}) == {}


def test_a_retired_id_leads_on_and_older_redirects_follow() -> None:
    first = redirects({"a": "1"}, {"a": "2"}, {})
    assert first == {"1": "2"}
    assert redirects({"a": "2"}, {"a": "3"}, first) == {"1": "3", "2": "3"}


def test_an_id_that_is_given_again_needs_no_redirect() -> None:
    assert redirects({"a": "2"}, {"a": "1"}, {"1": "2"}) == {"2": "1"}


def test_what_was_split_leads_where_most_of_it_went_and_what_is_gone_nowhere() -> None:
    assert redirects({"a": "1", "b": "1", "c": "1"}, {"a": "2", "b": "3", "c": "3"}, {}) == {"1": "3"}
    assert redirects({"a": "1"}, {"a": None, "b": "2"}, {"0": "1"}) == {}


SPELLINGS = [
    ("Orla Brannigan", "orla@alpha.example", "r/one"),
    ("Orla Brannigan", "55+moonpie77@users.noreply.github.com", "r/one"),
    ("moonpie77", "moonpie77@gmail.com", "r/two"),
    ("Orla Brannigan", "ob@beta.example", "r/two"),
    ("Piet Vandersloot", "piet@alpha.example", "r/one"),
    ("Piet Vandersloot", "66+piet@users.noreply.github.com", "r/two"),
    ("Wei Wang", "wei@alpha.example", "r/one"),
    ("Wei Wang", "ww@beta.example", "r/two"),
    ("Wei Wang", "weiw@gamma.example", "r/one"),
]
CROWD = [
    Alias(f"{n:02}", name, email, None, 50 - n, 99, 3, (place,)) for n, (name, email, place) in enumerate(SPELLINGS)
]


@given(order=st.permutations(CROWD), cuts=st.sets(st.integers(1, len(CROWD) - 1), max_size=4))
def test_random_batches_in_random_order_end_in_the_same_ids_and_every_id_ever_given_is_found(
    order: list[Alias], cuts: set[int]
) -> None:
    known: dict[str, str] = {}
    before: dict[str, str | None] = {}
    holders: dict[str, set[str]] = {}
    for end in (*sorted(cuts), len(order)):
        after = {a.alias_id: a.contributor_id for a in resolve(order[:end], RULES, KEY)}
        known = redirects(before, after, known)
        before = after
        for alias, contributor in after.items():
            holders.setdefault(contributor or "", set()).add(alias)
    assert before == {a.alias_id: a.contributor_id for a in resolve(CROWD, RULES, KEY)}
    for former, aliases in holders.items():
        now = known.get(former, former)
        assert now in {before[alias] for alias in aliases}
