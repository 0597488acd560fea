"""What moved since an edition was published: by the catalogue, the source, the identities, and what is real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Bench, Lab

BEFORE, NOW = "2022-Q4", "2023-Q1"
SLUGS = ("here", "there", "late", "told")


def published_then_known(lab: Lab) -> Bench:
    """Publish 2022-Q4, then learn more, and publish 2023-Q1 in the same home."""
    many = lab.commits
    steady = [*many("here/stays", "ada", "3 x 2022-Q4+1", "5 x 2023-Q1+1"), *many("here/stays", "bea", "2022-Q4+2")]
    moves = many("some/mover", "cy", "4 x 2022-Q4+1")
    early = many("late/one", "dan", "2 x 2022-Q4+1", "2023-Q1+1")
    program, person = many("told/one", "eve", "6 x 2022-Q4+1"), many("told/one", "fay", "2022-Q4+1", "2023-Q1+1")
    first = lab.bench(
        [*steady, *moves, *early, *program, *person],
        categories=SLUGS,
        repositories={
            "here/stays": {"category": "here"},
            "some/mover": {"category": "here"},
            "there/own": {"category": "there"},
        },
    ).run("quarterly_report", read=f"2022-Q3:{BEFORE}", publish=BEFORE)
    # Learned since: the mover belongs elsewhere, gus committed late, and eve is a program
    told = [commit | {"author_name": "renovate[bot]"} for commit in program]
    bench = lab.bench(
        [
            *steady,
            *moves,
            *early,
            *many("late/one", "gus", "3 x 2022-Q4+80"),
            *told,
            *person,
        ],
        categories=SLUGS,
        repositories={
            "here/stays": {"category": "here"},
            "some/mover": {"category": "there"},
            "there/own": {"category": "there"},
        },
        home=first.lake.home,
    )
    return bench.run("restatements", read=f"{BEFORE}:{NOW}", publish=NOW)


@pytest.fixture(scope="module")
def known(lab: Lab) -> dict[str, dict[str, Any]]:
    return {row["category"]: row for row in published_then_known(lab).rows("restatements", NOW)}


def commits(row: dict[str, Any]) -> tuple[int, ...]:
    causes = ("published", "by_catalogue", "by_source", "by_identities", "restated", "real_change")
    return tuple(row[f"commits_{cause}"] for cause in causes)


def people(row: dict[str, Any]) -> tuple[int, ...]:
    causes = ("published", "by_catalogue", "by_source", "by_identities", "by_either", "restated", "real_change")
    return tuple(row[f"contributors_{cause}"] for cause in causes)


def test_C10_a_repository_that_changed_its_category_is_the_catalogues_doing(known: dict[str, dict[str, Any]]):
    assert commits(known["here"]) == (8, -4, 0, 0, 4, 1)
    assert commits(known["there"]) == (0, 4, 0, 0, 4, -4)
    assert people(known["here"]) == (3, -1, 0, 0, 0, 2, -1)
    assert people(known["there"]) == (0, 1, 0, 0, 0, 1, -1)


def test_T05_late_commits_are_the_sources_doing(known: dict[str, dict[str, Any]]):
    assert commits(known["late"]) == (2, 0, 3, 0, 5, -4)
    assert people(known["late"]) == (1, 0, 1, 0, 0, 2, -1)


def test_who_is_a_program_is_the_identities_doing(known: dict[str, dict[str, Any]]):
    assert commits(known["told"]) == (7, 0, 0, -6, 1, 0)
    assert people(known["told"]) == (2, 0, 0, -1, 0, 1, 0)


LATE_HALF, EARLY_HALF = {"tracked_from": "2022-11-01"}, {"tracked_to": "2022-11-01"}
NO_DAY = {"tracked_to": "2022-10-01"}
OCTOBER = {"committed_from": "2022-10-01", "committed_to": "2022-11-01"}
GONE = {"is_gone": True}

# By category: what differed in the first edition and now, and by which cause commits (the catalogue, the source,
# identities) and people (these three, or several) moved
EDITS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[int, ...], tuple[int, ...]]] = {
    "removed": ({}, GONE, (-5, 0, 0), (-2, 0, 0, 0)),
    "came": (GONE, {}, (5, 0, 0), (2, 0, 0, 0)),
    "tracked-from": ({}, {"entry": LATE_HALF}, (-3, 0, 0), (0, 0, 0, 0)),
    "tracked-to": ({}, {"entry": EARLY_HALF}, (-2, 0, 0), (-1, 0, 0, 0)),
    "never-tracked": ({}, {"entry": NO_DAY}, (-5, 0, 0), (-2, 0, 0, 0)),
    "tracked-again": ({"entry": EARLY_HALF}, {}, (2, 0, 0), (1, 0, 0, 0)),
    "imported": ({}, {"imports": OCTOBER}, (-3, 0, 0), (0, 0, 0, 0)),
    "no-import": ({"imports": OCTOBER}, {}, (3, 0, 0), (0, 0, 0, 0)),
    # What was left out then and is now moves nothing, whatever becomes of it
    "left-out": ({"entry": EARLY_HALF}, {"entry": EARLY_HALF, "late": "edited", "told": True}, (0, 0, 0), (0, 0, 0, 0)),
    # Commits are told apart by repository, people are not
    "removed-late": ({}, GONE | {"late": "stays"}, (-5, 1, 0), (0, 0, 0, -1)),
    "tracked-late": ({}, {"entry": NO_DAY, "late": "edited"}, (-5, 0, 0), (0, 0, 0, -2)),
    "imported-told": ({}, {"imports": OCTOBER, "told": True}, (-3, 0, -1), (0, 0, 0, -1)),
}


def as_known(lab: Lab, commits: dict[str, dict[str, list[Any]]], which: int, home: Path | None) -> Bench:
    """Build a bench over what is known in the first edition (0) or now (1)."""
    listed, repositories, imports = [], {}, []
    for slug, authored in commits.items():
        known = EDITS[slug][which]
        name = {"author_name": "dependabot[bot]"} if known.get("told") else {}
        fays = [commit | name for commit in authored["fay"]]
        listed += [*authored["steady"], *fays, *authored.get(known.get("late", ""), [])]
        repositories[f"{slug}/stays"] = {"category": slug}
        if not known.get("is_gone"):
            repositories[f"{slug}/edited"] = {"category": slug} | known.get("entry", {})
        imports += [{"repository": f"{slug}/edited"} | known["imports"]] if "imports" in known else []
    return lab.bench(listed, categories=tuple(EDITS), repositories=repositories, imports=imports, home=home)


@pytest.fixture(scope="module")
def edited(lab: Lab) -> dict[str, dict[str, Any]]:
    """Publish 2022-Q4, edit the catalogue or learn more, and publish 2023-Q1.

    Each `edited` holds three commits of eve in October; of December one of her, of fay, and of a program. Ada has two in
    each `stays`. One of gus may come late, and fay be told as a program.
    """
    commits = {
        slug: {
            "steady": [
                *lab.commits(f"{slug}/stays", f"ada {slug}", "2 x 2022-Q4+1"),
                *lab.commits(f"{slug}/edited", f"eve {slug}", "3 x 2022-Q4+1", "2022-Q4+70"),
                *lab.commits(f"{slug}/edited", "renovate[bot]", "2022-Q4+70"),
            ],
            "fay": lab.commits(f"{slug}/edited", f"fay {slug}", "2022-Q4+70"),
            **{late: lab.commits(f"{slug}/{late}", f"gus {slug}", "2022-Q4+80") for late in ("stays", "edited")},
        }
        for slug in EDITS
    }
    return restated(lambda which, home: as_known(lab, commits, which, home))


@pytest.mark.parametrize("slug", EDITS)
def test_T05_C10_an_edit_is_charged_to_its_cause(edited: dict[str, dict[str, Any]], slug: str):
    assert (commits(edited[slug])[1:4], people(edited[slug])[1:5]) == EDITS[slug][2:]


def restated(build: Callable[[int, Path | None], Bench]) -> dict[str, dict[str, Any]]:
    """Publish the quarter before as it is known at first (0), then restate it in the same home as it is known now (1)."""
    first = build(0, None).run("quarterly_report", read=f"2022-Q3:{BEFORE}", publish=BEFORE)
    now = build(1, first.lake.home).run("restatements", read=f"{BEFORE}:{NOW}", publish=NOW)
    return {row["category"]: row for row in now.rows("restatements", NOW)}


# By category of a fork: what differed in the first edition and now (whether its upstream is in the catalogue, whether that
# holds the two commits that the fork took over, who made a third), and by which cause commits and people moved, as above
FORKS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[int, ...], tuple[int, ...]]] = {
    "came": ({"is_in": False}, {}, (-2, 0, 0), (-1, 0, 0, 0)),
    "left": ({}, {"is_in": False}, (2, 0, 0), (1, 0, 0, 0)),
    "came-late": ({"holds": False}, {}, (0, -2, 0), (0, -1, 0, 0)),
    "rewritten": ({}, {"holds": False}, (0, 2, 0), (0, 1, 0, 0)),
    "came-told": ({"is_in": False}, {"third": "renovate[bot]"}, (-2, 0, -1), (0, 0, 0, -2)),
    "told": ({}, {"third": "renovate[bot]"}, (0, 0, -1), (0, 0, -1, 0)),
    "stayed": ({}, {}, (0, 0, 0), (0, 0, 0, 0)),
}


def as_forked(lab: Lab, commits: dict[str, dict[str, list[Any]]], which: int, home: Path | None) -> Bench:
    """Build a bench over forks and upstreams as known in the first edition (0) or now (1)."""
    listed, repositories = [], {}
    for slug, authored in commits.items():
        known, upstream = FORKS[slug][which], f"{slug}/upstream"
        third = {"author_name": known.get("third", f"eve {slug}")}
        listed += [*authored["taken"], *authored["own"], *(commit | third for commit in authored["third"])]
        listed += [commit | {"repository": upstream} for commit in authored["taken"] if known.get("holds", True)]
        repositories[f"{slug}/fork"] = {"category": slug, "fork_of": upstream}
        if known.get("is_in", True):
            repositories[upstream] = {"category": "upstreams"}
    return lab.bench(listed, categories=("upstreams", *FORKS), repositories=repositories, home=home)


@pytest.fixture(scope="module")
def forked(lab: Lab) -> dict[str, dict[str, Any]]:
    """Publish 2022-Q4, learn of upstreams, and publish 2023-Q1."""
    commits = {
        slug: {
            "taken": lab.commits(f"{slug}/fork", f"ada {slug}", "2 x 2022-Q4+1"),
            "third": lab.commits(f"{slug}/fork", f"eve {slug}", "2022-Q4+4"),
            "own": [
                *lab.commits(f"{slug}/fork", f"bea {slug}", "2022-Q4+2", "2023-Q1+2"),
                *lab.commits(f"{slug}/upstream", f"cy {slug}", "2022-Q4+3"),
            ],
        }
        for slug in FORKS
    }
    return restated(lambda which, home: as_forked(lab, commits, which, home))


@pytest.mark.parametrize("slug", FORKS)
def test_C10_commits_that_an_upstream_owns_are_charged_to_what_moved_it(forked: dict[str, dict[str, Any]], slug: str):
    assert (commits(forked[slug])[1:4], people(forked[slug])[1:5]) == FORKS[slug][2:]


def test_without_an_edition_before_nothing_was_restated(sample: Bench):
    for row in sample.rows("restatements", NOW):
        assert commits(row)[1:4] == (0, 0, 0)
        assert people(row)[1:5] == (0, 0, 0, 0)
        assert row["commits_published"] == row["commits_restated"]


def test_the_first_quarter_has_none_before_it(lab: Lab):
    bench = lab.bench(lab.commits("a/one", "ada", "2015-Q1+1"), categories=("a",))
    bench.run("restatements", read="2015-Q1")
    row = bench.row("restatements", "2015-Q1", category="a")
    assert {value for key, value in row.items() if key not in ("category", "category_order")} == {None}


def test_a_range_keeps_the_figures_of_each_of_its_quarters(lab: Lab):
    """The editions of a range are printed together; what each printed is kept of its own quarter."""
    commits = lab.commits("a/one", "ada", "2 x 2022-Q3+1", "3 x 2022-Q4+1", "4 x 2023-Q1+1")
    bench = lab.bench(commits, categories=("a",)).run("quarterly_report", read="2022-Q3:2023-Q1")
    kept = {
        folder.name: {row["entity"]: row["commits"] for row in pq.read_table(folder / "figures.parquet").to_pylist()}
        for folder in (bench.lake.home / "published").iterdir()
    }
    assert {quarter: (rows["a"], rows["a/one"]) for quarter, rows in kept.items()} == {
        "2022-Q3": (2, 2), "2022-Q4": (3, 3), "2023-Q1": (4, 4),
    }  # fmt: skip
