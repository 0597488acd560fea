"""What holds for the resolver whatever the aliases are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deepsignal_pipeline.domain.addresses import clean_address, github_id
from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, resolutions, resolve

TABLE = Path(__file__).parents[2] / "content/automation/known_bots.csv"
RULES = AutomationRules.parse(TABLE.read_text(encoding="utf-8"))
KEY = b"a key for tests"

# Few values, so that names and addresses meet; among them every kind and every way of standing alone.
NAMES = st.sampled_from(["Jane Doe", "jane doe", "Joan Roe", "root", "Example Bot", "Devin AI", "GitHub", ""])
NO_REPLY = st.builds(
    "{}+{}@users.noreply.github.com".format, st.integers(1, 4), st.sampled_from(["old", "new", "x[bot]"])
)
ADDRESSES = st.one_of(
    st.sampled_from(["jane@example.org", "<Jane@example.org>", "j.d@gmail.com", "jd+x@googlemail.com"]),
    st.sampled_from(
        ["", "jane", "noreply@github.com", "noreply@anthropic.com", "you@example.com", "x-bot@example.org"]
    ),
    NO_REPLY,
    st.builds("{}@{}".format, st.text("ab.+", min_size=1, max_size=3), st.sampled_from(["example.com", "gmail.com"])),
)


@st.composite
def crowds(draw: st.DrawFn) -> list[Alias]:
    """Draw aliases with distinct ids."""
    people = draw(st.lists(st.tuples(NAMES, ADDRESSES, st.integers(0, 9)), max_size=25))
    return [Alias(f"a{n:02}", name, email, None, seen) for n, (name, email, seen) in enumerate(people)]


@given(crowd=crowds(), data=st.data())
def test_the_order_of_the_aliases_does_not_matter(crowd: list[Alias], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(crowd))
    assert resolve(shuffled, RULES, KEY) == resolve(crowd, RULES, KEY)


@given(crowd=crowds())
def test_the_readings_of_one_pass_are_those_of_a_pass_each(crowd: list[Alias]) -> None:
    together = resolutions(crowd, RULES, KEY)
    assert list(together) == ["strict", "default", "loose"]
    for strictness, found in together.items():
        assert found.assignments == resolve(crowd, RULES, KEY, strictness=strictness)


@given(crowd=crowds())
def test_resolving_again_or_twice_over_changes_nothing(crowd: list[Alias]) -> None:
    once = resolve(crowd, RULES, KEY)
    assert resolve(iter(crowd), RULES, KEY) == once
    assert resolve([*crowd, *crowd], RULES, KEY) == once


@given(crowd=crowds())
def test_every_alias_is_assigned_once_and_only_placeholders_to_nobody(crowd: list[Alias]) -> None:
    assignments = resolve(crowd, RULES, KEY)
    assert [assignment.alias_id for assignment in assignments] == sorted(alias.alias_id for alias in crowd)
    for assignment in assignments:
        assert (assignment.contributor_id is None) == (assignment.kind == "placeholder")
        assert "@" not in assignment.evidence


@given(crowd=crowds())
def test_one_github_id_is_one_contributor_of_its_kind_and_no_contributor_has_two(crowd: list[Alias]) -> None:
    by_id = {assignment.alias_id: assignment for assignment in resolve(crowd, RULES, KEY)}
    of_number: dict[tuple[str, str], str] = {}
    numbers: dict[str, str] = {}
    for alias in crowd:
        assignment = by_id[alias.alias_id]
        number = github_id(alias.email)
        if assignment.contributor_id is not None and number:
            known = of_number.setdefault((assignment.kind, number), assignment.contributor_id)
            assert known == assignment.contributor_id
            assert numbers.setdefault(assignment.contributor_id, number) == number


@given(crowd=crowds())
def test_an_id_never_holds_two_kinds(crowd: list[Alias]) -> None:
    kinds: dict[str, str] = {}
    for assignment in resolve(crowd, RULES, KEY):
        if assignment.contributor_id is not None:
            assert kinds.setdefault(assignment.contributor_id, assignment.kind) == assignment.kind


@given(crowd=crowds(), later=crowds())
def test_more_aliases_never_move_an_id_to_another_person(crowd: list[Alias], later: list[Alias]) -> None:
    """An id is named after an alias (or a GitHub id): wherever the id stands later, that alias stands too."""
    more = [replace(alias, alias_id=f"b{n:02}") for n, alias in enumerate(later)]
    before = {a.alias_id: a.contributor_id for a in resolve(crowd, RULES, KEY)}
    after = {a.alias_id: a.contributor_id for a in resolve([*more, *crowd], RULES, KEY)}
    held: dict[str, set[str]] = defaultdict(set)
    for alias_id, contributor in before.items():
        if contributor is not None:
            held[contributor].add(alias_id)
    for contributor, members in held.items():
        if contributor in after.values():
            assert contributor in {after[alias_id] for alias_id in members}


@given(crowd=crowds(), newcomers=st.integers(1, 5))
def test_strangers_change_nobody(crowd: list[Alias], newcomers: int) -> None:
    strangers = [Alias(f"s{n}", f"Stranger{n}", f"s{n}@elsewhere.example", None, n) for n in range(newcomers)]
    together = resolve([*strangers, *crowd], RULES, KEY)
    assert [one for one in together if one.alias_id.startswith("a")] == resolve(crowd, RULES, KEY)


@given(email=st.one_of(ADDRESSES, st.text(alphabet="aA.+@<>()[]\"' ,;:mailtogmail.com", max_size=30), st.text()))
def test_cleaning_an_address_twice_changes_nothing(email: str) -> None:
    cleaned = clean_address(email)
    assert clean_address(cleaned) == cleaned


@given(name=st.text(), email=st.text(), login=st.none() | st.text())
def test_any_text_is_classified(name: str, email: str, login: str | None) -> None:
    assert RULES.classify(name, email, login) in ("human", "bot", "agent", "placeholder")
