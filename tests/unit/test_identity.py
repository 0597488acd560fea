"""Which aliases become one contributor, and what an id is made of."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from deepsignal_pipeline.domain.addresses import clean_address, github_id
from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, Assignment, resolve

TABLE = Path(__file__).parents[2] / "content/automation/known_bots.csv"
KEY = b"a key for tests"
HIDDEN = "noreply@github.com"


@pytest.fixture(scope="module")
def rules() -> AutomationRules:
    return AutomationRules.parse(TABLE.read_text(encoding="utf-8"))


def aliases(*people: tuple[str, str]) -> list[Alias]:
    """Make an alias of every (name, address): the first is a000 and was seen first."""
    return [Alias(f"a{n:03}", name, email, None, n) for n, (name, email) in enumerate(people)]


def resolved(rules: AutomationRules, *people: tuple[str, str]) -> list[Assignment]:
    return resolve(aliases(*people), rules, KEY)


def hashed(anchor: str) -> str:
    return hmac.new(KEY, anchor.encode(), hashlib.sha256).hexdigest()[:16]


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        (" 'Jane.Doe@Example.ORG' ", "jane.doe@example.org"),
        ("<mailto:jane@example.org>,", "jane@example.org"),
        ("J.Doe+git@GoogleMail.com", "jdoe@gmail.com"),
        ("jane+git@example.org", "jane+git@example.org"),
        ("+git@gmail.com", "+git@gmail.com"),
        ("jane", "jane"),
        ("", ""),
    ],
)
def test_clean_address(email: str, expected: str) -> None:
    assert clean_address(email) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("123+jane@users.noreply.github.com", "123"),
        ("<00123+Jane@Users.NoReply.GitHub.com>", "123"),
        ("jane@users.noreply.github.com", None),
        ("123+jane@users.noreply.github.com.example.org", None),
        ("9" * 5000 + "+jane@users.noreply.github.com", None),
        ("123+jane@example.org", None),
    ],
)
def test_github_id(address: str, expected: str | None) -> None:
    assert github_id(address) == expected


def test_one_address_is_one_person_and_so_is_one_ordinary_full_name(rules: AutomationRules) -> None:
    doe, doe_again, namesake, other = resolved(
        rules,
        ("Jane Doe", "j.doe@gmail.com"),
        ("jd", "JDoe+x@googlemail.com"),
        ("DOE, Jane", "jane@example.org"),
        ("Joan Roe", "joan@example.org"),
    )
    assert doe.contributor_id == doe_again.contributor_id == namesake.contributor_id
    assert doe.contributor_id == hashed("alias:jane doe\nj.doe@gmail.com")
    assert other.contributor_id == hashed("alias:joan roe\njoan@example.org")
    assert [one.evidence for one in (doe, doe_again, namesake, other)] == ["address", "address", "name", "alone"]


def test_the_numeric_github_id_joins_across_a_rename(rules: AutomationRules) -> None:
    old, new, other = resolved(
        rules,
        ("Jane Doe", "7+old@users.noreply.github.com"),
        ("Jane Doe", "7+new@users.noreply.github.com"),
        ("Jane Doe", "8+old@users.noreply.github.com"),
    )
    assert old.contributor_id == new.contributor_id == hashed("github:7")
    assert other.contributor_id == hashed("github:8")
    assert old.evidence == "github_id"


def test_a_login_of_the_api_joins_and_a_recycled_one_does_not(rules: AutomationRules) -> None:
    def known(number: int, login: str, account: int | None) -> Alias:
        return Alias(f"a{number}", f"x{number}", f"x{number}@corp.example", login, number, github_id=account)

    same = resolve([known(1, "Jane", None), known(2, "jane", 5)], rules, KEY)
    assert same[0].contributor_id == same[1].contributor_id == hashed("github:5")
    recycled = resolve([known(1, "jane", None), known(2, "jane", 5), known(3, "jane", 6)], rules, KEY)
    assert len({one.contributor_id for one in recycled}) == 3


@pytest.mark.parametrize("email", ["", "jane", "jane@", HIDDEN, "support@github.com", "noreply@anthropic.com"])
def test_an_address_that_means_nobody_joins_only_one_name(rules: AutomationRules, email: str) -> None:
    jane, spelled_otherwise, joan = resolved(rules, ("Jane Doe", email), ("jane  DOE", email), ("Joan Roe", email))
    assert jane.contributor_id == spelled_otherwise.contributor_id != joan.contributor_id
    assert {jane.kind, joan.kind} == {"human"}
    assert joan.evidence == "alone"


HAN = ("\u8303\u5f20", "\u5218\u90ed", "\u6234\u66f9", "\u5b8b\u5c39", "\u90b1\u6f58")
HANDLES = ("bebodice", "cunan", "etehuj", "ihelaj", "mociwe", "nudamiv", "zalegu", "uvolut")


@pytest.mark.parametrize(
    "team",
    [
        # A Latin name goes with every Han name, and so said nothing of how many write from one address
        ("Eno Kuv", "Kefu Puge", "Dejik Ri", *HAN),
        # Nor is the mailbox a handle by which each of them goes
        (*HAN, "Eno Kuv"),
        # Nobody writes under that many names, though none of them excludes another
        ("Eno Kuv", *HANDLES),
    ],
)
def test_an_address_of_many_joins_none_of_them(rules: AutomationRules, team: tuple[str, ...]) -> None:
    for order in (team, team[::-1]):
        found = resolved(rules, *((name, "esupoha@cudaneh.example.com") for name in order))
        assert len({assignment.contributor_id for assignment in found}) == len(team)


def test_automation_keeps_apart_from_a_person_with_its_address(rules: AutomationRules) -> None:
    person, bot, agent, second_bot = resolved(
        rules,
        ("Jane Doe", "jane@example.org"),
        ("Example Bot", "jane@example.org"),
        ("Devin AI", "jane@example.org"),
        ("Other Bot", "jane@example.org"),
    )
    assert len({person.contributor_id, bot.contributor_id, agent.contributor_id}) == 3
    assert bot.contributor_id == second_bot.contributor_id
    assert (bot.kind, bot.evidence) == ("bot", "automation:rule")
    assert (agent.kind, agent.evidence) == ("agent", "automation:ai-agent")


def test_one_app_under_two_names_is_one_bot(rules: AutomationRules) -> None:
    address = "49699333+dependabot[bot]@users.noreply.github.com"
    first, second = resolved(rules, ("dependabot[bot]", address), ("Dependabot", address))
    assert first.contributor_id == second.contributor_id == hashed("bot:github:49699333")


def test_a_placeholder_is_nobody_until_somebody_vouches_for_it(rules: AutomationRules) -> None:
    alone, address = resolved(rules, ("root", "root@node-17"), ("Jane", "you@example.com"))
    assert alone == Assignment("a000", None, "placeholder", "placeholder")
    assert address == Assignment("a001", None, "placeholder", "placeholder")
    name, person = resolved(rules, ("root", "jane@example.org"), ("Jane Doe", "jane@example.org"))
    assert name.contributor_id == person.contributor_id
    assert (name.kind, name.evidence) == ("human", "address")


def test_an_alias_may_come_once_a_repository(rules: AutomationRules) -> None:
    once = Alias("a", "Jane", "jane@example.org", None, 5, 8, 2, ("b/one",))
    again = Alias("a", "Jane", "jane@example.org", None, 3, 9, 1, ("a/one",))
    united = Alias("a", "Jane", "jane@example.org", None, 3, 9, 3, ("a/one", "b/one"))
    assert resolve([once, again], rules, KEY) == resolve([united], rules, KEY)


def test_an_alias_id_for_two_aliases_is_refused(rules: AutomationRules) -> None:
    pair = [Alias("a", "Jane", "jane@example.org", None, 5), Alias("a", "Joan", "joan@example.org", None, 5)]
    with pytest.raises(ValueError, match="alias_id 'a' stands for two"):
        resolve(pair, rules, KEY)


def test_an_empty_key_is_refused_and_another_key_gives_other_ids(rules: AutomationRules) -> None:
    people = aliases(("Jane Doe", "jane@example.org"))
    with pytest.raises(ValueError, match="key of the contributor ids is empty"):
        resolve(people, rules, b"")
    assert resolve(people, rules, b"one") != resolve(people, rules, b"two")


def test_without_a_key_an_id_is_that_of_the_earliest_alias() -> None:
    first, second = resolve(aliases(("Jane Doe", "jane@example.org"), ("Jane Doe", "jd@example.net")))
    assert first.contributor_id == second.contributor_id == "a000"


def test_undecodable_names_and_addresses_are_taken(rules: AutomationRules) -> None:
    (assignment,) = resolved(rules, ("J\udcfcrgen", "j\udcfcrgen@example.org"))
    assert assignment.contributor_id is not None


def test_nothing_in_is_nothing_out(rules: AutomationRules) -> None:
    assert resolve([], rules, KEY) == []
