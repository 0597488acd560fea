"""What the first edition of a quarter printed, kept in <home>/published/<quarter>/.

`figures.parquet` serves the restatements of the next quarter: levels of categories and repositories. `predictions.parquet`
serves the predictions of this quarter and of all later ones: what was said of those that the quarter made or decided, and
of all that people wrote. Both stand outside of the tables, since they are history: they are written once, with the edition,
and never again, so that nothing makes them anew. They hold no person, and of predictions no figure that few people make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake, LakeError, temporary
from deepsignal_pipeline.staging.inputs import Folders, Inputs
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.prediction_scores import FIGURES, PROBABILITIES

_QUARTER = b"deepsignal.quarter"


@dataclass(frozen=True)
class _Kept:
    """A file of a quarter's folder. `loss`: what removing it is the remedy for, and what that costs."""

    file: str
    schema: pa.Schema
    select: str
    loss: str


_FIGURES = _Kept(
    "figures.parquet",
    pa.schema(
        [
            ("entity_kind", pa.string()),
            ("entity", pa.string()),
            ("category", pa.string()),
            ("commits", pa.int64()),
            ("contributors", pa.int64()),
            ("commits_digest", pa.int64()),
        ]
    ),
    """
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
UNION ALL
-- What counts for another repository, by that: it may come to the catalogue, leave it, or hold other commits later
SELECT 'duplicate', concat(repository, '+', duplicate_of), category, people_commits, NULL, NULL
FROM commit_audit
WHERE quarter = $quarter AND outcome = 'duplicate'
ORDER BY ALL
""",
    "remove {folder}, and nothing of that edition can be told as restated",
)

_PREDICTIONS = _Kept(
    "predictions.parquet",
    pa.schema(
        [
            ("prediction_id", pa.string()),
            ("event", pa.string()),
            ("entity", pa.string()),
            ("statement", pa.string()),
            ("made_on", pa.date32()),
            ("query", pa.string()),
            ("state", pa.string()),
            *((name, pa.int32()) for name in PROBABILITIES),
            *((name, pa.float64()) for name in FIGURES),
        ]
    ),
    f"""
SELECT
  prediction_id, event, entity, statement, made_on, query, state, {", ".join(PROBABILITIES)},
  -- Of few people the edition printed none, and no later one may
  {", ".join(f"CASE WHEN people >= {FEW} THEN {name} END" for name in FIGURES)}
FROM prediction_scores
WHERE quarter = $quarter AND (author_kind = 'analyst' OR made_on = quarter OR deadline = quarter)
ORDER BY prediction_id
""",  # noqa: S608 - names of columns
    "remove it, and its predictions count as first printed by the next edition that knows them",
)


def stage_restatements(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage the figures of the first edition of the quarter before as `published_figures`; none if they are not held."""
    held = held_figures(inputs.lake, quarter.shift(-1))
    session.stage("published_figures", _FIGURES.schema.empty_table() if held is None else held)


def stage_published_predictions(session: Session, lake: Lake, quarter: Quarter) -> None:
    """Stage what first editions up to a quarter's said of predictions, with the quarter of each: `published_predictions`.

    Later editions are left out, so that the order in which quarters are published changes nothing.
    """
    kept = {q: held for q in _quarters(lake) if q <= quarter and (held := _held(lake, q, _PREDICTIONS)) is not None}
    days = {q: pa.array([q.first_day] * held.num_rows, pa.date32()) for q, held in kept.items()}
    none = _PREDICTIONS.schema.empty_table().append_column("printed_on", pa.array([], pa.date32()))
    session.stage(
        "published_predictions",
        pa.concat_tables(
            [none, *(held.replace_schema_metadata().append_column("printed_on", days[q]) for q, held in kept.items())]
        ),
    )


def held_figures(lake: Lake, quarter: Quarter) -> pa.Table | None:
    """Return what the first edition of a quarter printed, None if that is not held; raise LakeError if it is damaged."""
    return _held(lake, quarter, _FIGURES)


def _held(lake: Lake, quarter: Quarter, kept: _Kept) -> pa.Table | None:
    place, file = _place(lake), _folder(lake, quarter) / kept.file
    if place.exists() and not place.is_dir():
        raise LakeError(f"{place}: is no folder, but figures of first editions are kept in one: move it away")
    if not file.exists():
        return None
    if not file.is_file():
        raise _damaged(file, kept, "is no regular file")
    try:
        rows = pq.ParquetFile(file).read()
    except (OSError, pa.ArrowException):
        raise _damaged(file, kept, "cannot be read") from None
    stored = (rows.schema.metadata or {}).get(_QUARTER, quarter.label.encode()).decode()
    if stored != quarter.label or not rows.schema.equals(kept.schema):
        problem = f"holds figures of {stored}" if stored != quarter.label else "holds other columns"
        raise _damaged(file, kept, problem)
    return rows


def _damaged(file: Path, kept: _Kept, problem: str) -> LakeError:
    mend = f"restore it from a copy, or {kept.loss.format(folder=file.parent)}"
    return LakeError(f"{file}: {problem}, and no run makes it anew: {mend}")


def damaged_figures(lake: Lake) -> list[str]:
    """Return a line for every file of first editions that is damaged."""
    told = []
    for quarter in _quarters(lake) or [FIRST_QUARTER]:
        for kept in (_FIGURES, _PREDICTIONS):
            try:
                _held(lake, quarter, kept)
            except LakeError as error:
                told.append(str(error))
    return list(dict.fromkeys(told))


def is_lost(lake: Lake, quarter: Quarter) -> bool:
    """Tell whether a quarter has an edition, but what its first one printed is not held. Raise LakeError if it is damaged."""
    return held_figures(lake, quarter) is None and lake.has(TABLES["quarterly_report"], quarter)


def refuse_damaged(lake: Lake, quarters: Sequence[Quarter]) -> list[str]:
    """Raise LakeError if figures that publishing the quarters needs are damaged; return a line for all that are lost."""
    needed = sorted({q for wanted in quarters for q in (wanted.shift(-1), wanted)})
    # A prediction may have been printed first in any quarter before
    for quarter in (quarter for quarter in _quarters(lake) if quarter <= needed[-1]):
        _held(lake, quarter, _PREDICTIONS)
    return [
        f"{quarter}: what its first edition printed is not held, so nothing of it counts as restated; restore "
        f"{_folder(lake, quarter) / _FIGURES.file} if there is a copy"
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
    for kept in (_FIGURES, _PREDICTIONS):
        rows = session.frame(kept.select, {"quarter": quarter.first_day}).fetchall()
        if not rows and kept is _FIGURES:
            raise ValueError(f"the session reads no figures of {quarter}, so nothing can be kept of its edition")
        printed = pa.Table.from_pylist([dict(zip(kept.schema.names, row, strict=True)) for row in rows], kept.schema)
        pq.write_table(printed.replace_schema_metadata({_QUARTER: quarter.label}), folder / kept.file)
    return [(folder, target)]


def _quarters(lake: Lake) -> list[Quarter]:
    """Return the quarters of which anything is kept, oldest first."""
    return [Quarter.parse(folder.name) for folder in sorted(_place(lake).glob("20[0-9][0-9]-Q[1-4]"))]


def _folder(lake: Lake, quarter: Quarter) -> Path:
    return _place(lake) / quarter.label


def _place(lake: Lake) -> Path:
    return lake.home / "published"
