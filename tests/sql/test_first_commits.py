"""Since when people are there: in a category and over the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from instants import instant

if TYPE_CHECKING:
    from conftest import Bench, Lab


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    c = lab.commit
    commits = [
        # ada: two aliases of one person; first in a/two, which is in the same category, and earlier in the other one
        c("a/one", "ada", "2022-03-01"),
        c("a/one", "Ada Lovelace", "2022-02-01", email="ADA@example.org"),
        c("a/two", "ada", "2022-01-01"),
        c("b/one", "ada", "2021-01-01"),
        # bob: the same instant in two repositories of one category; a merge before it is of no counted kind
        c("a/one", "bob", "2022-05-01"),
        c("a/two", "bob", "2022-05-01"),
        c("a/two", "bob", "2021-05-01", parents=2),
        c("a/one", "renovate[bot]", "2022-01-01"),
        c("a/one", "root", "2022-01-01"),
    ]
    repositories = {name: {"category": name[0]} for name in ("a/one", "a/two", "b/one")}
    return lab.bench(commits, categories="ab", repositories=repositories).run("first_commits", read="2022-Q1")


def found(bench: Bench, author: str) -> list[tuple[object, ...]]:
    rows = bench.rows("first_commits", contributor_id=bench.person(author))
    return [(row["category"], row["first_owned_at"]) for row in rows]


def test_a_person_stands_once_a_category_with_the_first_date_of_all_aliases_and_repositories(bench: Bench):
    assert found(bench, "ada") == [("b", instant("2021-01-01")), ("a", instant("2022-01-01"))]
    assert found(bench, "bob") == [("a", instant("2022-05-01"))]


def test_the_catalogue_begins_with_the_earliest_category(bench: Bench):
    rows = bench.rows("first_commits", contributor_id=bench.person("ada"))
    assert {row["first_in_catalogue_at"] for row in rows} == {instant("2021-01-01")}


def test_only_people_are_there(bench: Bench):
    assert {row["contributor_id"] for row in bench.rows("first_commits")} == {bench.person("ada"), bench.person("bob")}
