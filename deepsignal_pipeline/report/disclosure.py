"""Which facts are not shown, decided once for every format: few people, or a source that ended too early.

What adds up to what, and what is made of what, stands in `relations`; what a reader could work out from it is decided by
`domain.suppression`. Values stay in the lake, which is not published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from deepsignal_pipeline.domain.suppression import FEW, Cell, suppress
from deepsignal_pipeline.report.relations import INTERVAL_TELLS, MADE_OF, OF_REPOSITORIES, Facts, sums_of
from deepsignal_pipeline.tables.contributor_profiles import WORK_CLASSES

if TYPE_CHECKING:
    from deepsignal_pipeline.report.facts import Fact

Hidden = Literal["", "suppressed", "withheld", "partial", "paths_unknown"]

_WIDER = frozenset({"contributors_with_coauthors", "contributors_with_merges"})
"""Contributors by a wider rule."""

_OF_UNTOLD_PEOPLE = frozenset({"one_week_share"})
"""Shares of people whose number stands nowhere else; those of a number that does are hidden with it."""

_UNCOUNTED = frozenset({"absence_factor"})
_DIFFERENCES = ("_by_catalogue", "_by_source", "_by_identities", "_by_either", "_real_change", "_net_change")
"""Measured in people without counting any group of them: a difference tells no more than the two levels beside it."""

_NOT_OF_REPOSITORIES = frozenset({"commits_previous", "commits_qoq_pct"})
"""The level of the quarter before, and what gives it away, would undo what that quarter's edition withheld."""

_OF_THE_QUARTER_BEFORE = frozenset(
    {"commits_previous", "commits_published", "commits_restated", "basket_commits_previous"}
)
"""What the edition of the quarter before may have hidden."""

_OF_A_CLASS = frozenset(f"sustained_{work_class}" for work_class in WORK_CLASSES) - {"sustained_unknown"}
"""People by the class of their work, of whom there are none where no paths are known."""

_MOST_OF_ONE = 0.5
"""Above this share one person's commits are all but the number of commits."""

# What a source that ends before its quarter does would distort: it looks like people who left.
_DISTORTED = frozenset(
    {
        "commits_qoq_pct",
        "commits_qoq_pct_without_top",
        "contributors_qoq_pct",
        "contributors_qoq_pct_strict",
        "contributors_qoq_pct_loose",
        "contributors_qoq_pct_with_merges",
        "commits_qoq_pct_with_bots",
        "commits_qoq_pct_with_merges",
        "contributors_net_change",
        "contributors_retained",
        "contributors_returning",
        "contributors_churned",
        "churned_moved",
        "churned_narrowed",
        "churned_gone",
        "churn_rate_pct",
        "retention_pct",
        "engaged_churned",
        "engaged_churn_rate_pct",
        "contributors_net_change_of_catalogue",
        "commits_net_change_of_catalogue",
        "mean_active_weeks_qoq_pct",
        "one_week_share_change",
        "churn_rate_change",
    }
)


def hidden_facts(facts: Facts) -> dict[str, Hidden]:
    """Return why facts are not shown, by their id; shown ones are not in it."""
    cells = {key: cell for key, fact in facts.items() if (cell := _cell(fact, facts)) is not None}
    hidden: dict[str, Hidden] = {
        key: "suppressed" if why == "few" and _is_of_few(facts[key], facts) else "withheld"
        for key, why in suppress(cells, list(sums_of(facts))).items()
    }
    hidden |= {key: "withheld" for key in _told_by_differences(facts) if key not in hidden}
    for key, fact in facts.items():
        if key not in hidden and (why := _why(fact, facts, hidden)):
            hidden[key] = why
    is_any_partial = any("partial" in fact.marks for fact in facts.values())
    hidden |= {key: "partial" for key, fact in facts.items() if _is_distorted(fact, is_any_partial)}
    hidden |= {key: "paths_unknown" for key, fact in facts.items() if _is_unknown(fact)}
    return hidden


def hidden_intervals(facts: Facts, hidden: Mapping[str, Hidden]) -> set[str]:
    """Return the facts whose interval is kept back, since it would tell a number that is hidden for people's sake."""
    secret = {key for key, why in hidden.items() if why in ("suppressed", "withheld")}
    return {
        key
        for key, fact in facts.items()
        if any(f"{fact.entity}.{told}" in secret for told in INTERVAL_TELLS.get(fact.measure, ()))
    }


def _told_by_differences(facts: Facts) -> list[str]:
    """Return what has to go since a subtraction would count few people; no sum of cells says so."""
    return [*_homes_of_few(facts), *_terms_of_few_elsewhere(facts), *_readings_of_few(facts)]


def _homes_of_few(facts: Facts) -> list[str]:
    """Return the whole matrix of homes if a category has few people at home in either year, else nothing.

    A row or column of few is worked out from all others together, whichever single cells are hidden beside it.
    """
    homes = [key for key, fact in facts.items() if fact.entity.startswith("year:")]
    margins = [key for key in homes if facts[key].entity.split(":").count("all") == 1]
    return homes if any(_is_small(facts[key]) for key in margins) else []


def _terms_of_few_elsewhere(facts: Facts) -> list[str]:
    """Return how many people used a term in the whole catalogue, where a category has all but few of them."""
    people: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for key, fact in facts.items():
        if fact.entity_kind == "term" and fact.measure == "people":
            category, _, *_, term = fact.entity.split(":")
            people[category == "catalogue", term].append(key)
    return [
        key
        for (is_of_catalogue, term), keys in people.items()
        for key in keys
        if is_of_catalogue
        and any(0 < _value(facts[key]) - _value(facts[other]) < FEW for other in people.get((False, term), ()))
    ]


def _readings_of_few(facts: Facts) -> list[str]:
    """Return how many people there are by a wider rule, where it adds few: the difference would count them."""
    return [
        key
        for key, fact in facts.items()
        if fact.measure in _WIDER and 0 < _value(fact) - _value(facts[f"{fact.entity}.contributors"]) < FEW
    ]


def _value(fact: Fact) -> float:
    return fact.value or 0


def _cell(fact: Fact, facts: Facts) -> Cell | None:
    """Return a whole number as a cell of what is published; ratios are none."""
    if (
        fact.value is None
        or fact.unit in ("share", "%")
        or fact.measure.endswith(_DIFFERENCES)
        or fact.value != int(fact.value)
        or fact.value < 0
    ):
        return None
    is_count = _is_count(fact)
    is_sensitive = _is_of_few(fact, facts) or _is_mostly_of_one(fact, facts)
    return Cell(int(fact.value), is_sensitive, is_count, rank=2 if fact.entity_kind == "catalogue" else 0)


def _is_count(fact: Fact) -> bool:
    return fact.unit == "people" and fact.measure not in _UNCOUNTED and not fact.measure.endswith(_DIFFERENCES)


def _is_of_few(fact: Fact, facts: Facts) -> bool:
    """Whether fewer than five people stand behind a number: they are counted, or it is what they did."""
    if _is_count(fact) and _is_small(fact):
        return True
    if fact.n is not None and (
        fact.n < FEW or (fact.measure in _OF_UNTOLD_PEOPLE and round(_value(fact) * fact.n) < FEW)
    ):
        return True
    if fact.entity_kind == "category" and fact.measure in _OF_THE_QUARTER_BEFORE:
        return _is_small(facts.get(f"{fact.entity}.contributors_previous"))
    if fact.entity_kind not in OF_REPOSITORIES or fact.unit == "repositories":
        return False
    return _is_small(facts.get(f"{fact.entity}.contributors"))


def _is_mostly_of_one(fact: Fact, facts: Facts) -> bool:
    """Whether one person made more than half of the commits that a number counts."""
    if "of_one_person" in fact.marks:
        return True
    share = facts.get(f"{fact.entity}.top_contributor_share") if fact.measure == "commits" else None
    return share is not None and share.value is not None and share.value > _MOST_OF_ONE


def _why(fact: Fact, facts: Facts, hidden: Mapping[str, Hidden]) -> Hidden:
    """Tell why a number that is no cell, or no sensitive one, is hidden all the same."""
    if _is_of_few(fact, facts):
        return "suppressed"
    if fact.entity_kind == "repository" and fact.measure in _NOT_OF_REPOSITORIES:
        return "withheld"
    if fact.measure == "top_contributor_share" and fact.value is not None and fact.value > _MOST_OF_ONE:
        return "withheld"
    found = [hidden[key] for part in MADE_OF.get(fact.measure, ()) if (key := f"{fact.entity}.{part}") in hidden]
    return "suppressed" if "suppressed" in found else next(iter(found), "")


def _is_distorted(fact: Fact, is_any_partial: bool) -> bool:
    if fact.measure not in _DISTORTED or fact.entity_kind not in ("category", "catalogue"):
        return False
    return is_any_partial if fact.entity_kind == "catalogue" else "partial" in fact.marks


def _is_unknown(fact: Fact) -> bool:
    """Whether a number of what the work was is none, since no paths are known: nobody counts as of any class but unknown."""
    return "paths_unknown" in fact.marks and (fact.value is None or fact.measure in _OF_A_CLASS)


def _is_small(fact: Fact | None) -> bool:
    return fact is not None and fact.value is not None and fact.value < FEW
