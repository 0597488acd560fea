"""What an edition is written from: the facts, the catalogue's names, and what the source could and could not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.report.facts import Facts, read_facts
from deepsignal_pipeline.report.terms import Term, read_terms

_REPOSITORIES = """
SELECT repository, category, null_reason FROM repository_metrics WHERE quarter = $quarter ORDER BY repository
"""
_SOURCES = """
SELECT source, count(*), max(fetched_at AT TIME ZONE 'UTC')
FROM repository_snapshots JOIN tracked_repositories USING (repository)
GROUP BY source ORDER BY source
"""
_TIPS = """
SELECT repository, tip, complete_until AT TIME ZONE 'UTC'
FROM repository_snapshots JOIN tracked_repositories USING (repository)
ORDER BY repository
"""
_PARTIAL = """
SELECT m.repository, m.category, max(s.complete_until AT TIME ZONE 'UTC')
FROM repository_metrics AS m
LEFT JOIN repository_snapshots AS s ON s.repository = m.repository
WHERE m.quarter = $quarter AND m.null_reason = 'partial_source'
GROUP BY ALL ORDER BY m.repository
"""
_UNREAD = """
SELECT coalesce(s.status, 'not_asked') AS status, count(*)
FROM tracked_repositories AS t
LEFT JOIN repository_snapshots AS s ON s.repository = t.repository
WHERE s.complete_until IS NULL
  AND (t.tracked_from IS NULL OR t.tracked_from < $next)
  AND (t.tracked_to IS NULL OR t.tracked_to > $quarter)
GROUP BY ALL ORDER BY count(*) DESC, status
"""

_PREDICTIONS = """
SELECT
  prediction_id, author_kind = 'analyst', statement, source, state, refusal, event, made_on, deadline, deadline = quarter,
  base_rate_pct IS NOT NULL, measure <> 'commits', state_published, is_rewritten
FROM prediction_scores
WHERE quarter = $quarter AND (author_kind = 'analyst' OR deadline >= quarter)
ORDER BY author_kind, made_on, prediction_id
"""


@dataclass(frozen=True)
class Source:
    """A commit source: how many repositories it was asked for, and when last (UTC)."""

    name: str
    repositories: int
    fetched_at: datetime


@dataclass(frozen=True)
class Incomplete:
    """A repository whose source ends before the quarter does."""

    repository: str
    category: str
    complete_until: datetime | None


@dataclass(frozen=True)
class Tip:
    """What a repository was read from: a commit, and until when (UTC) its history is complete."""

    repository: str
    tip: str | None
    complete_until: datetime | None


@dataclass(frozen=True)
class Prediction:
    """A prediction, of people (`is_written`) or of the program, with what became of it; its numbers are facts.

    `has_figures`: whether the figures that decide it may be printed. `state_printed`: what was first printed of it;
    `is_rewritten`: its query or deadline was another then.
    """

    id: str
    is_written: bool
    statement: str
    source: str
    state: str
    refusal: str | None
    event: str | None
    made_on: Quarter
    deadline: Quarter
    is_due: bool
    has_base_rate: bool
    has_figures: bool | None
    state_printed: str
    is_rewritten: bool

    @property
    def entity_of_facts(self) -> str:
        """The entity under which its facts stand."""
        return f"prediction:{self.id}"


@dataclass(frozen=True)
class Context:
    """Everything that sections are written from.

    `unread`: how many repositories tracked in the quarter were not read, by the status of their visit; `not_asked` are those
    that the source does not hold, or was not asked for.
    """

    quarter: Quarter
    facts: Facts
    names: Mapping[str, str]
    category_of: Mapping[str, str]
    sources: Sequence[Source]
    incomplete: Sequence[Incomplete]
    unread: Sequence[tuple[str, int]]
    provenance: Mapping[str, object]
    tips: Sequence[Tip]
    terms: Sequence[Term]
    predictions: Sequence[Prediction]

    @property
    def categories(self) -> list[str]:
        """Slugs of the categories, in the catalogue's order."""
        return list(self.names)

    def short(self, category: str) -> str:
        """Return the short name of a category: what stands before the "&"."""
        return self.names[category].partition(" & ")[0]

    @property
    def footer(self) -> str:
        """What stands under every chart: the edition and where its numbers come from."""
        source = "embedded sample of public git histories" if self.is_sample else "public git histories"
        return f"DeepSignal Open Quarterly {self.quarter}. Source: {source}."

    @property
    def is_sample(self) -> bool:
        """Tell whether the edition is made from the embedded sample."""
        return any(source.name == "sample" for source in self.sources)

    @property
    def has_previous(self) -> bool:
        """Tell whether there is a quarter to compare with."""
        return self.facts.of("catalogue", "commits_previous").value is not None

    @property
    def has_lost_edition(self) -> bool:
        """Tell whether the quarter before had an edition, and what it printed is not held."""
        return all(self.facts.of(c, "commits_published").value is None for c in self.categories)

    def is_whole(self, category: str) -> bool:
        """Tell whether a category could be read whole: it may be compared with others."""
        return "partial" not in self.facts.marks(category)

    @cached_property
    def projects(self) -> list[str]:
        """Repositories with at least five contributors: most contributors, then most commits, then name."""
        facts = self.facts
        shown = [r for r in facts.entities("repository") if facts.value(r, "contributors") is not None]
        return sorted(shown, key=lambda r: (-facts.number(r, "contributors"), -facts.number(r, "commits"), r))

    def projects_of(self, category: str) -> list[str]:
        """Return these repositories of one category."""
        return [repository for repository in self.projects if self.category_of[repository] == category]

    def terms_of(self, category: str, scope: str) -> list[Term]:
        """Return the terms of a category (or "catalogue") in a scope, the strongest term first."""
        return [term for term in self.terms if (term.category, term.scope) == (category, scope)]

    def has_two_kinds(self, term: Term) -> bool:
        """Tell whether the same word is a term of the other kind as well, of its category or of the catalogue: other people."""
        return any(
            other.term == term.term
            and other.kind != term.kind
            and (other.category == term.category or "catalogue" in (other.category, term.category))
            for other in self.terms
        )

    @cached_property
    def pairs(self) -> list[str]:
        """Pairs of categories whose shared people may be printed: most shared, most qualified, id."""
        facts = self.facts
        shown = [pair for pair in facts.entities("pair") if facts.value(pair, "shared") is not None]
        return sorted(shown, key=lambda p: (-facts.number(p, "shared"), -facts.number(p, "shared_qualified"), p))

    def ranked_pairs(self, rank: str) -> list[str]:
        """Return the pairs that have a rank which may be shown, the first one first."""
        having = [pair for pair in self.pairs if self.facts.value(pair, rank) is not None]
        return sorted(having, key=lambda pair: self.facts.number(pair, rank))

    def ranked(self, measure: str) -> list[str]:
        """Return the categories that have a value, the largest first; equals in catalogue order.

        Counts of fewer than five people come last, as equals; a mean or share of so few is no value.
        """
        facts = [(c, self.facts.of(c, measure)) for c in self.categories]
        having = [
            c for c, fact in facts if fact.shown is not None or (fact.unit == "people" and fact.hidden == "suppressed")
        ]
        return sorted(having, key=lambda c: -self.facts.number(c, measure))

    def ranked_whole(self, measure: str) -> list[str]:
        """Return these categories without those that were read in part: which stands first or last is known of them only."""
        return [category for category in self.ranked(measure) if self.is_whole(category)]


def read_context(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, catalogue: Catalogue, provenance: Mapping[str, object]
) -> Context:
    """Read what an edition of a quarter is written from.

    `provenance` tells what the tables were made from, in values that JSON can hold: hashes as texts under the name of what
    was hashed ("catalogue": "1a2b..."), anything else as it is. The name "repositories" is taken by their tips.
    """
    bound = {"quarter": quarter.first_day}
    repositories = connection.execute(_REPOSITORIES, bound).fetchall()
    return Context(
        quarter=quarter,
        facts=read_facts(connection, quarter),
        names={category.slug: category.name for category in catalogue.categories},
        category_of={repository: category for repository, category, _ in repositories},
        sources=[Source(*row) for row in connection.execute(_SOURCES).fetchall()],
        incomplete=[Incomplete(*row) for row in connection.execute(_PARTIAL, bound).fetchall()],
        unread=connection.execute(_UNREAD, bound | {"next": quarter.shift(1).first_day}).fetchall(),
        provenance=dict(provenance),
        tips=[Tip(*row) for row in connection.execute(_TIPS).fetchall()],
        terms=read_terms(connection, quarter),
        predictions=[_prediction(row) for row in connection.execute(_PREDICTIONS, bound).fetchall()],
    )


def _prediction(row: tuple[Any, ...]) -> Prediction:
    made_on, deadline = (Quarter.containing(day) for day in row[7:9])
    values = dict(zip((column.name for column in fields(Prediction)), row, strict=True))
    return Prediction(**values | {"made_on": made_on, "deadline": deadline})
