"""The core measure set by the project's own SELECTs: `core_by_project.py LAKE OUT THREADS QUARTER ...`, a program of its own.

The same measures as by hand in `core_by_hand/`, from the texts in `sql/` reduced to the columns that these need (the SELECTs
know more): OUT holds them, one file a table. Nothing is written on the way; `analytics` measures the tables as they are made
beside this.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine, Session
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.sql import parameters_of
from deepsignal_pipeline.tables import TABLES

CORE = {
    "first_commits": ("contributor_id", "category", "first_owned_at"),
    "alias_activity": ("repository", "category", "alias_id", "commits", "week_bits"),
    "contributor_activity": ("contributor_id", "kind", "repository", "category", "commits", "week_bits"),
    "category_presences": ("category", "contributor_id", "commits", "active_weeks"),
    "category_metrics": (
        "category",
        "commits",
        "contributors",
        "repositories_active",
        "mean_active_weeks",
        "contributors_churned",
        "contributors_new",
    ),
    "category_overlaps": ("category_a", "category_b", "shared"),
}
"""What the core measure set needs of each table."""

_ROWS = """
CREATE TABLE measures (
  quarter DATE, category VARCHAR, commits BIGINT, contributors BIGINT, repositories_active BIGINT,
  mean_active_weeks DOUBLE, churned BIGINT, first_timers BIGINT
);
CREATE TABLE pairs (quarter DATE, category_a VARCHAR, category_b VARCHAR, shared BIGINT);
"""
_NO_NULL_MODEL = """
CREATE TEMP TABLE overlap_null_model AS
SELECT DISTINCT a.category_order AS order_a, b.category_order AS order_b
FROM tracked_repositories AS a JOIN tracked_repositories AS b ON b.category_order > a.category_order
"""
"""What chance gives the pairs is not of the core measure set; only the pairs are named."""


class Core:
    """Applies the reduced SELECTs in one session."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.texts = {name: (folder / f"{name}.sql").read_text() for name in CORE}
        session.connection.execute(_ROWS)
        session.name_categories()
        session.read(TABLES["first_commits"])
        session.connection.execute(_NO_NULL_MODEL)
        session.keep("contributor_identities", ("alias_id", "contributor_id", "kind"))
        self._keep("first_commits", None)

    def quarter(self, quarter: Quarter) -> None:
        """Make the activity of a quarter, and from it and that of the quarter before, the measures."""
        for read in TABLES["category_metrics"].reads:
            if read.table in ("counted_commits", "repository_snapshots"):
                self.session.bind(read, quarter)
        self._keep("alias_activity", quarter, "aliases")
        self.session.stage(
            "alias_activity", self.session.with_named_categories(self.session.connection.table("aliases"))
        )
        self._keep("contributor_activity", quarter, "activity")
        self._unite("contributor_activity", {quarter: "activity"})
        # Of the quarter before, the core set asks who was there and nothing else
        parts = {q: f"presences_{q.year}_q{q.number}" for q in (quarter.shift(-2), quarter.shift(-1), quarter)}
        self._keep("category_presences", quarter, parts[quarter])
        self.session.connection.execute(f"DROP TABLE IF EXISTS {parts.pop(quarter.shift(-2))}")
        self._unite("category_presences", {q: part for q, part in parts.items() if self.session.holds(part)})
        for target, name in (("measures", "category_metrics"), ("pairs", "category_overlaps")):
            select = f"SELECT DATE '{quarter.key}', * FROM ({self.texts[name]})"  # noqa: S608
            self.session.connection.execute(f"INSERT INTO {target} {select}", self._parameters(name, quarter))

    def _keep(self, name: str, quarter: Quarter | None, kept_as: str = "") -> None:
        self.session.materialize(kept_as or name, self.texts[name], self._parameters(name, quarter))

    def _unite(self, name: str, parts: Mapping[Quarter, str]) -> None:
        """Give a name to the rows of some quarters, as a session does with what it derives."""
        united = " UNION ALL ".join(f"SELECT DATE '{q.key}' AS quarter, * FROM {part}" for q, part in parts.items())  # noqa: S608
        self.session.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {united}")

    def _parameters(self, name: str, quarter: Quarter | None) -> dict[str, object]:
        if quarter is None:
            return {}
        stated = {
            "quarter": quarter.first_day,
            "quarter_start": quarter.start,
            "quarter_end": quarter.end,
            "previous_start": quarter.shift(-1).start,
            "has_previous": quarter > FIRST_QUARTER,
        }
        return {key: stated[key] for key in parameters_of(self.texts[name])}


def main(lake: str, out: str, threads: str, *quarters: str) -> None:
    """Write measures.csv and overlaps.csv of the quarters (first days; each one's next follows it) into a folder."""
    with DuckDBEngine(duckdb.connect, Lake(Path(lake).parent), int(threads)).session() as session:
        core = Core(session, Path(out))
        for quarter in quarters:
            core.quarter(Quarter.parse(quarter))
        for name, file in (("measures", "measures"), ("pairs", "overlaps")):
            session.connection.table(name).order("ALL").write_csv(str(Path(out) / f"{file}.csv"))


if __name__ == "__main__":
    main(*sys.argv[1:])
