"""What the first edition of a quarter printed, kept for the restatements of the next: <home>/published/<quarter>/figures.parquet.

Outside of the tables, since it is history: it is written once, with the edition, and never again. It holds levels of
categories and repositories and no person.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake, temporary
from deepsignal_pipeline.staging.inputs import Folders, Inputs

_FILE = "figures.parquet"
_SCHEMA = pa.schema(
    [
        ("entity_kind", pa.string()),
        ("entity", pa.string()),
        ("category", pa.string()),
        ("commits", pa.int64()),
        ("contributors", pa.int64()),
        ("commits_digest", pa.int64()),
    ]
)
_SELECT = """
WITH digests AS (
  SELECT repository, bit_xor(commits_digest) AS commits_digest
  FROM commit_audit WHERE quarter = $quarter GROUP BY repository
)
SELECT 'category', category AS entity, category, commits, contributors, NULL
FROM category_metrics WHERE quarter = $quarter
UNION ALL
SELECT 'repository', m.repository, m.category, coalesce(m.commits, 0), coalesce(m.contributors, 0), d.commits_digest
FROM repository_metrics AS m
LEFT JOIN digests AS d ON d.repository = m.repository
WHERE m.quarter = $quarter
ORDER BY ALL
"""


def stage_restatements(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage the figures of the first edition of the quarter before as `published_figures`; none if it never had one."""
    file = _folder(inputs.lake, quarter.shift(-1)) / _FILE
    session.stage("published_figures", pq.read_table(file) if file.is_file() else _SCHEMA.empty_table())


def keep_published_figures(session: Session, lake: Lake, quarter: Quarter) -> Folders:
    """Write what an edition prints into a new folder, unless an edition of the quarter was published before.

    Returns the folder and its place, to be published with the edition. The session must have read the tables of the edition.
    """
    target = _folder(lake, quarter)
    if target.exists():
        return []
    folder = temporary(target)
    folder.mkdir(parents=True)
    rows = session.frame(_SELECT, {"quarter": quarter.first_day}).fetchall()
    if not rows:
        raise ValueError(f"the session reads no figures of {quarter}, so nothing can be kept of its edition")
    pq.write_table(
        pa.Table.from_pylist([dict(zip(_SCHEMA.names, row, strict=True)) for row in rows], _SCHEMA), folder / _FILE
    )
    return [(folder, target)]


def _folder(lake: Lake, quarter: Quarter) -> Path:
    return lake.home / "published" / quarter.label
