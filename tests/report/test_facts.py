"""Facts: found by id, hidden where few people stand behind them or a source ended too early."""

from dataclasses import replace

import pytest
from small_lake import MARKED, QUARTER, connect

from deepsignal_pipeline.domain.suppression import Sum
from deepsignal_pipeline.report.facts import Facts, UnknownFactError, read_facts
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.relations import MADE_OF, sums_of
from deepsignal_pipeline.staging.facts import MEASURED
from deepsignal_pipeline.tables import TABLES


def test_a_fact_is_found_by_its_id(facts: Facts):
    fact = facts.get("llm-serving.contributors")
    assert (fact.value, fact.unit, fact.entity, fact.marks) == (
        100, "people", "llm-serving", ("dominated", "basket_differs"),
    )  # fmt: skip


def test_an_unknown_id_is_named_with_ids_like_it(facts: Facts):
    with pytest.raises(UnknownFactError, match=r"no fact 'llm-serving.contributers' in 2023-Q1; like it: llm-serving"):
        facts.get("llm-serving.contributers")


def test_facts_come_in_the_order_of_their_ids(facts: Facts):
    ids = [fact.fact_id for fact in facts]
    assert ids == sorted(ids)
    assert len(facts) == len(ids)


FEW = {"contributors": 4, "commits": 77, "mean_active_weeks": 3.0}


@pytest.mark.parametrize("measure", ["contributors", "commits", "mean_active_weeks", "top_contributor_share"])
def test_everything_of_a_repository_of_few_people_is_hidden(measure: str):
    facts = read_facts(connect(repositories={"few/people": FEW}), QUARTER)
    assert facts.of("few/people", measure).hidden == "suppressed"
    assert facts.value("few/people", measure) is None


@pytest.mark.parametrize(("new", "hidden"), [(0, "suppressed"), (4, "suppressed"), (5, ""), (9, "")])
def test_a_count_of_few_people_is_hidden(new: int, hidden: str):
    facts = read_facts(connect(repositories={"many/people": {"contributors": 30, "contributors_new": new}}), QUARTER)
    assert facts.of("many/people", "contributors_new").hidden == hidden
    assert facts.of("many/people", "commits").hidden == ""


def test_a_change_that_gives_away_few_people_before_is_hidden():
    values = {"contributors": 30, "contributors_previous": 3}
    facts = read_facts(connect(repositories={"young/one": values}), QUARTER)
    hidden = {m: facts.of("young/one", m).hidden for m in ("contributors_qoq_pct", "commits_previous", "commits")}
    assert hidden == {"contributors_qoq_pct": "suppressed", "commits_previous": "withheld", "commits": ""}


def test_an_interval_that_tells_a_hidden_number_is_kept_back():
    """Returning people are few, so the retained are withheld; the interval of the change would tell them."""
    few = {"contributors_retained": 37, "contributors_new": 90, "contributors_returning": 3}
    facts = read_facts(connect(categories={"edge": few}), QUARTER)
    assert facts.of("edge", "contributors_retained").hidden
    assert facts.of("edge", "contributors_qoq_pct").shown is not None
    assert facts.of("edge", "contributors_qoq_pct").interval is None
    assert facts.of("edge", "basket_contributors_qoq_pct").interval is None
    assert facts.of("edge", "commits_qoq_pct").interval is not None
    assert facts.of("ml-platform", "contributors_qoq_pct").interval is not None


def test_the_lift_of_a_hidden_count_is_hidden():
    """Shared over expected: with the expected beside it, either end of the lift tells the count."""
    pair = "gpu-kernels+ml-compilers"
    facts = read_facts(connect(overlaps={pair: {"shared": 4, "lift": 2.0, "lift_low": 0.5, "lift_high": 5.1}}), QUARTER)
    assert {facts.of(pair, m).hidden for m in ("shared", "lift", "lift_low", "lift_high")} == {"suppressed"}


def test_shares_of_a_pair_of_few_are_hidden():
    pair = "gpu-kernels+ml-compilers"
    facts = read_facts(connect(overlaps={pair: {"shared": 4, "shared_qualified": 0}}), QUARTER)
    measures = ("shared", "shared_qualified", "containment_a", "containment_b", "jaccard")
    assert {facts.of(pair, measure).hidden for measure in measures} == {"suppressed"}


def test_that_a_category_without_repositories_has_no_commits_is_known_to_a_reader():
    facts = {fact.fact_id: fact for fact in read_facts(connect(), QUARTER) if fact.part_of != "edge"}
    assert Sum("edge.commits", ()) in list(sums_of(facts))


@pytest.mark.parametrize(("people", "hidden"), [(1300, ""), (1301, "withheld"), (1304, "withheld"), (1305, "")])
def test_a_wider_rule_is_withheld_where_it_would_count_few_people(people: int, hidden: str):
    """1,300 contributors; who only merges are the rest."""
    facts = read_facts(connect(catalogue={"contributors_with_merges": people}), QUARTER)
    measures = ("contributors_with_merges", "contributors_qoq_pct_with_merges")
    assert {facts.of("catalogue", measure).hidden for measure in measures} == {hidden}
    assert facts.of("catalogue", "commits_with_merges").hidden == ""


def test_raw_changes_of_a_partial_category_are_not_shown():
    facts = read_facts(connect(categories=MARKED | {"edge": {"marks": ["partial"]}}), QUARTER)
    assert facts.of("edge", "contributors_qoq_pct").hidden == "partial"
    assert facts.of("edge", "churn_rate_pct").hidden == "partial"
    assert facts.of("edge", "basket_contributors_qoq_pct").hidden == ""
    assert facts.of("edge", "contributors").hidden == ""
    assert facts.of("catalogue", "contributors_qoq_pct").hidden == "partial"
    assert facts.of("ml-platform", "contributors_qoq_pct").hidden == ""


def test_of_what_kind_the_work_was_is_not_told_as_of_few_people_where_no_paths_are_known():
    """Nobody is counted as of a class, and the shares are over nobody: neither is a number of few people."""
    facts = read_facts(connect(), QUARTER)
    unknown = {"sustained_core": 0.0, "core_builder_share": None, "sustained": 20.0, "sustained_unknown": 20.0}
    changed = [
        replace(f, value=unknown[f.measure], n=0 if f.unit == "share" else None, marks=("paths_unknown",))
        if f.entity == "edge" and f.measure in unknown
        else f
        for f in facts
    ]
    told = Facts(QUARTER, changed)
    assert [show(told.of("edge", measure)) for measure in unknown] == ["n/a", "n/a", "20", "20"]


def test_every_ratio_says_which_people_or_counts_it_could_give_away():
    """Of a ratio that nobody wrote this of, the disclosure control would know nothing."""
    forecasts = ("prediction_scores", "prediction_calibration")  # hidden by the people behind the value predicted
    counted = {"commits", "people", "repositories", "files", "paths", "people more", "people by chance", ""}
    open_ratios = [
        f"{name}.{column.name}"
        for name in MEASURED
        if name not in forecasts
        for column in TABLES[name].columns
        if column.unit not in counted and not column.people and column.name not in MADE_OF
    ]
    assert open_ratios == []
