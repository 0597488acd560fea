"""The resolver against people who are easily mistaken: nobody is merged with anybody else, and what is missed is known."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from identity_traps import APART, MISSES, TOGETHER, Trap, read_traps
from identity_traps_by_class import BY_CLASS

from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import resolve

RULES = AutomationRules.parse(
    (Path(__file__).parents[2] / "content/automation/known_bots.csv").read_text(encoding="utf-8")
)
KEY = b"a key for tests"
_APART = read_traps(APART) + read_traps(BY_CLASS)
_TOGETHER, _MISSES = read_traps(TOGETHER), read_traps(MISSES)


def people_of_ids(trap: Trap) -> dict[str, set[str]]:
    """Return the people that stand behind each contributor id."""
    found: dict[str, set[str]] = defaultdict(set)
    for assignment in resolve(trap.aliases, RULES, KEY):
        # A placeholder is nobody, hence no other alias either
        found[assignment.contributor_id or assignment.alias_id].add(trap.people[assignment.alias_id])
    return found


@pytest.mark.parametrize("trap", _APART, ids=lambda trap: trap.name)
def test_two_people_are_never_one(trap: Trap) -> None:
    assert [people for people in people_of_ids(trap).values() if len(people) > 1] == []


@pytest.mark.parametrize("trap", _TOGETHER, ids=lambda trap: trap.name)
def test_one_person_is_recognised(trap: Trap) -> None:
    assert len(people_of_ids(trap)) == 1


@pytest.mark.parametrize("trap", _MISSES, ids=lambda trap: trap.name)
def test_what_is_missed_is_listed(trap: Trap) -> None:
    """Whoever makes the rules recognise one of these moves it up to the others, and looks for whom else they hit."""
    assert len(people_of_ids(trap)) != 1


@pytest.mark.parametrize("trap", [*_APART, *_TOGETHER, *_MISSES], ids=lambda trap: trap.name)
def test_neither_order_nor_batches_change_who_an_id_means(trap: Trap) -> None:
    """The same ids backwards; and an id that a part of the aliases had means somebody of that part ever after."""
    everybody = resolve(trap.aliases, RULES, KEY)
    assert resolve(trap.aliases[::-1], RULES, KEY) == everybody
    later = {a.alias_id: a.contributor_id for a in everybody}
    for known in range(1, len(trap.aliases)):
        for batch in (trap.aliases[:known], trap.aliases[known:]):
            before = {a.alias_id: a.contributor_id for a in resolve(batch, RULES, KEY)}
            for contributor in set(before.values()) & set(later.values()) - {None}:
                assert contributor in {later[alias_id] for alias_id, was in before.items() if was == contributor}


def test_the_traps_are_many() -> None:
    assert len(_APART) >= 80
    assert len({trap.name for trap in (*_APART, *_TOGETHER, *_MISSES)}) == len([*_APART, *_TOGETHER, *_MISSES])
