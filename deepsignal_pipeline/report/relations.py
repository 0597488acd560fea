"""What a reader knows of the facts of an edition: which add up to which, and which are made of which.

It is all that `disclosure` reckons with: a new measure that adds up with others, or tells of others, is entered here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from deepsignal_pipeline.domain.suppression import Sum
from deepsignal_pipeline.tables.contributor_profiles import VOLUMES, WORK_CLASSES
from deepsignal_pipeline.tables.counted_commits import REASONS
from deepsignal_pipeline.tables.work_type_mix import SHARES

if TYPE_CHECKING:
    from deepsignal_pipeline.report.facts import Fact

Facts = Mapping[str, "Fact"]

_REASONS = tuple(f"not_counted_{reason}" for reason in (*REASONS, "bot"))

_SUMS = (
    ("contributors", ("contributors_retained", "contributors_new", "contributors_returning")),
    ("contributors_previous", ("contributors_retained", "contributors_churned")),
    ("contributors_churned", ("churned_moved", "churned_narrowed", "churned_gone")),
    ("contributors", ("tenure_under_1_year", "tenure_1_to_2_years", "tenure_2_years_or_more")),
    ("contributors", VOLUMES),
    ("sustained", tuple(f"sustained_{work_class}" for work_class in WORK_CLASSES)),
    ("commits_read", ("commits", *_REASONS)),
)
"""What adds up within an entity, wherever the entity has all of it."""

_SUMMED_OVER_CATEGORIES = ("commits", "commits_previous", "unresolved_commits")

MADE_OF = {
    # The same number under another name, or nearly
    **dict.fromkeys(("contributors_restated", "contributors_published"), ("contributors_previous",)),
    **dict.fromkeys(("commits_restated", "commits_published"), ("commits_previous",)),
    "contributors_qoq_pct": ("contributors", "contributors_previous"),
    "contributors_strict": ("contributors",),
    "contributors_loose": ("contributors",),
    "contributors_with_coauthors": ("contributors",),
    "contributors_with_merges": ("contributors",),
    "contributors_qoq_pct_with_merges": ("contributors", "contributors_previous", "contributors_with_merges"),
    "commits_with_bots": ("commits", "not_counted_bot"),
    "commits_qoq_pct_with_bots": ("commits", "not_counted_bot", "commits_previous"),
    "commits_with_merges": ("commits", "not_counted_merge"),
    "commits_qoq_pct_with_merges": ("commits", "not_counted_merge", "commits_previous"),
    "contributors_qoq_pct_strict": ("contributors", "contributors_previous"),
    "contributors_qoq_pct_loose": ("contributors", "contributors_previous"),
    "contributors_net_change": ("contributors", "contributors_previous"),
    "contributors_real_change": ("contributors", "contributors_restated"),
    "commits_real_change": ("commits", "commits_restated"),
    "commits_qoq_pct": ("commits", "commits_previous"),
    "commits_qoq_pct_without_top": ("commits", "commits_previous"),
    "unresolved_share": ("commits",),
    # All digits of a quotient tell what it was divided by
    "top_contributor_share": ("commits",),
    "commits_gini": ("commits",),
    "agent_assisted_share": ("commits", "agent_assisted_commits"),
    "churn_rate_pct": ("contributors_churned", "contributors_previous"),
    "retention_pct": ("contributors_retained", "contributors_previous"),
    "engaged_churn_rate_pct": ("engaged_churned", "engaged_previous"),
    "basket_contributors_qoq_pct": ("basket_contributors", "basket_contributors_previous"),
    "basket_commits_qoq_pct": ("basket_commits", "basket_commits_previous"),
    "contributors_net_change_in_basket": ("basket_contributors", "basket_contributors_previous"),
    "contributors_net_change_of_catalogue": ("contributors", "contributors_previous", "basket_contributors"),
    "commits_net_change_in_basket": ("basket_commits", "basket_commits_previous"),
    "commits_net_change_of_catalogue": ("commits", "commits_previous", "basket_commits"),
    "contributors_surprise": ("contributors", "contributors_previous"),
    "commits_surprise": ("commits", "commits_previous"),
    "churn_rate_change": ("contributors_churned", "contributors_previous"),
    "shared_change": ("shared", "shared_previous"),
    "shared_new_share": ("shared_new",),
    **dict.fromkeys(("lift", "lift_low", "lift_high"), ("shared",)),
    # A part is a lower bound: beside a sum of few hidden numbers that may be all it takes
    "basket_commits": ("commits",),
    "basket_commits_previous": ("commits_previous",),
    "basket_contributors": ("contributors",),
    "basket_contributors_previous": ("contributors_previous",),
    "containment_a": ("shared", "contributors_a"),
    "containment_b": ("shared", "contributors_b"),
    "jaccard": ("shared", "contributors_a", "contributors_b"),
    "core_builder_share": ("core_builders",),
    "sustained_share": ("sustained",),
    "full_time_like_share": ("full_time_like",),
    # Beside it stands how many people are behind it
    "z": ("people",),
    **dict.fromkeys(SHARES, ("commits",)),
}
"""Ratios and differences that give a number away if the others are known."""

INTERVAL_TELLS = {
    "contributors_qoq_pct": ("contributors_retained",),
    "basket_contributors_qoq_pct": ("contributors_retained",),
}
"""The interval of a change of people tells how many are in both quarters; that of the basket, where it holds everything."""

OF_REPOSITORIES = frozenset({"repository", "small_repositories"})
"""Kinds of entities that are repositories."""


def sums_of(facts: Facts) -> Iterator[Sum]:
    """Return what adds up to what among the facts of a quarter."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for entity, kind in {fact.entity: fact.entity_kind for fact in facts.values()}.items():
        kinds[kind].append(entity)
        for total, parts in _SUMS:
            yield Sum(f"{entity}.{total}", tuple(f"{entity}.{part}" for part in parts))
    for measure in _SUMMED_OVER_CATEGORIES:
        yield Sum(f"catalogue.{measure}", tuple(f"{category}.{measure}" for category in kinds["category"]))
    for pair in kinds["pair"]:
        for side, category in zip("ab", pair.split("+"), strict=True):
            yield Sum(f"{pair}.contributors_{side}", (f"{category}.contributors",))
    yield from _sums_of_flows(kinds["flow"])
    repositories = _by_category(facts.values())
    # None of a category are told where nobody committed: that it has no commits can be read as well
    for category in kinds["category"]:
        yield Sum(
            f"{category}.commits", tuple(f"{repository}.commits" for repository in repositories.get(category, ()))
        )


def _sums_of_flows(flows: Iterable[str]) -> Iterator[Sum]:
    """Return the rows and columns of the matrix of homes, and who is new to a category with a past and without."""
    margins: dict[tuple[str, str], list[str]] = defaultdict(list)
    for flow in flows:
        kind, origin, destination = flow.split(":")
        if kind == "arrivals" and origin in ("any", "none"):
            margins["pasts", f"{destination}.contributors_new"].append(f"{flow}.people")
        if kind == "year" and destination != "all":
            margins["row", f"year:{origin}:all.people"].append(f"{flow}.people")
        if kind == "year" and origin != "all":
            margins["column", f"year:all:{destination}.people"].append(f"{flow}.people")
    yield from (Sum(total, tuple(parts)) for (_, total), parts in margins.items())


def _by_category(facts: Iterable[Fact]) -> Mapping[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if fact.entity_kind in OF_REPOSITORIES and fact.measure == "commits":
            grouped[fact.part_of or ""].append(fact.entity)
    return grouped
