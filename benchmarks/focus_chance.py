"""How many focus terms would be told by chance: the table of docs/analysis.md.

Within each repository the quarters of its people are dealt out again at random, so that nothing turned to anything; for the
terms that set a category apart, the categories of the repositories are dealt out, so that categories are nothing. The
table's own SELECT then tells terms at several lines of z. Seeds are fixed. DEEPSIGNAL_FOCUS_HOME names a home whose sample
was read; without it the sample is read first.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from deepsignal_pipeline.engines.duckdb import Session
    from deepsignal_pipeline.pipeline import Pipeline
    from deepsignal_pipeline.staging.inputs import Inputs

FIRST, QUARTER = "2022-Q1", "2023-Q1"
LINES = (2.0, 2.5, 3.0, 3.5, 4.0)
DEALS, SEED = 20, 20230331
CHANGES, DESCRIPTIONS = ("across", "repository"), ("apart",)

# The line, and how many terms of a scope are kept: here all are counted
_LINE, _KEPT = "weakest_z > 3.5", "r.rank <= 20"
# A person in a repository and quarter is one alias and one person of its own: the unit that is dealt
_UNITS = """
CREATE TEMP TABLE unit_terms AS
WITH used AS (
  SELECT DISTINCT a.quarter, a.repository, a.kind, a.term, i.contributor_id
  FROM alias_terms AS a
  JOIN contributor_identities AS i ON i.alias_id = a.alias_id
  WHERE i.kind = 'human'
)
SELECT *, dense_rank() OVER (ORDER BY repository, quarter, contributor_id) AS unit FROM used
"""
_DEALT = """
CREATE OR REPLACE TEMP TABLE alias_terms AS
SELECT d.quarter, u.repository, u.kind, u.term, CAST(u.unit AS VARCHAR) AS alias_id
FROM unit_terms AS u JOIN dealt AS d ON d.unit = u.unit
"""
_REGROUPED = """
CREATE OR REPLACE TEMP TABLE tracked_repositories AS
SELECT r.* REPLACE (d.category AS category) FROM repositories AS r JOIN dealt_categories AS d ON d.repository = r.repository
"""
_PEOPLE = """
CREATE OR REPLACE TEMP TABLE contributor_identities AS
SELECT DISTINCT CAST(unit AS VARCHAR) AS alias_id, CAST(unit AS VARCHAR) AS contributor_id, 'human' AS kind FROM unit_terms
"""


def main() -> None:
    """Print terms told of the sample and, on average, of the deals, by scope and line."""
    from deepsignal_pipeline.staging.inputs import Inputs

    given = os.environ.get("DEEPSIGNAL_FOCUS_HOME")
    with tempfile.TemporaryDirectory() as home:
        pipeline = _pipeline(Path(given or home))
        with pipeline.engine.session() as session, Inputs(pipeline.lake, pipeline.source, pipeline.content) as inputs:
            sample, *dealt = _told(session, inputs)
    print(f"{'scope':12s}{'z above':>8s}{'told':>8s}{'by chance':>11s}{'share':>8s}")
    for scope in (*CHANGES, *DESCRIPTIONS):
        for line in LINES:
            told, chance = sample[scope, line], float(np.mean([found[scope, line] for found in dealt]))
            print(f"{scope:12s}{line:8.2f}{told:8d}{chance:11.1f}{100 * chance / max(told, 1):7.0f}%")


def _told(session: Session, inputs: Inputs) -> Iterator[dict[tuple[str, float], int]]:
    """Count what is told, first as it was, then as it is dealt: changes by quarters, descriptions by categories."""
    from deepsignal_pipeline.domain.quarters import Quarter
    from deepsignal_pipeline.staging.focus import stage_words_left_out
    from deepsignal_pipeline.tables import TABLES

    quarter = Quarter.parse(QUARTER)
    session.read(TABLES["focus_terms"], quarter)
    stage_words_left_out(session, inputs, quarter)
    connection = session.connection
    connection.execute(_UNITS)
    units = connection.execute("SELECT DISTINCT unit, repository, quarter FROM unit_terms ORDER BY unit").fetchnumpy()
    connection.execute(_PEOPLE)
    # Only repositories that are active now: a category keeps the number it has
    connection.execute(
        "CREATE TEMP TABLE repositories AS SELECT * FROM tracked_repositories "
        "WHERE repository IN (SELECT repository FROM unit_terms WHERE quarter = $quarter)",
        {"quarter": quarter.first_day},
    )
    grouped = connection.execute("SELECT repository, category FROM repositories ORDER BY repository").fetchnumpy()
    generator = np.random.default_rng(SEED)
    for deal in range(DEALS + 1):
        quarters = units["quarter"] if deal == 0 else _dealt(generator, units["repository"], units["quarter"])
        _deal(connection, units["unit"], quarters, grouped["repository"], grouped["category"])
        counts = _count(connection, quarter.first_day)
        if deal:
            categories = generator.permutation(grouped["category"])
            _deal(connection, units["unit"], units["quarter"], grouped["repository"], categories)
            by_category = _count(connection, quarter.first_day)
            counts |= {key: count for key, count in by_category.items() if key[0] in DESCRIPTIONS}
        yield counts


def _deal(connection: Any, units: Any, quarters: Any, repositories: Any, categories: Any) -> None:
    """Let units stand in these quarters, and repositories in these categories."""
    connection.register("dealt", pa.table({"unit": units, "quarter": pa.array(quarters, pa.date32())}))
    dealt_categories = pa.table({"repository": pa.array(repositories), "category": pa.array(categories)})
    connection.register("dealt_categories", dealt_categories)
    connection.execute(_DEALT)
    connection.execute(_REGROUPED)


def _dealt(generator: np.random.Generator, repositories: Any, quarters: Any) -> Any:
    """Deal the quarters of each repository's units out anew."""
    dealt = quarters.copy()
    for repository in np.unique(repositories):
        own = np.flatnonzero(repositories == repository)
        dealt[own] = quarters[generator.permutation(own)]
    return dealt


def _count(connection: Any, quarter: Any) -> dict[tuple[str, float], int]:
    from deepsignal_pipeline.sql import select_text

    select = select_text("focus_terms")
    if missing := [text for text in (_LINE, _KEPT) if text not in select]:
        raise SystemExit(f"focus_chance: the SELECT has no longer {missing}; write the new text here")
    counts = {}
    for line in LINES:
        at_line = select.replace(_LINE, f"weakest_z > {line}").replace(_KEPT, "TRUE")
        told = connection.execute(
            f"SELECT scope, count(*) FROM ({at_line}) WHERE category <> 'catalogue' GROUP BY scope",  # noqa: S608
            {"quarter": quarter, "has_previous": True},
        ).fetchall()
        counts |= {(scope, line): dict(told).get(scope, 0) for scope in (*CHANGES, *DESCRIPTIONS)}
    return counts


def _pipeline(home: Path) -> Pipeline:
    from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
    from deepsignal_pipeline.pipeline import make
    from deepsignal_pipeline.running import open_pipeline
    from deepsignal_pipeline.settings import read_settings
    from deepsignal_pipeline.tables import TABLES

    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home)}))
    pipeline.lake.prepare()
    quarters = quarter_range(Quarter.parse(FIRST), Quarter.parse(QUARTER))
    needed = ("repository_metadata", "contributor_identities")
    for name, table in TABLES.items():
        is_needed = table.stage < 2 or name in needed
        asked = quarters if table.quarterly else (None,)
        if is_needed and not all(pipeline.lake.has(table, quarter) for quarter in asked):
            make(pipeline, name, asked)
    return pipeline


if __name__ == "__main__":
    main()
