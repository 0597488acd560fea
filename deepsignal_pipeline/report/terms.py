"""What the work of the quarter is about and turned to: the terms, as an edition reads them. Their numbers are facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from deepsignal_pipeline.domain.quarters import Quarter

_SELECT = """
SELECT category, scope, kind, term, repositories FROM focus_terms WHERE quarter = $quarter ORDER BY category, scope, rank
"""


@dataclass(frozen=True)
class Term:
    """A term that rose in a category (or "catalogue"), with the repositories behind it, those with most people first.

    `scope`: "across" repositories, within one "repository", or in "new" ones; what sets the category "apart" did not rise.
    `kind`: whether it stands in subjects or in changed paths.
    """

    category: str
    scope: str
    kind: str
    term: str
    repositories: tuple[str, ...]

    @property
    def entity(self) -> str:
        """The entity under which its facts stand."""
        place = [self.repositories[0]] if self.scope == "repository" else []
        return ":".join([self.category, self.scope, *place, self.term])


def read_terms(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> Sequence[Term]:
    """Read the terms of a quarter, the strongest of each category and scope first."""
    rows = connection.execute(_SELECT, {"quarter": quarter.first_day}).fetchall()
    return [
        Term(category, scope, kind, term, tuple(repositories)) for category, scope, kind, term, repositories in rows
    ]
