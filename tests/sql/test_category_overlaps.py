"""People whom two categories share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import LakeError
from deepsignal_pipeline.statistics.curveball import expected_overlaps
from deepsignal_pipeline.statistics.poisson import mid_p
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # ada: three commits on one side, two weeks on the other, so qualified in both
        *many("a/one", "ada", "3 x 2023-Q1+1"),
        *many("b/one", "ada", "2023-Q1+1", "2023-Q1+8"),
        # bob: qualified in a alone; cy: two commits within one week on both sides
        *many("a/one", "bob", "2 x 2023-Q1+1", "2023-Q1+8"),
        *many("b/one", "bob", "2023-Q1+1"),
        *many("a/one", "cy", "2023-Q1+1", "2023-Q1+2"),
        *many("b/one", "cy", "2023-Q1+1", "2023-Q1+2"),
        *many("a/one", "dan", "2023-Q1+1"),
        *many("b/one", "eve", "2023-Q1+1"),
        *many("b/one", "fay", "2023-Q1+1"),
        # In c only the quarter before, which is no overlap; nobody and a bot are in all three
        *many("c/one", "ada", "2022-Q4+1"),
        *(
            row
            for slug in "abc"
            for name in ("root", "renovate[bot]")
            for row in many(f"{slug}/one", name, "2023-Q1+1")
        ),
        # Qualified in d through two repositories of it
        *many("d/one", "dan", "2023-Q1+1"),
        *many("d/two", "dan", "2023-Q1+8"),
        *many("a/one", "dan", "2023-Q1+8"),
    ]
    two = {f"d/{name}": {"category": "d"} for name in ("one", "two")}
    bench = lab.bench(commits, categories="abcd", repositories=two)
    return bench.run("category_overlaps", read=f"2022-Q4:{QUARTER}", publish=QUARTER)


@pytest.fixture(scope="module")
def crowd(lab: Lab) -> Bench:
    """Six people in a and b, one of whom is in c, where five more are, and sixty in one category each; one in a, b before."""
    bridge = [f"bridge {n}" for n in range(6)]
    commits = [
        *(row for who in bridge for c in "ab" for row in lab.commits(f"{c}/one", who, "2023-Q1+1")),
        *lab.commits("a/one", bridge[0], "2022-Q4+1"),
        *lab.commits("b/one", bridge[0], "2022-Q4+1"),
        *lab.commits("a/one", bridge[1], "2021-Q4+1"),
        *lab.commits("b/one", bridge[1], "2021-Q4+1"),
        *lab.commits("c/one", bridge[5], "2023-Q1+1"),
        *(row for c in "abcc" for n in range(20) for row in lab.commits(f"{c}/one", f"{c} only {n}", "2023-Q1+2")),
        *(row for c in "ab" for row in lab.commits(f"{c}/one", "gone", "2022-Q4+1")),
    ]
    return lab.bench(commits, categories="abc").run("category_overlaps", read=f"2022-Q4:{QUARTER}", publish=QUARTER)


def pair(bench: Bench, a: str, b: str, *names: str) -> list[Any]:
    row = bench.row("category_overlaps", QUARTER, category_a=a, category_b=b)
    return [row[name] for name in names]


def test_shared_people_and_those_qualified_on_both_sides(bench: Bench) -> None:
    assert pair(bench, "a", "b", "shared", "shared_qualified") == [3, 1]


def test_containments_and_jaccard(bench: Bench) -> None:
    # a: ada, bob, cy, dan; b: ada, bob, cy, eve, fay
    names = ("contributors_a", "contributors_b", "containment_a", "containment_b", "jaccard")
    assert pair(bench, "a", "b", *names) == [4, 5, 3 / 4, 3 / 5, 3 / 6]


def test_two_repositories_of_a_category_qualify_together(bench: Bench) -> None:
    assert pair(bench, "a", "d", "shared", "shared_qualified") == [1, 1]


def test_an_empty_category_shares_nobody_and_has_no_containment(bench: Bench) -> None:
    names = ("shared", "contributors_b", "containment_a", "containment_b", "jaccard")
    assert pair(bench, "a", "c", *names) == [0, 0, 0, None, 0]
    assert pair(bench, "spare-4", "spare-5", "shared", "containment_a", "jaccard") == [0, None, None]


def test_there_are_66_pairs_in_the_order_of_the_catalogue(bench: Bench) -> None:
    order = [(row["order_a"], row["order_b"]) for row in bench.rows("category_overlaps", QUARTER)]
    assert order == [(a, b) for a in range(12) for b in range(a + 1, 12)]


def test_what_chance_would_share_is_that_of_the_people_by_their_categories(crowd: Bench) -> None:
    # Bits of a, b, c: 20 people in each alone, five in a and b, one in all three: 8 meetings in all
    null = expected_overlaps(np.array([1, 2, 4, 3, 7]), np.array([20, 20, 20, 5, 1]), 12)
    rows = crowd.rows("category_overlaps", QUARTER)
    assert [row["shared_over_sweeps"] for row in rows] == null.over_sweeps[np.triu_indices(12, 1)].tolist()
    assert sum(row["shared_expected"] for row in rows) == pytest.approx(8)
    assert all(row["sweeps"] == 1000 for row in rows)


def test_lift_interval_and_p_follow_from_what_is_expected(crowd: Bench) -> None:
    row = crowd.row("category_overlaps", QUARTER, category_a="a", category_b="b")
    expected = row["shared_over_sweeps"] / 1000
    assert row["shared_expected"] == expected
    assert row["lift"] == pytest.approx(6 / expected)
    assert (row["shared_low"], row["shared_high"]) == pytest.approx((2.2019, 13.0595), rel=1e-4)
    assert row["lift_low"] == pytest.approx(2.2019 / expected, rel=1e-4)
    assert row["lift_high"] == pytest.approx(13.0595 / expected, rel=1e-4)
    assert row["p_value"] == pytest.approx(mid_p(np.array([6]), np.array([expected]))[0])


def test_a_lift_needs_five_shared_people_and_one_expected(crowd: Bench, sample: Bench) -> None:
    assert pair(crowd, "a", "c", "shared", "lift", "lift_null_reason") == [1, None, "few_people"]
    assert pair(crowd, "a", "b", "lift_null_reason") == [None]
    for row in sample.rows("category_overlaps", QUARTER):
        is_printed = row["shared"] >= 5 and row["shared_expected"] >= 1
        assert (row["lift"] is not None, row["lift_null_reason"] is None) == (is_printed, is_printed)


def test_every_pair_of_categories_with_people_is_tested(crowd: Bench, sample: Bench) -> None:
    assert pair(crowd, "a", "spare-4", "shared_expected", "p_value", "q_value") == [0, None, None]
    rows = sample.rows("category_overlaps", QUARTER)
    assert any(row["shared_expected"] < 1 for row in rows)
    for row in (*rows, *crowd.rows("category_overlaps", QUARTER)):
        is_tested = row["contributors_a"] > 0 and row["contributors_b"] > 0
        assert (row["p_value"] is not None, row["q_value"] is not None) == (is_tested, is_tested)


def test_a_pair_above_chance_without_a_lift_is_found_and_ranked_as_if_one_were_expected(lab: Lab) -> None:
    """Six people make up a and b, four c and d, sixteen e and f; sixty are in two of g, h and i each.

    Chance gives a and b 0.2 people and e and f 1.3: by their counts over that, a and b would be the strongest.
    """
    shared = (("ab", 6), ("cd", 4), ("ef", 16), ("gh", 20), ("gi", 20), ("hi", 20))
    commits = [
        row
        for slugs, people in shared
        for n in range(people)
        for slug in slugs
        for row in lab.commits(f"{slug}/one", f"{slugs} {n}", "2023-Q1+1")
    ]
    bench = lab.bench(commits, categories="abcdefghi").write("category_overlaps", read=QUARTER, publish=QUARTER)
    names = ("shared", "lift", "lift_low", "lift_null_reason", "strength_rank")
    assert pair(bench, "a", "b", *names) == [6, None, None, "little_expected", 2]
    assert pair(bench, "c", "d", *names) == [4, None, None, "few_people", None]
    strongest = bench.row("category_overlaps", QUARTER, category_a="e", category_b="f")
    weaker = bench.row("category_overlaps", QUARTER, category_a="a", category_b="b")
    assert strongest["strength_rank"] == 1
    assert strongest["shared_expected"] >= 1 > weaker["shared_expected"]
    # 2.2 of a count of 6, over less than one and over one
    assert weaker["shared_low"] / weaker["shared_expected"] > strongest["lift_low"] > weaker["shared_low"]
    for a, b in ("ab", "cd"):
        assert pair(bench, a, b, "q_value")[0] < 0.01
    assert {row["newness_rank"] for row in bench.rows("category_overlaps", QUARTER) if row["strength_rank"]} == {1, 2}


def test_the_change_against_the_quarter_before_and_who_is_new(crowd: Bench) -> None:
    names = ("shared", "shared_previous", "shared_change", "shared_retained", "shared_new", "shared_new_share")
    # bridge 1 came to both in 2021: neither retained nor new
    assert pair(crowd, "a", "b", *names) == [6, 2, 4, 1, 4, 4 / 6]
    assert pair(crowd, "a", "c", *names) == [1, 0, 1, 0, 1, None]


def test_only_pairs_above_chance_are_ranked(crowd: Bench, sample: Bench) -> None:
    assert pair(crowd, "a", "b", "shared", "strength_rank", "newness_rank") == [6, None, None]
    ranked = [row for row in sample.rows("category_overlaps", QUARTER) if row["strength_rank"]]
    assert all(row["q_value"] <= 0.1 and row["shared"] >= 5 for row in ranked)
    by_newness = sorted(ranked, key=lambda row: (-row["shared_new_share"], -row["shared"]))
    assert [row["newness_rank"] for row in by_newness] == list(range(1, len(ranked) + 1))


def test_the_q_values_of_the_sample_are_those_of_benjamini_and_hochberg(sample: Bench) -> None:
    rows = sample.rows("category_overlaps", QUARTER)
    ordered = sorted(rows, key=lambda row: 1 if row["p_value"] is None else row["p_value"], reverse=True)
    smallest = 1.0
    for rank, row in zip(range(66, 0, -1), ordered, strict=True):
        smallest = min(smallest, (1 if row["p_value"] is None else row["p_value"]) * 66 / rank)
        if row["p_value"] is not None:
            assert row["q_value"] == pytest.approx(smallest)
    strong = sorted((row for row in rows if row["strength_rank"]), key=lambda row: row["strength_rank"])
    assert [row["strength_rank"] for row in strong] == list(range(1, len(strong) + 1))
    assert strong == sorted(strong, key=lambda row: -row["shared_low"] / max(1, row["shared_expected"]))
    assert all(row["q_value"] <= 0.1 and row["shared"] > row["shared_expected"] for row in strong)
    above = [row for row in rows if (row["q_value"] or 1) <= 0.1 and row["shared"] > row["shared_expected"]]
    assert len(strong) == len([row for row in above if row["shared"] >= 5])
    assert strong[0]["shared"] >= 5


def test_the_first_quarter_has_no_change_and_says_so(lab: Lab) -> None:
    bench = lab.bench(lab.commits("a/one", "ada", "2015-Q1+1"), categories="ab")
    bench.write("category_overlaps", read="2015-Q1", publish="2015-Q1")
    row = bench.row("category_overlaps", "2015-Q1", category_a="a", category_b="b")
    assert [row[name] for name in ("shared_previous", "shared_change", "shared_retained")] == [None] * 3
    assert row["change_null_reason"] == "first_quarter"


def test_C10_a_quarter_that_was_read_under_other_categories_is_named_with_what_mends_it(lab: Lab):
    bench = lab.bench(
        [lab.commit("a/one", "Nari", "2022-11-01"), lab.commit("a/one", "Nari", "2023-02-01")], categories="a"
    )
    bench.write("category_metrics", read="2022-Q4:2023-Q1")
    file = bench.lake.file(TABLES["alias_activity"], Quarter(2022, 4))
    read = pq.ParquetFile(file).read()
    renamed = read.set_column(read.schema.get_field_index("category"), "category", pa.array(["old"] * read.num_rows))
    pq.write_table(renamed.replace_schema_metadata(read.schema.metadata), file)
    with pytest.raises(LakeError) as refused, bench.pipeline.engine.session() as session:
        session.read(TABLES["category_overlaps"], Quarter(2023, 1))
    assert str(refused.value) == (
        f"{file}: was read under other categories (old); run: deepsignal run --job read_quarters --quarter 2022-Q4"
    )
