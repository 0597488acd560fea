"""What the first edition of a quarter printed, kept for the restatements of the next: <home>/published/<quarter>/figures.parquet.

Outside of the tables, since it is history: it is written once, with the edition, and never again, so that nothing makes it
anew. It holds levels of categories and repositories and no person.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake, LakeError, temporary
from deepsignal_pipeline.staging.inputs import Folders, Inputs
from deepsignal_pipeline.tables import TABLES

_FILE = "figures.parquet"
_QUARTER = b"deepsignal.quarter"
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
WITH held AS (
  SELECT
    repository,
    bit_xor(commits_digest) AS commits_digest,
    coalesce(
      sum(people_commits) FILTER (WHERE outcome IN ('import', 'before_tracking', 'after_tracking')), 0
    ) AS commits_left_out
  FROM commit_audit WHERE quarter = $quarter GROUP BY repository
)
SELECT 'category', category AS entity, category, commits, contributors, NULL
FROM category_metrics WHERE quarter = $quarter
UNION ALL
SELECT 'repository', m.repository, m.category, coalesce(m.commits, 0), coalesce(m.contributors, 0), h.commits_digest
FROM repository_metrics AS m
LEFT JOIN held AS h ON h.repository = m.repository
WHERE m.quarter = $quarter
UNION ALL
-- What the catalogue left out, so that it is seen if it leaves out more or less later
SELECT 'left_out', m.repository, m.category, h.commits_left_out, NULL, NULL
FROM repository_metrics AS m
JOIN held AS h ON h.repository = m.repository
WHERE m.quarter = $quarter AND h.commits_left_out > 0
ORDER BY ALL
"""


def stage_restatements(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage the figures of the first edition of the quarter before as `published_figures`; none if they are not held."""
    held = held_figures(inputs.lake, quarter.shift(-1))
    session.stage("published_figures", _SCHEMA.empty_table() if held is None else held)


def held_figures(lake: Lake, quarter: Quarter) -> pa.Table | None:
    """Return what the first edition of a quarter printed, None if that is not held; raise LakeError if it is damaged."""
    place, file = _place(lake), _folder(lake, quarter) / _FILE
    if place.exists() and not place.is_dir():
        raise LakeError(f"{place}: is no folder, but figures of first editions are kept in one: move it away")
    if not file.exists():
        return None
    if not file.is_file():
        raise _damaged(file, "is no regular file")
    try:
        figures = pq.ParquetFile(file).read()
    except (OSError, pa.ArrowException):
        raise _damaged(file, "cannot be read") from None
    stored = (figures.schema.metadata or {}).get(_QUARTER, quarter.label.encode()).decode()
    if stored != quarter.label or not figures.schema.equals(_SCHEMA):
        raise _damaged(file, f"holds figures of {stored}" if stored != quarter.label else "holds other columns")
    return figures


def _damaged(file: Path, problem: str) -> LakeError:
    mend = f"restore it from a copy, or remove {file.parent}, and nothing of that edition can be told as restated"
    return LakeError(f"{file}: {problem}, and no run makes it anew: {mend}")


def damaged_figures(lake: Lake) -> list[str]:
    """Return a line for every quarter whose figures are damaged."""
    kept = [Quarter.parse(folder.name) for folder in sorted(_place(lake).glob("20[0-9][0-9]-Q[1-4]"))]
    told = []
    for quarter in kept or [FIRST_QUARTER]:
        try:
            held_figures(lake, quarter)
        except LakeError as error:
            told.append(str(error))
    return told


def is_lost(lake: Lake, quarter: Quarter) -> bool:
    """Tell whether a quarter has an edition, but what its first one printed is not held. Raise LakeError if it is damaged."""
    return held_figures(lake, quarter) is None and lake.has(TABLES["quarterly_report"], quarter)


def refuse_damaged(lake: Lake, quarters: Sequence[Quarter]) -> list[str]:
    """Raise LakeError if figures that publishing the quarters needs are damaged; return a line for all that are lost."""
    needed = sorted({q for wanted in quarters for q in (wanted.shift(-1), wanted)})
    return [
        f"{quarter}: what its first edition printed is not held, so nothing of it counts as restated; restore "
        f"{_folder(lake, quarter) / _FILE} if there is a copy"
        for quarter in needed
        if is_lost(lake, quarter)
    ]


def keep_published_figures(session: Session, lake: Lake, quarter: Quarter) -> Folders:
    """Write what an edition prints into a new folder, unless an edition of the quarter was published before.

    Returns the folder and its place, to be published with the edition. The session must have read the tables of the edition.
    """
    # An edition whose figures are gone was not the first: today's must not pass for its
    if held_figures(lake, quarter) is not None or lake.has(TABLES["quarterly_report"], quarter):
        return []
    target = _folder(lake, quarter)
    folder = temporary(target)
    folder.mkdir(parents=True)
    rows = session.frame(_SELECT, {"quarter": quarter.first_day}).fetchall()
    if not rows:
        raise ValueError(f"the session reads no figures of {quarter}, so nothing can be kept of its edition")
    figures = pa.Table.from_pylist([dict(zip(_SCHEMA.names, row, strict=True)) for row in rows], _SCHEMA)
    pq.write_table(figures.replace_schema_metadata({_QUARTER: quarter.label}), folder / _FILE)
    return [(folder, target)]


def _folder(lake: Lake, quarter: Quarter) -> Path:
    return _place(lake) / quarter.label


def _place(lake: Lake) -> Path:
    return lake.home / "published"
