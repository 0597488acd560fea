"""Every alias of every repository, with its first and last commits and those that are owned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    c = lab.commit
    commits = [
        c("a/one", "ada", "2020-01-01", parents=2),
        c("a/one", "ada", "2021-01-01", coauthors=["bob", "cy"]),
        c("a/one", "ada", "2023-05-01", coauthors=["bob"]),
        c("a/one", "bob", "2022-01-01"),
        c("b/one", "ada", "2019-01-01"),
        # Held by an upstream listed last and by its fork
        c("a/fork", "dan", "2021-02-01", sha="1" * 40),
        c("z/upstream", "dan", "2021-02-01", sha="1" * 40),
        c("a/fork", "dan", "2021-03-01"),
        # The second before and the first second of the dates tracked, and their end
        *(
            c("b/tracked", "eve", f"{day} {time}")
            for day, time in (("2021-12-31", "23:59:59"), ("2022-01-01", "00:00:00"))
        ),
        *(
            c("b/tracked", "eve", f"{day} {time}")
            for day, time in (("2022-05-31", "23:59:59"), ("2022-06-01", "00:00:00"))
        ),
        # Possible dates end a day after the fetch
        *lab.commits("b/slow", "fay", "1989-12-31 23:59:59", "1990-01-01", "2022-01-02", "2022-01-02 00:00:01"),
        # Letters that move from the name to the address are another alias
        c("b/one", "gus x", "2021-01-01", email="y@example.org"),
        c("b/one", "gus ", "2021-01-01", email="xy@example.org"),
        # Merges name the logins of those whose branches they end, the same commit in a fork included
        c("b/one", "ivy", "2021-01-01", sha="8" * 40),
        c("b/one", "ivy", "2021-01-02", sha="9" * 40),
        c("b/one", "ada", "2021-01-03", parents=2, merged_login="poison", merged_sha="8" * 40),
        c("b/one", "ada", "2021-01-03", parents=2, merged_login="ivy-l", merged_sha="9" * 40),
        c("b/one", "ada", "2021-01-04", parents=2, merged_login="ivy-l", merged_sha="8" * 40),
        c("b/one", "ada", "2021-01-05", parents=2, merged_login="ivy-l", merged_sha="7" * 40),
    ]
    bench = lab.bench(
        [*commits, c("not/catalogued", "hal", "2021-01-01")],
        categories="abz",
        repositories={
            "a/one": {"category": "a"},
            "a/fork": {"category": "a", "fork_of": "z/upstream"},
            "b/one": {"category": "b"},
            "b/tracked": {"category": "b", "tracked_from": "2022-01-01", "tracked_to": "2022-06-01"},
            "b/slow": {"category": "b"},
            "z/upstream": {"category": "z"},
        },
        snapshots={"b/slow": {"fetched_at": "2022-01-01", "complete_until": "2022-01-01"}},
    )
    asked_by_name = bench.pipeline.source.snapshots[0] | {"repository": "not/catalogued"}  # type: ignore[attr-defined]
    bench.pipeline.source.snapshots.append(asked_by_name)  # type: ignore[attr-defined]
    return bench.run("contributor_aliases", read="2023-Q1")


def alias(bench: Bench, repository: str, name: str) -> dict[str, Any]:
    return bench.row("contributor_aliases", repository=repository, name=name)


def years(row: dict[str, Any], *names: str) -> list[str | None]:
    return [row[name] and f"{row[name]:%Y-%m-%d}" for name in names]


def test_an_author_is_first_seen_with_a_merge_and_first_owns_what_is_none(bench: Bench) -> None:
    row = alias(bench, "a/one", "ada")
    assert (row["commits"], row["owned_commits"], row["roles"]) == (3, 2, ["author"])
    assert years(row, "first_seen_at", "first_owned_at") == ["2020-01-01", "2021-01-01"]
    assert years(row, "last_seen_at", "last_owned_at") == ["2023-05-01", "2023-05-01"]


def test_a_trailer_is_an_appearance_and_owns_nothing(bench: Bench) -> None:
    bob, cy = alias(bench, "a/one", "bob"), alias(bench, "a/one", "cy")
    assert (bob["roles"], bob["commits"], bob["coauthored_commits"], bob["owned_commits"]) == (
        ["author", "coauthor"], 1, 2, 1,
    )  # fmt: skip
    assert years(bob, "first_seen_at", "first_owned_at") == ["2021-01-01", "2022-01-01"]
    assert (cy["roles"], cy["commits"], cy["coauthored_commits"], cy["first_owned_at"]) == (["coauthor"], 0, 1, None)


def test_an_alias_of_two_repositories_is_two_rows_with_one_id(bench: Bench) -> None:
    assert alias(bench, "a/one", "ada")["alias_id"] == alias(bench, "b/one", "ada")["alias_id"]


def test_the_upstream_owns_what_its_fork_repeats(bench: Bench) -> None:
    fork, upstream = alias(bench, "a/fork", "dan"), alias(bench, "z/upstream", "dan")
    assert (fork["commits"], fork["owned_commits"]) == (2, 1)
    assert (upstream["commits"], upstream["owned_commits"]) == (1, 1)
    assert years(fork, "first_seen_at", "first_owned_at") == ["2021-02-01", "2021-03-01"]


def test_only_commits_within_the_dates_tracked_are_owned(bench: Bench) -> None:
    row = alias(bench, "b/tracked", "eve")
    assert (row["commits"], row["owned_commits"]) == (4, 2)
    assert years(row, "first_owned_at", "last_owned_at") == ["2022-01-01", "2022-05-31"]


def test_a_bad_date_is_seen_and_not_owned(bench: Bench) -> None:
    row = alias(bench, "b/slow", "fay")
    assert (row["commits"], row["owned_commits"]) == (4, 2)
    assert years(row, "first_owned_at", "last_owned_at") == ["1990-01-01", "2022-01-02"]


def test_letters_that_move_between_name_and_address_make_another_alias(bench: Bench) -> None:
    assert alias(bench, "b/one", "gus x")["alias_id"] != alias(bench, "b/one", "gus ")["alias_id"]


def test_a_repository_outside_the_catalogue_is_seen_and_owns_nothing(bench: Bench) -> None:
    row = alias(bench, "not/catalogued", "hal")
    assert (row["commits"], row["owned_commits"], row["first_owned_at"]) == (1, 0, None)


def test_merges_tell_the_logins_of_those_whose_branches_they_end(bench: Bench) -> None:
    assert alias(bench, "b/one", "ivy")["merged_logins"] == ["ivy-l", "ivy-l", "poison"]
    assert alias(bench, "b/one", "ada")["merged_logins"] == []
