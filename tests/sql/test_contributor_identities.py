"""Every alias has one contributor and a kind; the rules themselves are tested in tests/unit/test_identity.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab

    from deepsignal_pipeline.sources import Workspace


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    c = lab.commit
    commits = [
        c("a/one", "ada", "2021-01-01"),
        c("b/one", "ada", "2022-01-01"),
        c("b/one", "Ada Lovelace", "2022-01-01", email="ADA@example.org"),
        c("a/one", "root", "2022-01-01"),
        c("a/one", "renovate[bot]", "2022-01-01"),
        c("a/one", "Devin AI", "2022-01-01"),
        c("a/one", "bob", "2022-01-01", coauthors=["cy"]),
        # A merge of the branch of nightowl ends in a commit of Dan Osterloh
        c("a/one", "Dan Osterloh", "2022-01-01", email="dan@example.org", sha="8" * 40),
        c("a/one", "bob", "2022-01-02", parents=2, merged_login="nightowl", merged_sha="8" * 40),
        c("a/one", "night", "2022-01-01", email="nightowl@users.noreply.github.com"),
    ]
    return lab.bench(commits, categories="ab").run("contributor_identities", read="2023-Q1")


def test_every_alias_stands_once_whatever_the_repositories(bench: Bench) -> None:
    aliases = {row["alias_id"] for row in bench.rows("contributor_aliases")}
    assert [row["alias_id"] for row in bench.rows("contributor_identities")] == sorted(aliases)
    assert len(aliases) == 9


def test_one_address_is_one_person(bench: Bench) -> None:
    assert bench.person("ada") == bench.person("Ada Lovelace") is not None
    assert bench.person("ada") != bench.person("bob")


def test_a_merge_ties_its_login_to_the_author_of_the_branch(bench: Bench) -> None:
    assert bench.person("night") == bench.person("Dan Osterloh") is not None


def test_kinds_are_told_apart_and_a_placeholder_is_nobody(bench: Bench) -> None:
    kinds = bench.query("SELECT name, kind FROM contributor_aliases JOIN contributor_identities USING (alias_id)")
    found = {row["name"]: row["kind"] for row in kinds}
    assert found == {
        "ada": "human",
        "Ada Lovelace": "human",
        "bob": "human",
        "cy": "human",
        "root": "placeholder",
        "renovate[bot]": "bot",
        "Devin AI": "agent",
        "Dan Osterloh": "human",
        "night": "human",
    }
    assert bench.person("root") is None


def test_no_name_and_no_address_is_kept(bench: Bench) -> None:
    assert not any(column.is_personal for column in TABLES["contributor_identities"].columns)
    kept = str(bench.rows("contributor_identities")).lower()
    assert "lovelace" not in kept
    assert "@" not in kept


def test_what_proves_an_owner_is_a_key_and_shared_addresses_prove_nothing(bench: Bench) -> None:
    rows = bench.query("SELECT name, i.* FROM contributor_aliases JOIN contributor_identities AS i USING (alias_id)")
    keys = {row["name"]: row["verified_address_key"] for row in rows}
    assert keys["ada"] == keys["Ada Lovelace"] is not None
    assert keys["ada"] != keys["bob"]
    assert keys["root"] is None


def test_strict_and_loose_readings_stand_beside_the_default(lab: Lab) -> None:
    c = lab.commit
    commits = [
        c("a/one", "Ada Lovelace", "2022-01-01"),
        c("b/one", "Ada Lovelace", "2022-01-01", email="ada@elsewhere.example"),
        c("a/one", "Wei Wang", "2022-01-01"),
        c("b/one", "Wei Wang", "2022-01-01", email="ww@elsewhere.example"),
    ]
    bench = lab.bench(commits, categories="ab").run("contributor_identities", read="2023-Q1")
    people = {
        reading: len({row[f"{reading}contributor_id"] for row in bench.rows("contributor_identities")})
        for reading in ("strict_", "", "loose_")
    }
    assert people == {"strict_": 4, "": 3, "loose_": 2}


def test_an_account_is_one_person_whatever_its_logins_and_addresses_are(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    c = lab.commit
    people = [
        ("ivo", "old@example.org"),
        ("Q", "new@example.org"),
        ("kim", "kim@example.org"),
        ("lu", "lu@example.org"),
    ]
    bench = lab.bench(
        [c("a/one", name, "2022-01-01", email=email) for name, email in people]
        + [c("b/one", "mo", "2022-01-01", coauthors=["kim"])],
        categories="ab",
    )
    # The third and the fourth: an address that two accounts bore one after the other says nothing
    accounts = [(7, "ivo-old", "old"), (7, "ivo-new", "new"), (8, "kim", "kim"), (9, "kim-2", "kim"), (8, "k", "lu")]

    def stage_accounts(_: object, workspace: Workspace) -> None:
        rows = [
            {"repository": "a/one", "github_id": number, "login": login, "email": f"{address}@example.org"}
            for number, login, address in accounts
        ]
        workspace.stage("source_accounts", pa.Table.from_pylist(rows))

    monkeypatch.setattr(type(bench.pipeline.source), "stage_accounts", stage_accounts)
    bench.run("contributor_identities", read="2023-Q1")
    numbers = {row["name"]: row["github_id"] for row in bench.rows("contributor_aliases")}
    assert numbers == {"ivo": 7, "Q": 7, "kim": None, "lu": 8, "mo": None}
    assert bench.person("ivo") == bench.person("Q")
    assert len({bench.person(name) for name in ("ivo", "kim", "lu", "mo")}) == 4
    assert {row["evidence"] for row in bench.rows("contributor_identities")} == {"alone", "github_id"}
