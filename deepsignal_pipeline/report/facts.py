"""The facts of one quarter: every number that an edition may print, found by its id.

What readers must not or cannot see is hidden here, once, for every format; what that is, `disclosure` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

import duckdb

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.report.disclosure import Hidden, hidden_facts, hidden_intervals

_SELECT = """
SELECT fact_id, entity_kind, entity, measure, value, unit, definition, query, n, marks, part_of, low, high
FROM report_facts WHERE quarter = $quarter ORDER BY fact_id
"""


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
    part_of: str | None = None
    low: float | None = None
    high: float | None = None
    hidden: Hidden = ""

    @property
    def shown(self) -> float | None:
        """The value, or nothing where it is hidden."""
        return None if self.hidden else self.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of the 95 % interval, in the unit of the value; nothing where there is none or the value is hidden."""
        if self.hidden or self.low is None or self.high is None:
            return None
        return self.low, self.high


class Facts:
    """The facts of a quarter in the order of their ids."""

    def __init__(self, quarter: Quarter, facts: Sequence[Fact]) -> None:
        self.quarter = quarter
        self._found = {fact.fact_id: fact for fact in facts}

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        """The facts with what is hidden of them, worked out where they are used: a printing press has workers for that."""
        found = dict(self._found)
        hidden = hidden_facts(found)
        for key in hidden_intervals(found, hidden):
            found[key] = replace(found[key], low=None, high=None)
        return {key: replace(found[key], hidden=hidden.get(key, "")) for key in sorted(found)}

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

    def has(self, entity: str, measure: str) -> bool:
        """Tell whether an entity has a fact of a measure: predictions and forecasters have only what is known."""
        return f"{entity}.{measure}" in self._facts

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

    def marks(self, entity: str) -> tuple[str, ...]:
        """Return the marks of a category or the catalogue."""
        return self.of(entity, "commits").marks


def read_facts(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> Facts:
    """Read the facts of a quarter out of the view `report_facts`."""
    rows = connection.execute(_SELECT, {"quarter": quarter.first_day}).fetchall()
    return Facts(quarter, [replace(fact, marks=tuple(fact.marks or ())) for fact in (Fact(*row) for row in rows)])
