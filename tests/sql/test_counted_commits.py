"""Every commit is counted, or has the first reason that stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deepsignal_pipeline.tables.counted_commits import REASONS

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"
SPREAD = "5" * 40
"""A commit that three repositories hold."""


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    """Build one lake for the module: every commit is a case, told by its sha."""
    c = lab.commit
    first, last = "2022-12-31 23:59:59", "2023-03-31 23:59:59"
    commits = [
        # A repository listed first forks one that is listed last; a stranger between them holds the commit as well
        c("aa/fork", "ada", "2023-02-01", sha=SPREAD),
        c("mm/stranger", "ada", "2023-02-01", sha=SPREAD),
        c("zz/upstream", "ada", "2023-02-01", sha=SPREAD),
        c("aa/fork", "ada", "2023-02-01", sha="9" * 40),
        c("zz/upstream", "ada", "2023-02-01", sha="9" * 40),
        c("aa/plain", "ada", "2023-02-01", sha="6" * 40),
        c("mm/stranger", "ada", "2023-02-01", sha="6" * 40),
        # The owner does not count it itself: it is a merge in all of them, or before the owner was tracked
        c("aa/fork", "ada", "2023-02-01", sha="7" * 40, parents=2),
        c("zz/upstream", "ada", "2023-02-01", sha="7" * 40, parents=2),
        c("aa/plain", "ada", "2023-02-03", sha="8" * 40),
        c("aa/late", "ada", "2023-02-03", sha="8" * 40),
        # The quarter's edges, and the edges of the dates tracked
        c("aa/plain", "ada", first, sha="a0" * 20),
        c("aa/plain", "ada", "2023-01-01 00:00:00", sha="a1" * 20),
        c("aa/plain", "ada", last, sha="a2" * 20),
        c("aa/plain", "ada", "2023-04-01 00:00:00", sha="a3" * 20),
        c("aa/late", "ada", "2023-02-28 23:59:59", sha="b0" * 20),
        c("aa/late", "ada", "2023-03-01 00:00:00", sha="b1" * 20),
        c("aa/early", "ada", "2023-02-28 23:59:59", sha="b2" * 20),
        c("aa/early", "ada", "2023-03-01 00:00:00", sha="b3" * 20),
        # Sources: one ends a second before the quarter does, one was read while its clock was slow
        c("aa/partial", "ada", "2023-02-01", sha="c0" * 20),
        c("aa/unread", "ada", "2023-02-01", sha="c1" * 20),
        c("aa/slow", "ada", "2023-02-02 00:00:00", sha="c2" * 20),
        c("aa/slow", "ada", "2023-02-02 00:00:01", sha="c3" * 20),
        # Imports: by sha, by range (half open), and only in the repository named
        c("aa/import", "ada", "2023-02-01", sha="d0" * 20),
        c("aa/import", "ada", "2023-01-09 23:59:59", sha="d1" * 20),
        c("aa/import", "ada", "2023-01-10 00:00:00", sha="d2" * 20),
        c("aa/import", "ada", "2023-01-11 23:59:59", sha="d3" * 20),
        c("aa/import", "ada", "2023-01-12 00:00:00", sha="d4" * 20),
        c("aa/plain", "ada", "2023-01-10 00:00:00", sha="d5" * 20),
        # People of trailers
        c("aa/plain", "ada", "2023-02-05", sha="e0" * 20, coauthors=["cy", "bob", "cy"]),
        # Automation is not told here
        c("aa/plain", "renovate[bot]", "2023-02-06", sha="e1" * 20),
        c("aa/plain", "ada", "2023-02-06", sha="e2" * 20, parents=0),
    ]
    commits += _every_reason(lab)
    repositories = {
        name: {"category": "a"}
        for name in ("aa/plain", "aa/partial", "aa/unread", "aa/slow", "aa/import", "aa/all", "aa/owner")
    }
    repositories |= {
        "aa/fork": {"category": "a", "fork_of": "zz/upstream"},
        "aa/late": {"category": "a", "tracked_from": "2023-03-01"},
        "aa/early": {"category": "a", "tracked_to": "2023-03-01"},
        "mm/stranger": {"category": "b"},
        "zz/upstream": {"category": "c"},
    }
    # Listed behind everything it forks, and outside the dates tracked on both sides
    repositories["aa/all"] |= {"fork_of": "aa/owner", "tracked_from": "2023-02-10", "tracked_to": "2023-02-20"}
    return lab.bench(
        commits,
        categories=("a", "b", "c"),
        repositories=repositories,
        snapshots={
            "aa/partial": {"status": "partial", "reason": "x", "complete_until": "2023-03-31 23:59:59"},
            "aa/unread": {"status": "failed", "reason": "x", "complete_until": None},
            "aa/slow": {"fetched_at": "2023-02-01", "complete_until": "2023-04-01"},
            "aa/all": {"fetched_at": "2023-03-01", "complete_until": "2023-03-01"},
        },
        imports=[
            {"repository": "aa/import", "sha": "d0" * 20},
            {"repository": "aa/import", "committed_from": "2023-01-10", "committed_to": "2023-01-12"},
            {"repository": "aa/all", "committed_from": "2023-01-01", "committed_to": "2023-04-01"},
        ],
    ).run("counted_commits", read=QUARTER)


def _every_reason(lab: Lab) -> list[dict[str, Any]]:
    """Describe commits against which every reason stands from the n-th on: f1 all, f2 all but merge, ..."""
    shared = [
        lab.commit(repository, "ada", at, sha=sha, parents=parents)
        for at, sha, parents in (
            ("2023-03-15", "f1" * 20, 2),  # a day and more after aa/all was fetched
            ("2023-03-15", "f2" * 20, 1),
            ("2023-02-01", "f3" * 20, 1),
        )
        for repository in ("aa/owner", "aa/all")
    ]
    return [*shared, lab.commit("aa/all", "ada", "2023-02-01", sha="f4" * 20)]


def reason(bench: Bench, sha: str, repository: str) -> str | None:
    row = bench.row("counted_commits", QUARTER, sha=sha * (40 // len(sha)), repository=repository)
    assert row["is_counted"] is (row["not_counted_reason"] is None)
    return row["not_counted_reason"]


def test_the_first_reason_in_the_stated_order_is_given(bench: Bench) -> None:
    given = [reason(bench, sha, "aa/all") for sha in ("f1", "f2", "f3", "f4")]
    assert given == ["merge", "bad_date", "duplicate", "import"] == list(REASONS[:4])


def test_outside_the_dates_tracked_goes_before_a_partial_source(lab: Lab) -> None:
    commits = [lab.commit("a/one", "ada", f"2023-0{month}-15", sha=str(month) * 40) for month in (1, 2, 3)]
    tracked = {"category": "a", "tracked_from": "2023-02-01", "tracked_to": "2023-03-01"}
    partial = {"status": "partial", "reason": "x", "complete_until": "2023-03-20", "fetched_at": "2023-04-01"}
    bench = lab.bench(commits, categories="a", repositories={"a/one": tracked}, snapshots={"a/one": partial})
    rows = bench.write("counted_commits", read=QUARTER).rows("counted_commits", QUARTER)
    assert [row["not_counted_reason"] for row in rows] == ["before_tracking", "partial_source", "after_tracking"]


def test_reasons_name_the_first_bad_date_of_1990(lab: Lab) -> None:
    commits = [
        lab.commit("a/one", "ada", "1970-01-01", sha="1" * 40),
        lab.commit("a/one", "ada", "1989-12-31 23:59:59", sha="2" * 40),
        lab.commit("a/one", "ada", "1990-01-01 00:00:00", sha="3" * 40),
    ]
    bench = lab.bench(commits, categories="a").write("contributor_aliases", read=QUARTER)
    # No quarter before 2015 is made: the rule shows in the aliases, which read the whole history
    assert bench.row("contributor_aliases")["owned_commits"] == 1


def test_the_upstream_owns_a_commit_before_its_fork_though_listed_behind_it(bench: Bench) -> None:
    rows = bench.rows("counted_commits", QUARTER, sha="9" * 40)
    assert {row["repository"]: row["duplicate_of"] for row in rows} == {"aa/fork": "zz/upstream", "zz/upstream": None}


def test_one_commit_of_three_has_one_owner_which_is_no_fork_and_listed_first(bench: Bench) -> None:
    rows = bench.rows("counted_commits", QUARTER, sha=SPREAD)
    owners = {"aa/fork": "mm/stranger", "mm/stranger": None, "zz/upstream": "mm/stranger"}
    assert {row["repository"]: row["duplicate_of"] for row in rows} == owners
    assert [row["is_counted"] for row in rows] == [owner is None for owner in owners.values()]


def test_of_repositories_that_are_no_forks_the_first_of_the_catalogue_owns_a_commit(bench: Bench) -> None:
    assert reason(bench, "6", "aa/plain") is None
    assert reason(bench, "6", "mm/stranger") == "duplicate"


def test_a_merge_that_two_hold_is_a_merge_in_both_and_names_its_owner(bench: Bench) -> None:
    rows = bench.rows("counted_commits", QUARTER, sha="7" * 40)
    assert [row["not_counted_reason"] for row in rows] == ["merge", "merge"]
    assert {row["repository"]: row["duplicate_of"] for row in rows} == {
        "aa/fork": "zz/upstream",
        "zz/upstream": None,
    }
    # If merges counted, the owner's would, and the copy would be a duplicate
    assert {row["repository"]: row["is_counted_with_merges"] for row in rows} == {"aa/fork": False, "zz/upstream": True}


def test_what_counts_counts_with_merges_too_and_nothing_else_but_merges_joins_it(bench: Bench) -> None:
    rows = bench.rows("counted_commits", QUARTER)
    assert all(row["is_counted_with_merges"] for row in rows if row["is_counted"])
    joining = [row for row in rows if row["is_counted_with_merges"] and not row["is_counted"]]
    assert {row["not_counted_reason"] for row in joining} == {"merge"}


def test_a_repeated_commit_is_a_duplicate_even_where_its_owner_does_not_count_it(lab: Lab) -> None:
    commits = [lab.commit(f"{slug}/one", "ada", "2023-02-01", sha="1" * 40) for slug in "ab"]
    first = {"a/one": {"category": "a", "tracked_from": "2023-03-01"}}
    bench = lab.bench(commits, categories="ab", repositories=first).write("counted_commits", read=QUARTER)
    rows = bench.rows("counted_commits", QUARTER)
    assert [row["not_counted_reason"] for row in rows] == ["before_tracking", "duplicate"]


def test_a_quarter_begins_with_its_first_second_and_ends_before_the_next_ones(bench: Bench) -> None:
    held = {row["sha"][:2] for row in bench.rows("counted_commits", QUARTER, repository="aa/plain")}
    assert {"a1", "a2"} <= held
    assert not {"a0", "a3"} & held


def test_tracking_begins_on_its_first_day_and_ends_before_its_last(bench: Bench) -> None:
    assert [reason(bench, sha, "aa/late") for sha in ("b0", "b1")] == ["before_tracking", None]
    assert [reason(bench, sha, "aa/early") for sha in ("b2", "b3")] == [None, "after_tracking"]


def test_a_source_that_ends_before_the_quarter_counts_nothing(bench: Bench) -> None:
    assert reason(bench, "c0", "aa/partial") == "partial_source"
    assert reason(bench, "c1", "aa/unread") == "partial_source"


def test_a_date_is_bad_from_a_day_and_a_second_after_the_fetch(bench: Bench) -> None:
    assert [reason(bench, sha, "aa/slow") for sha in ("c2", "c3")] == [None, "bad_date"]


def test_an_import_is_a_commit_or_a_half_open_range_of_the_repository_named(bench: Bench) -> None:
    given = [reason(bench, sha, "aa/import") for sha in ("d0", "d1", "d2", "d3", "d4")]
    assert given == ["import", None, "import", "import", None]
    assert reason(bench, "d5", "aa/plain") is None


def test_coauthors_are_listed_once_each_as_aliases(bench: Bench) -> None:
    row = bench.row("counted_commits", QUARTER, sha="e0" * 20)
    assert len(row["coauthor_alias_ids"]) == len(set(row["coauthor_alias_ids"])) == 2
    assert row["alias_id"] not in row["coauthor_alias_ids"]


def test_an_alias_is_the_same_hash_here_and_among_the_aliases(bench: Bench) -> None:
    bench.run("contributor_aliases", read=QUARTER)
    aliases = {alias["alias_id"]: alias["name"] for alias in bench.rows("contributor_aliases")}
    row = bench.row("counted_commits", QUARTER, sha="e0" * 20)
    assert aliases[row["alias_id"]] == "ada"
    assert [aliases[alias] for alias in row["coauthor_alias_ids"]] == ["bob", "cy"]


def test_automation_and_root_commits_are_counted_at_this_stage(bench: Bench) -> None:
    assert [reason(bench, sha, "aa/plain") for sha in ("e1", "e2")] == [None, None]


def test_nothing_is_dropped(bench: Bench) -> None:
    raw = {(row["repository"], row["sha"]) for row in bench.rows("raw_commits", QUARTER)}
    assert {(row["repository"], row["sha"]) for row in bench.rows("counted_commits", QUARTER)} == raw


def test_a_quarter_without_commits_is_an_empty_table(lab: Lab) -> None:
    bench = lab.bench([]).run("counted_commits", read=QUARTER)
    assert bench.rows("counted_commits", QUARTER) == []


def test_what_an_importer_committed_belongs_to_the_first_person_its_trailers_name(lab: Lab) -> None:
    importer = {"email": "iree-copybara-bot@google.com"}
    commits = [
        lab.commit("a/one", "iree-copybara-bot", "2023-Q1+1", coauthors=["renovate[bot]", "ada", "bob"], **importer),
        lab.commit("a/one", "iree-copybara-bot", "2023-Q1+2", **importer),
        lab.commit("a/one", "renovate[bot]", "2023-Q1+3", coauthors=["ada"]),
        lab.commit("a/one", "ada", "2023-Q1+4"),
    ]
    bench = lab.bench(commits, categories="a").run("contributor_activity", read="2023-Q1")
    people = {row["contributor_id"]: row["commits"] for row in bench.rows("contributor_activity", "2023-Q1")}
    assert people == {bench.person("ada"): 2}
    owned = bench.query("SELECT name, owned_commits FROM contributor_aliases WHERE owned_commits > 0")
    assert {row["name"]: row["owned_commits"] for row in owned} == {
        "iree-copybara-bot": 1,
        "renovate[bot]": 1,
        "ada": 2,
    }


@pytest.fixture(scope="module")
def weighed(lab: Lab) -> Bench:
    """Build a lake of one commit a case, told by its sha."""
    cases: dict[str, dict[str, Any]] = {
        "one": {"paths": ["src/a.py"]},
        "half": {"paths": ["src/a.py", "README.md"]},
        "thirds": {"paths": ["src/a.py", "plugins/b.py", "docs/c.md"]},
        "sevenths": {"paths": ["a.py", "plugins/b.py", "c.md", ".ci", "tests/d.py", "bench/e.py", "vendor/f.c"]},
        "fifty": {"paths": [f"src/{n}.py" for n in range(49)] + ["setup.py"]},
        "over": {"paths": [f"src/{n}.py" for n in range(51)]},
        "empty": {"paths": []},
        "unknown": {},
        "merge": {"paths": ["src/a.py"], "parents": 2},
        "merge of nothing": {"paths": [], "parents": 2},
    }
    commits = [lab.commit("a/one", "ada", f"{QUARTER}+1", sha=name, **case) for name, case in cases.items()]
    return lab.bench(commits, categories="a").run("counted_commits", read=QUARTER)


@pytest.mark.parametrize(
    ("sha", "count", "weights"),
    [
        ("one", 1, {"core": 1_000_000}),
        ("half", 2, {"core": 500_000, "docs": 500_000}),
        ("thirds", 3, {"core": 333_333, "integration": 333_333, "docs": 333_334}),
        ("sevenths", 7, {"core": 142_857, "integration": 142_857, "docs": 142_857, "build": 142_857, "tests": 142_857,
                         "benchmarks": 142_857, "vendored": 142_858}),
        ("fifty", 50, {"core": 980_000, "build": 20_000}),
        ("empty", 0, {"empty": 1_000_000}),
    ],
)  # fmt: skip
def test_the_weight_of_a_commit_is_spread_over_its_paths(
    weighed: Bench, sha: str, count: int, weights: dict[str, int]
) -> None:
    row = weighed.row("counted_commits", QUARTER, sha=sha)
    found = {name.removesuffix("_weight"): value for name, value in row.items() if name.endswith("_weight")}
    assert row["path_count"] == count
    assert found == dict.fromkeys(found, 0) | weights


@pytest.mark.parametrize(("sha", "count"), [("over", 51), ("unknown", None), ("merge", 1), ("merge of nothing", 0)])
def test_a_commit_with_unknown_or_too_many_paths_or_not_counted_has_no_weights(
    weighed: Bench, sha: str, count: int | None
) -> None:
    row = weighed.row("counted_commits", QUARTER, sha=sha)
    assert row["path_count"] == count
    assert {value for name, value in row.items() if name.endswith("_weight")} == {None}
