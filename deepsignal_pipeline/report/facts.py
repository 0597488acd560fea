"""The facts of one quarter: every number that an edition may print, found by its id.

What readers must not or cannot see is decided here, once, for every format: counts of fewer than five people of a
repository or a pair, and changes that a source which ended too early would distort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

import duckdb

from deepsignal_pipeline.domain.quarters import Quarter

SMALLEST_SHOWN = 5
"""Fewer people than this are never printed for a repository or a pair of categories."""

Hidden = Literal["", "suppressed", "partial"]

_SELECT = """
SELECT fact_id, entity_kind, entity, measure, value, unit, definition, query, n, marks
FROM report_facts WHERE quarter = $quarter ORDER BY fact_id
"""

# What a source that ends before its quarter does would distort: it looks like people who left.
_DISTORTED = frozenset(
    {
        "commits_qoq_pct",
        "commits_qoq_pct_without_top",
        "contributors_qoq_pct",
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
    }
)


class UnknownFactError(LookupError):
    """No fact has this id; the message names the quarter and ids that are like it."""


@dataclass(frozen=True)
class Fact:
    """One measure of one entity. `hidden` tells why its value is not shown, and is empty where it is."""

    fact_id: str
    entity_kind: str
    entity: str
    measure: str
    value: float | None
    unit: str
    definition: str
    query: str
    n: int | None
    marks: tuple[str, ...]
    hidden: Hidden = ""

    @property
    def shown(self) -> float | None:
        """The value, or nothing where it is hidden."""
        return None if self.hidden else self.value


class Facts:
    """The facts of a quarter in the order of their ids."""

    def __init__(self, quarter: Quarter, facts: Sequence[Fact]) -> None:
        self.quarter = quarter
        found = {fact.fact_id: fact for fact in facts}
        is_any_partial = any("partial" in fact.marks for fact in facts)
        self._facts = {key: _hide(found[key], found, is_any_partial) for key in sorted(found)}

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def get(self, fact_id: str) -> Fact:
        """Return a fact; raise UnknownFactError if there is none of this id."""
        try:
            return self._facts[fact_id]
        except KeyError:
            near = get_close_matches(fact_id, self._facts, n=3)
            hint = f"; like it: {', '.join(near)}" if near else ""
            raise UnknownFactError(f"no fact {fact_id!r} in {self.quarter}{hint}") from None

    def of(self, entity: str, measure: str) -> Fact:
        """Return the fact of an entity's measure."""
        return self.get(f"{entity}.{measure}")

    def value(self, entity: str, measure: str) -> float | None:
        """Return the value that may be shown, to decide and to sort by; None if there is none."""
        return self.of(entity, measure).shown

    def number(self, entity: str, measure: str) -> float:
        """Return the value that may be shown, 0 if there is none: for comparing, never for printing."""
        return self.value(entity, measure) or 0.0

    def entities(self, kind: str) -> list[str]:
        """Return the entities of a kind that have facts, sorted."""
        return sorted({fact.entity for fact in self if fact.entity_kind == kind})

    def marks(self, category: str) -> tuple[str, ...]:
        """Return the marks of a category."""
        return self.of(category, "commits").marks


def read_facts(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> Facts:
    """Read the facts of a quarter out of the view `report_facts`."""
    rows = connection.execute(_SELECT, {"quarter": quarter.first_day}).fetchall()
    return Facts(quarter, [replace(fact, marks=tuple(fact.marks or ())) for fact in (Fact(*row) for row in rows)])


def _hide(fact: Fact, facts: dict[str, Fact], is_any_partial: bool) -> Fact:
    if fact.entity_kind in ("repository", "pair"):
        return replace(fact, hidden="suppressed") if _is_of_few(fact, facts) else fact
    is_partial = is_any_partial if fact.entity_kind == "catalogue" else "partial" in fact.marks
    return replace(fact, hidden="partial") if is_partial and fact.measure in _DISTORTED else fact


def _is_of_few(fact: Fact, facts: dict[str, Fact]) -> bool:
    """Tell whether fewer than five people stand behind a value, be it their count, their commits or their mean."""
    if fact.unit == "people" and _is_small(fact):
        return True
    if fact.entity_kind == "pair":
        return fact.unit == "share" and _is_small(facts.get(f"{fact.entity}.shared"))
    if _is_small(facts.get(f"{fact.entity}.contributors")):
        return True
    # A change and a level give the level before it away.
    needs_previous = fact.measure.endswith(("_previous", "_qoq_pct"))
    return needs_previous and _is_small(facts.get(f"{fact.entity}.contributors_previous"))


def _is_small(fact: Fact | None) -> bool:
    return fact is not None and fact.value is not None and fact.value < SMALLEST_SHOWN
