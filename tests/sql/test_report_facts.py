"""Every fact is what its own query gives, and a null says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from deepsignal_pipeline.engines.views import database_of, ensure_views
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.report_facts import CHANGE_VALUES, OF_CATALOGUE_ONLY

if TYPE_CHECKING:
    from conftest import Bench, Lab

NOW = "2023-Q1"


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    many = lab.commits
    commits = [
        # a: 3 people before, of whom ada stays and two are gone (bob had two active weeks); 2 now
        *many("a/one", "ada", "2022-Q4+1", "2 x 2023-Q1+1", "2023-Q1+8"),
        *many("a/one", "bob", "2022-Q4+1", "2022-Q4+8"),
        *many("a/one", "cy", "2022-Q4+1"),
        *many("a/one", "dan", "2023-Q1+1"),
        *many("b/one", "ada", "2023-Q1+1"),
        *many("b/partial", "eve", "2023-Q1+1"),
        *many("a/one", "renovate[bot]", "2 x 2022-Q4+1", "2023-Q1+1"),
        lab.commit("a/one", "fay", "2023-Q1+1", parents=2),
        lab.commit("a/one", "ada", "2023-Q1+1", parents=2),
    ]
    bench = lab.bench(
        commits,
        categories="ab",
        repositories={"b/one": {"category": "b"}, "b/partial": {"category": "b"}},
        snapshots={"b/partial": {"status": "partial", "reason": "x", "complete_until": "2023-02-01"}},
    )
    return bench.run("report_facts", read=f"2021-Q2:{NOW}", publish=NOW)


@pytest.fixture(scope="module")
def printed(lab: Lab) -> Bench:
    """Build a category with a repository of six people, and two of three each, of whom one is in both."""
    six = [row for name in ("ada", "bob", "cy", "dan", "eve", "fay") for row in lab.commits("a/one", name, "2023-Q1+1")]
    before = [row for name in ("ada", "bob", "cy", "dan", "eve") for row in lab.commits("a/one", name, "2022-Q4+1")]
    small = [row for name in ("gil", "hal", "ida") for row in lab.commits("a/two", name, "2023-Q1+1")]
    small += [row for name in ("ida", "jo", "kim") for row in lab.commits("a/three", name, "2 x 2023-Q1+1")]
    named = {f"a/{name}": {"category": "a"} for name in ("one", "two", "three", "empty")}
    bench = lab.bench([*six, *before, *small], categories="a", repositories=named)
    return bench.write("report_facts", read=f"2021-Q2:{NOW}", publish=NOW)


def fact(bench: Bench, fact_id: str, quarter: str = NOW) -> dict[str, Any]:
    return bench.row("report_facts", quarter, fact_id=fact_id)


def differing(bench: Bench, quarter: str) -> list[tuple[str, float | None, Any]]:
    """Run every fact's query over what the views for people show; return those that give another value."""
    facts = bench.rows("report_facts", quarter)
    assert facts
    with duckdb.connect(config={"threads": 1}) as connection:
        ensure_views(bench.lake)
        connection.execute(f"ATTACH '{database_of(bench.lake)}' AS published (READ_ONLY)")
        # The views' rows are read once and not once a query: there are thousands
        for table in (read.table for read in TABLES["report_facts"].reads):
            connection.execute(f"CREATE TABLE {table} AS FROM published.{table}")
        given = [connection.execute(row["query"]).fetchall() for row in facts]
    assert all(len(rows) == 1 for rows in given)
    pairs = zip(facts, given, strict=True)
    return [(row["fact_id"], row["value"], rows[0][0]) for row, rows in pairs if (row["value"],) != rows[0]]


@pytest.mark.parametrize(
    ("fact_id", "value"),
    [
        ("a.commits", 4),
        ("a.churn_rate_pct", 200 / 3),
        ("a.mean_active_weeks", 1.5),
        ("b:small_repositories.contributors", 1),
        ("a+b.shared", 1),
        ("a+b.jaccard", 1 / 2),
        ("catalogue.commits", 5),
        ("catalogue.commits_previous", 4),
        ("catalogue.commits_qoq_pct", 25),
        ("catalogue.not_counted_partial_source", 1),
        ("catalogue.contributors", 2),
        ("catalogue.contributors_previous", 3),
        ("catalogue.contributors_qoq_pct", -33),
        ("catalogue.memberships", 3),
        ("catalogue.contributors_strict", 2),
        ("catalogue.contributors_loose", 2),
        ("catalogue.contributors_qoq_pct_strict", -33),
        ("catalogue.contributors_qoq_pct_loose", -33),
        # 5 and one by a bot, 4 and two before: 6 / 6; 5 and two merges over 4; ada, dan and fay over ada, bob and cy
        ("catalogue.commits_with_bots", 6),
        ("catalogue.commits_qoq_pct_with_bots", 0),
        ("catalogue.commits_with_merges", 7),
        ("catalogue.commits_qoq_pct_with_merges", 75),
        ("catalogue.contributors_with_merges", 3),
        ("catalogue.contributors_qoq_pct_with_merges", 0),
        # a/one, b/one, b/partial and ten spare ones: 12 commits are listed for the first three
        ("catalogue.repositories_recounted", 13),
        ("catalogue.history_commits", 15),
        ("catalogue.history_commits_recounted", 15),
    ],
)
def test_a_fact_is_one_measure_of_one_entity(bench: Bench, fact_id: str, value: float) -> None:
    assert fact(bench, fact_id)["value"] == pytest.approx(value, rel=1e-15)


def test_unit_and_definition_come_from_the_contract(bench: Bench) -> None:
    column = next(c for c in TABLES["category_metrics"].columns if c.name == "churn_rate_pct")
    assert (fact(bench, "a.churn_rate_pct")["unit"], fact(bench, "a.churn_rate_pct")["definition"]) == (
        column.unit,
        column.meaning,
    )


@pytest.mark.parametrize(
    ("kind", "tables"),
    [
        (
            "category",
            ("category_metrics", "restatements", "work_type_mix", "category_depth", "category_coordination"),
        ),
        ("pair", ("category_overlaps",)),
    ],
)
def test_every_measure_of_every_category_and_pair_is_a_fact(bench: Bench, kind: str, tables: tuple[str, ...]) -> None:
    measures = {column.name for table in tables for column in TABLES[table].columns if column.unit}
    measures |= {fact.name for _, fact in CHANGE_VALUES} if kind == "category" else set()
    measures -= OF_CATALOGUE_ONLY
    facts = bench.rows("report_facts", NOW, entity_kind=kind)
    assert {row["measure"] for row in facts} == measures
    assert len(facts) == len(measures) * (TABLES[tables[0]].rows or 0)


def test_what_few_people_left_out_is_marked(bench: Bench) -> None:
    """Of the catalogue's two merges ada made one and fay the other; eve made what a source that ends early leaves out."""
    assert "of_one_person" in fact(bench, "catalogue.not_counted_merge")["marks"]
    assert "of_one_person" in fact(bench, "catalogue.not_counted_partial_source")["marks"]
    assert fact(bench, "catalogue.not_counted_import")["marks"] == ["partial"]


def test_repositories_of_few_people_are_one_row_a_category_and_those_without_anybody_none(printed: Bench) -> None:
    assert {row["entity"] for row in printed.rows("report_facts", NOW, entity_kind="repository")} == {"a/one"}
    rows = printed.rows("report_facts", NOW, entity_kind="small_repositories")
    assert {(row["entity"], row["part_of"]) for row in rows} == {("a:small_repositories", "a")}
    assert {row["measure"]: row["value"] for row in rows} == {
        "repositories": 2,
        "commits": 9,
        "contributors": 5,
        "top_contributor_share": 1 / 3,
    }
    one = fact(printed, "a/one.commits")["value"]
    assert one + 9 == fact(printed, "a.commits")["value"]
    assert differing(printed, NOW) == []


def test_n_is_the_people_behind_a_ratio_and_for_churn_those_of_the_quarter_before(bench: Bench) -> None:
    ratios = ("mean_active_weeks", "churn_rate_pct", "retention_pct", "engaged_churn_rate_pct", "commits")
    assert [fact(bench, f"a.{measure}")["n"] for measure in ratios] == [2, 3, 3, 1, None]
    assert fact(bench, "a+b.jaccard")["n"] is None
    assert fact(bench, "a+b.containment_b")["n"] == fact(bench, "b.contributors")["value"]


def test_ratios_and_changes_carry_their_intervals(bench: Bench) -> None:
    churn = fact(bench, "a.churn_rate_pct")
    # Wilson of 2 of 3
    assert (churn["low"], churn["high"]) == pytest.approx((20.766, 93.851), abs=1e-3)
    shared = fact(bench, "a+b.containment_a")
    assert (shared["low"], shared["high"]) == pytest.approx((0.094531, 0.905469), abs=1e-6)
    changes = bench.row("category_changes", NOW, entity="a", measure="mean_active_weeks")
    weeks = fact(bench, "a.mean_active_weeks_qoq_pct")
    assert (weeks["value"], weeks["low"], weeks["high"]) == (changes["change"], changes["low"], changes["high"])
    assert (fact(bench, "a.commits")["low"], fact(bench, "a.commits_qoq_pct")["low"]) == (None, None)
    assert "change_by_few" in fact(bench, "a.commits_qoq_pct")["marks"]
    assert "change_by_few" not in fact(bench, "a.commits")["marks"]


def test_an_interval_that_gives_few_people_away_is_kept_back(bench: Bench, printed: Bench) -> None:
    """With both counts known, the interval of their change is as good as the number of people in both quarters."""
    change = bench.row("category_changes", NOW, entity="a", measure="contributors")
    assert change["low"] is not None
    assert change["people_in_both"] == 1
    assert fact(bench, "a.contributors_qoq_pct")["low"] is None
    interval = fact(printed, "a/one.contributors_qoq_pct")
    assert interval["low"] < interval["value"] == 20 < interval["high"]


def test_the_people_behind_a_change_of_a_share_are_its_smallest_part(bench: Bench) -> None:
    change = bench.row("category_changes", NOW, entity="a", measure="one_week_share")
    assert fact(bench, "a.one_week_share_change")["n"] == change["smallest_part"] == 1


def test_marks_of_a_category_pass_on_to_its_facts_and_a_null_has_one(bench: Bench, printed: Bench) -> None:
    assert set(fact(bench, "b.commits")["marks"]) == {"partial", "dominated", "new"}
    assert fact(bench, "b:small_repositories.commits")["marks"] == ["dominated"]
    assert fact(printed, "a/one.commits_qoq_pct")["marks"] == ["small_base"]
    assert fact(bench, "spare-4+spare-5.jaccard")["marks"] == ["no_base"]
    # A ratio over under 30 people says so, a count does not
    assert "small_base" in fact(printed, "a/one.mean_active_weeks")["marks"]
    for of_few in ("a+b.containment_a", "a.one_week_share", "a.sustained_share"):
        assert "small_base" in fact(bench, of_few)["marks"]
    assert "small_base" not in fact(bench, "a+b.shared")["marks"]
    # Of four commits ada made three
    for of_the_work in ("a.core_share", "a.sustained_share", "a.core_builder_share", "a.coordination"):
        assert "dominated" in fact(bench, of_the_work)["marks"]
    nulls = [row for row in bench.rows("report_facts", NOW) if row["value"] is None]
    assert nulls
    assert all(row["marks"] for row in nulls)


def test_a_rate_of_few_engaged_people_says_so_where_the_quarter_before_was_not_small(lab: Lab) -> None:
    people = [f"person-{n}" for n in range(30)]
    commits = [row for name in people for row in lab.commits("a/one", name, "2022-Q4+1", "2023-Q1+1")]
    commits += [row for name in people[:6] for row in lab.commits("a/one", name, "2022-Q4+8")]
    bench = lab.bench(commits, categories="a", repositories={"a/one": {"category": "a"}})
    bench.write("report_facts", read=f"2021-Q2:{NOW}", publish=NOW)
    marks = {key: fact(bench, f"a.{key}")["marks"] for key in ("churn_rate_pct", "engaged_churn_rate_pct")}
    assert marks == {"churn_rate_pct": [], "engaged_churn_rate_pct": ["small_base"]}


def test_the_catalogue_is_partial_if_a_category_is(bench: Bench, printed: Bench) -> None:
    for of_all in ("commits", "contributors", "memberships", "core_share", "agent_assisted_share", "commits_qoq_pct"):
        assert fact(bench, f"catalogue.{of_all}")["marks"].count("partial") == 1
        assert "partial" not in fact(printed, f"catalogue.{of_all}")["marks"]


@pytest.mark.parametrize(
    ("flow", "is_partial"),
    [
        # b is read in part. Who comes from anywhere or nowhere, passes by, enters or leaves is told from b as well
        ("arrivals:a:b", True),
        ("arrivals:b:a", True),
        ("arrivals:any:a", True),
        ("arrivals:none:a", True),
        ("arrivals:a:spare-4", False),
        ("year:a:a", False),
        ("year:a:b", True),
        ("year:b:spare-4", True),
        ("year:a:absent", True),
        ("year:passing:a", True),
        ("year:all:all", True),
    ],
)
def test_flows_of_a_category_that_was_read_in_part_are_partial(
    bench: Bench, printed: Bench, flow: str, is_partial: bool
) -> None:
    assert fact(bench, f"{flow}.people")["marks"] == (["partial"] if is_partial else [])
    if "b" not in flow.split(":"):
        assert "partial" not in fact(printed, f"{flow}.people")["marks"]


def test_a_test_that_two_measures_share_is_counted_once(sample: Bench) -> None:
    changes = [row for row in sample.rows("category_changes", NOW) if row["q_value"] is not None]
    shared = [row for row in changes if row["measure"] in ("churn_rate_pct", "retention_pct")]
    assert len(shared) == 2 * len({row["entity"] for row in shared}) == 24
    tested = {(row["entity"], row["measure"].replace("retention_pct", "churn_rate_pct")) for row in changes}
    assert fact(sample, "catalogue.changes_tested")["value"] == len(tested) == 106


def test_every_fact_is_what_its_query_gives(bench: Bench) -> None:
    assert differing(bench, NOW) == []


def test_facts_of_the_first_quarter_are_what_their_queries_give(lab: Lab) -> None:
    bench = lab.bench(lab.commits("a/one", "ada", "2015-Q1+1"), categories="a").write("report_facts", read="2015-Q1")
    assert differing(bench, "2015-Q1") == []
    for measure in ("commits_previous", "contributors_previous", "contributors_qoq_pct", "commits_qoq_pct"):
        row = fact(bench, f"catalogue.{measure}", "2015-Q1")
        assert row["value"] is None
        assert "first_quarter" in row["marks"]


@pytest.mark.parametrize("active", ["2022-Q4+1", "2023-Q1+1", "2020-Q1+1"])
def test_facts_of_a_quiet_catalogue_are_zeros_and_what_their_queries_give(lab: Lab, active: str) -> None:
    bench = lab.bench(lab.commits("a/one", "ada", active), categories="a")
    bench.write("report_facts", read=f"2021-Q2:{NOW}", publish=NOW)
    assert differing(bench, NOW) == []
    assert fact(bench, "catalogue.contributors")["value"] == (1 if active == "2023-Q1+1" else 0)
    assert fact(bench, "catalogue.contributors_previous")["value"] == (1 if active == "2022-Q4+1" else 0)


@pytest.mark.parametrize("quarter", ["2022-Q4", "2023-Q1", "2023-Q3"])
def test_every_fact_of_the_sample_is_what_its_query_gives(sample: Bench, quarter: str) -> None:
    assert differing(sample, quarter) == []


def test_few_behind_a_raw_change_of_the_catalogue_are_not_said_of_its_basket(sample: Bench) -> None:
    raw, basket = (fact(sample, f"catalogue.{measure}_qoq_pct") for measure in ("commits", "basket_commits"))
    assert (raw["low"], raw["marks"]) == (None, ["change_by_few"])
    assert basket["low"] is not None
    assert basket["marks"] == []


def test_shares_of_depth_have_an_interval_around_them(bench: Bench) -> None:
    row = fact(bench, "a.sustained_share")
    assert (row["value"], row["n"]) == (1 / 2, 2)
    assert 0 < row["low"] < row["value"] < row["high"] < 1
    assert fact(bench, "a.core_builder_share")["marks"] == ["paths_unknown", "dominated"]
