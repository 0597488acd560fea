"""Since when people are there: in a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instants import instant

if TYPE_CHECKING:
    from conftest import Lab


def test_a_person_stands_once_a_repository_with_the_first_date_of_all_aliases(lab: Lab):
    c = lab.commit
    commits = [
        c("a/one", "ada", "2022-03-01"),
        c("a/one", "Ada Lovelace", "2022-02-01", email="ADA@example.org"),
        c("a/two", "ada", "2022-01-01"),
        # Neither a merge nor automation nor nobody
        c("a/two", "ada", "2021-05-01", parents=2),
        c("a/one", "renovate[bot]", "2022-01-01"),
        c("a/one", "root", "2022-01-01"),
    ]
    repositories = {name: {"category": "a"} for name in ("a/one", "a/two")}
    bench = lab.bench(commits, categories="a", repositories=repositories).run(
        "first_repository_commits", read="2022-Q1"
    )
    rows = bench.rows("first_repository_commits")
    assert [(row["contributor_id"], row["repository"], row["first_owned_at"]) for row in rows] == [
        (bench.person("ada"), "a/two", instant("2022-01-01")),
        (bench.person("ada"), "a/one", instant("2022-02-01")),
    ]
