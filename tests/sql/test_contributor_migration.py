"""Arrivals with a past, and homes year on year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"
WINDOW = "2021-Q2:2023-Q1"


def flow(bench: Bench, name: str, quarter: str = QUARTER) -> dict[tuple[str, str], int | None]:
    """Return the cells of a flow that hold anybody."""
    rows = bench.rows("contributor_migration", quarter, flow=name)
    return {(row["origin"], row["destination"]): row["people"] for row in rows if row["people"] != 0}


@pytest.fixture(scope="module")
def arriving(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        *many("c/one", "ada", "2023-Q1+1"),
        *many("a/one", "ada", "2022-Q1+0"),
        *many("b/one", "ada", "2022-Q4+91"),
        # The four quarters before begin with 2022-Q1: bob's past lies before them, dan is of the quarter itself
        *many("a/one", "bob", "2021-Q4+91"),
        *many("c/one", "bob", "2023-Q1+89"),
        *many("a/one", "dan", "2023-Q1+3"),
        *many("c/one", "dan", "2023-Q1+4"),
        # eve was in c long ago, so she is not new to it; a placeholder is nobody
        *many("c/one", "eve", "2019-Q1+1", "2023-Q1+5"),
        *many("a/one", "eve", "2022-Q3+1"),
        *many("c/one", "root", "2023-Q1+6"),
    ]
    return lab.bench(commits, categories="abc").run("contributor_migration", read=WINDOW, publish=QUARTER)


def test_an_arrival_counts_by_each_past_and_once_in_any(arriving: Bench) -> None:
    assert flow(arriving, "arrivals") == {
        ("a", "c"): 1,
        ("b", "c"): 1,
        ("any", "c"): 1,
        ("none", "c"): 2,
        ("all", "c"): 3,
        ("none", "a"): 1,
        ("all", "a"): 1,
    }


@pytest.fixture(scope="module")
def moving(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # ada: a before, b now: two weeks there beat five commits of one week here
        *many("a/one", "ada", "2021-Q2+1", "2022-Q1+1"),
        *many("b/one", "ada", "2022-Q2+1", "2023-Q1+1"),
        *many("a/one", "ada", "5 x 2022-Q2+9"),
        # bob stays in a; cy was passing with two commits of a week and has left; dan entered
        *many("a/one", "bob", "3 x 2022-Q1+5", "3 x 2022-Q3+5"),
        *many("c/one", "cy", "2 x 2022-Q1+5"),
        *many("c/one", "dan", "3 x 2023-Q1+5"),
    ]
    return lab.bench(commits, categories="abc").run("contributor_migration", read=WINDOW, publish=QUARTER)


def test_homes_year_on_year_balance(moving: Bench) -> None:
    assert flow(moving, "year") == {
        ("a", "b"): 1,
        ("a", "a"): 1,
        ("passing", "absent"): 1,
        ("absent", "c"): 1,
        ("a", "all"): 2,
        ("passing", "all"): 1,
        ("absent", "all"): 1,
        ("all", "a"): 1,
        ("all", "b"): 1,
        ("all", "c"): 1,
        ("all", "absent"): 1,
        ("all", "all"): 4,
    }


def test_homes_of_two_quarters_alone(moving: Bench) -> None:
    # 2022-Q4 saw nobody; in 2023-Q1 ada made one commit, dan three
    cells = {("absent", "passing"): 1, ("absent", "c"): 1, ("absent", "all"): 2}
    assert flow(moving, "quarter") == cells | {("all", "passing"): 1, ("all", "c"): 1, ("all", "all"): 2}


@pytest.mark.parametrize(
    ("case", "of_a", "of_b", "home"),
    [
        ("more commits in as many weeks", ("2 x 2022-Q3+1", "2022-Q3+8"), ("2022-Q4+1", "2022-Q4+8"), "a"),
        ("the later week", ("2022-Q3+1", "2022-Q4+75"), ("2022-Q3+1", "2022-Q4+80"), "b"),
        ("a later quarter, though earlier in it", ("2022-Q3+1", "2022-Q3+80"), ("2022-Q2+1", "2022-Q4+1"), "b"),
        ("the order of the catalogue", ("2022-Q3+1", "2022-Q4+77"), ("2022-Q2+1", "2022-Q4+80"), "a"),
        ("one commit each is passing", ("2022-Q3+1",), ("2022-Q4+1",), "passing"),
        ("three commits of one week are a home", ("3 x 2022-Q3+1",), ("2 x 2022-Q3+1",), "a"),
    ],
)
def test_a_tie_of_weeks_is_broken(lab: Lab, case: str, of_a: tuple[str], of_b: tuple[str], home: str) -> None:
    commits = [*lab.commits("a/one", "ada", *of_a), *lab.commits("b/one", "ada", *of_b)]
    bench = lab.bench(commits, categories="ab").write("contributor_migration", read=WINDOW, publish=QUARTER)
    assert flow(bench, "year") == {("absent", home): 1, ("all", home): 1, ("absent", "all"): 1, ("all", "all"): 1}


def test_a_window_before_the_catalogue_has_no_number_and_a_reason(lab: Lab) -> None:
    commits = lab.commits("a/one", "ada", "2015-Q1+1", "2015-Q2+1", "2016-Q1+1")
    bench = lab.bench(commits, categories="ab")
    read = "2015-Q1:2016-Q4"
    bench.write("contributor_migration", read=read, publish=read)
    known = {
        quarter: {
            name
            for name in ("arrivals", "year", "quarter")
            for row in bench.rows(
                "contributor_migration", quarter, flow=name, origin="any" if name == "arrivals" else "a"
            )
            if row["people"] is not None
        }
        for quarter in ("2015-Q1", "2015-Q2", "2015-Q4", "2016-Q1", "2016-Q3", "2016-Q4")
    }
    assert known == {
        "2015-Q1": set(),
        "2015-Q2": {"quarter"},
        "2015-Q4": {"quarter"},
        "2016-Q1": {"quarter", "arrivals"},
        "2016-Q3": {"quarter", "arrivals"},
        "2016-Q4": {"quarter", "arrivals", "year"},
    }
    # Who is new needs no window; where from does
    first = bench.row("contributor_migration", "2015-Q1", flow="arrivals", origin="all", destination="a")
    assert first["people"] == 1
    reasons = {row["null_reason"] for row in bench.rows("contributor_migration", "2015-Q1") if row["people"] is None}
    assert reasons == {"window_before_catalogue"}


def test_a_matrix_that_does_not_balance_is_refused(moving: Bench, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsignal_pipeline.engines import frames

    whole = frames.select_text

    def broken(name: str) -> str:
        text = whole(name)
        return text.replace("FULL JOIN (SELECT", "JOIN (SELECT") if name == "contributor_migration" else text

    monkeypatch.setattr(frames, "select_text", broken)
    made = moving.make("contributor_migration", QUARTER)
    assert not made.is_published
    failed = {outcome.check for outcome in made.outcomes if not outcome.passed}
    assert {f"contributor_migration_{side}_are_populations" for side in ("rows", "columns")} <= failed
