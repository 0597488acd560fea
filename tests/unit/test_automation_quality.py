"""How well automation is told from people: 400 accounts of the embedded sample, labelled by hand.

Drawn as: every account with three author commits or more whose name or address holds a word of programs (bot, ci, auto,
action, service, gardener, build, release, team, root ...), the 200 most frequent of the others, and the rest by the hash
of name and address among those with ten commits or more. Labels come from name, address and messages. `unclear` is one
account whose messages look made by a program and whose name and address the sample replaced: nobody can tell any more.
All people in the sample are made up.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from deepsignal_pipeline.domain.automation import AutomationRules

ROOT = Path(__file__).parents[2]
RULES = AutomationRules.parse((ROOT / "content/automation/known_bots.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def accounts() -> list[dict[str, str]]:
    with (Path(__file__).parent / "automation_labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def commits(accounts: list[dict[str, str]], label: str, *, flagged: bool) -> int:
    """Add up the author commits of a label's accounts that the rules do, or do not, call automation."""
    return sum(
        int(account["commits"])
        for account in accounts
        if account["label"] == label
        and (RULES.classify(account["name"], account["email"], None) in ("bot", "agent")) is flagged
    )


def test_the_accounts_are_four_hundred(accounts: list[dict[str, str]]) -> None:
    assert len({(account["name"], account["email"]) for account in accounts}) == 400
    assert {account["label"] for account in accounts} == {"human", "bot", "placeholder", "unclear"}


def test_precision_and_recall_over_author_commits(accounts: list[dict[str, str]]) -> None:
    right, missed = (commits(accounts, "bot", flagged=flagged) for flagged in (True, False))
    wrong = commits(accounts, "human", flagged=True) + commits(accounts, "placeholder", flagged=True)
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.95


def test_not_one_person_is_flagged(accounts: list[dict[str, str]]) -> None:
    people = [account for account in accounts if account["label"] == "human"]
    assert [p["name"] for p in people if RULES.classify(p["name"], p["email"], None) != "human"] == []
