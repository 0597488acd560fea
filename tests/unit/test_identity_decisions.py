"""Merge, split and kind of the overrides: they win over every rule, and what contradicts itself is refused by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, Decisions, resolution, resolve
from deepsignal_pipeline.domain.identity_decisions import append_decision
from deepsignal_pipeline.domain.identity_review import doubts
from deepsignal_pipeline.domain.overrides import OverridesError, parse_overrides

KEY = b"a key for tests"
RULES = AutomationRules.parse(
    (Path(__file__).parents[2] / "content/automation/known_bots.csv").read_text(encoding="utf-8")
)
A, B, C, D = (letter * 16 for letter in "abcd")
ALIASES = [
    Alias(A, "Orla Brannigan", "orla@alpha.example", None, 1, 9, 30, ("r/one",)),
    Alias(B, "Orla Brannigan", "ob@beta.example", None, 2, 9, 20, ("r/two",)),
    Alias(C, "nightowl", "nightowl@gmail.com", None, 3, 9, 10, ("r/one",)),
    Alias(D, "Piet Vandersloot", "12+piet@users.noreply.github.com", None, 4, 9, 5, ("r/one",)),
]


def ids(decisions: Decisions) -> dict[str, str | None]:
    return {one.alias_id: one.contributor_id for one in resolve(ALIASES, RULES, KEY, decisions=decisions)}


def test_without_decisions_the_rules_decide() -> None:
    found = ids(Decisions())
    assert found[A] == found[B]
    assert len(set(found.values())) == 3


def test_a_merge_joins_what_has_nothing_in_common_and_even_two_names() -> None:
    found = ids(Decisions(merge=[(A, C, D)]))
    assert len(set(found.values())) == 1


def test_a_split_keeps_apart_what_every_rule_joins_directly_or_through_others() -> None:
    found = ids(Decisions(split=[(A, B)]))
    assert found[A] != found[B]
    chained = ids(Decisions(merge=[(B, C)], split=[(A, C)]))
    assert chained[A] != chained[B] == chained[C]


def test_a_kind_wins_and_keeps_the_alias_from_people() -> None:
    found = {one.alias_id: one for one in resolve(ALIASES, RULES, KEY, decisions=Decisions(kind={B: "bot"}))}
    assert (found[B].kind, found[B].evidence) == ("bot", "automation:override")
    assert found[A].contributor_id != found[B].contributor_id
    nobody = resolve(ALIASES, RULES, KEY, decisions=Decisions(kind={C: "placeholder"}))
    assert [one.contributor_id for one in nobody if one.alias_id == C] == [None]


def test_every_contradiction_is_reported_with_its_line() -> None:
    text = f"""imports: []
merge:
  - {{aliases: [{A}, {B}], why: one}}
  - {{aliases: [{B}, {C}], why: chain}}
  - {{aliases: [{A}], why: alone}}
split:
  - {{aliases: [{A}, {C}], why: no}}
kind:
  - {{alias: {A}, kind: bot, why: x}}
  - {{alias: {C}, kind: human, why: y}}
  - {{alias: {A}, kind: agent, why: z}}
  - {{alias: Orla, kind: bot, why: z}}
"""
    with pytest.raises(OverridesError) as caught:
        parse_overrides(text.encode())
    problems = {problem.line: problem.message for problem in caught.value.problems}
    assert set(problems) == {5, 7, 10, 11, 12}
    assert "merged on line 3" in problems[7] or "merged on line 4" in problems[7]
    assert "is bot on line 9" in problems[10]
    assert "has a kind already on line 9" in problems[11]
    assert "16 hex digits" in problems[12]


@pytest.mark.parametrize(
    "text", ["imports: []\n", "imports: []\nsplit: []\nmerge: []  # none\n", "imports: []\nmerge:\n"]
)
def test_an_answer_is_added_and_nothing_else_changes(text: str) -> None:
    if text.endswith("merge:\n"):
        text += f"  - {{aliases: [{C}, {D}], why: before}}\n"
    answered = append_decision(text, "merge", (A, B), 'they said: "same"')
    before, after = parse_overrides(text.encode()).decisions, parse_overrides(answered.encode()).decisions
    assert after.merge == ((A, B), *before.merge)
    assert after.split == before.split
    assert set(text.splitlines()) - set(answered.splitlines()) <= {"merge: []  # none"}


def test_the_queue_is_stable_and_an_answer_removes_one_entry() -> None:
    crowd = [
        *ALIASES,
        Alias("e" * 16, "Wei Wang", "ww@alpha.example", None, 5, 9, 8, ("r/one",)),
        Alias("f" * 16, "Wei Wang", "weiw@beta.example", None, 5, 9, 7, ("r/two",)),
        Alias("0" * 16, "pvandersloot", "pv@gamma.example", None, 5, 9, 4, ("r/one",)),
    ]
    found = resolution(crowd, RULES, KEY)
    queue = doubts(found.clusters, Decisions())
    assert [(doubt.question, doubt.evidence, doubt.weight) for doubt in queue] == [
        ("missed", "one full name", 7),
        ("wrong", "derived_handle", 4),
    ]
    assert doubts(resolution(crowd[::-1], RULES, KEY).clusters, Decisions()) == queue
    answer = Decisions(split=[(queue[0].one, queue[0].other)])
    assert doubts(resolution(crowd, RULES, KEY, decisions=answer).clusters, answer) == queue[1:]
