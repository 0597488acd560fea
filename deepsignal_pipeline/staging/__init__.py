"""What a SELECT cannot read by itself: the catalogue, the source's commits, resolved identities, statistics, editions.

One function a table that needs any, in the module of its theme; each stages relations in a session, and returns what else
is to be published with the table. What a file is written with (`metadata`) tells which version of the identities it stands
under.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.engines.stored_files import file_metadata, misplaced
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.staging.changes import stage_changes
from deepsignal_pipeline.staging.coordination import stage_coordination
from deepsignal_pipeline.staging.edition import stage_edition
from deepsignal_pipeline.staging.facts import stage_facts
from deepsignal_pipeline.staging.focus import stage_term_words, stage_words_left_out
from deepsignal_pipeline.staging.identities import stage_identities
from deepsignal_pipeline.staging.inputs import Folders, Inputs
from deepsignal_pipeline.staging.overlaps import stage_null_model
from deepsignal_pipeline.staging.predictions import stage_history, stage_predictions, stage_quantiles
from deepsignal_pipeline.staging.published_figures import is_lost, stage_restatements
from deepsignal_pipeline.staging.source import (
    stage_contributor_aliases,
    stage_counted_commits,
    stage_quarantined_commits,
    stage_raw_commits,
    stage_repository_metadata,
    stage_repository_snapshots,
    stage_tracked_repositories,
)
from deepsignal_pipeline.staging.versions import identities_metadata, refuse_mixed
from deepsignal_pipeline.staging.work_types import path_patterns, stage_path_overrides
from deepsignal_pipeline.tables.contract import Table

STATE = "deepsignal.state"
_NOT_MIXED = ("first_commits", "first_repository_commits", "contributor_profiles")
"""Tables of stage 2 that others of stage 2 read: both must stand under the same identities."""

Stage = Callable[[Session, Inputs, Quarter | None], Folders | None]


@dataclass(frozen=True)
class Staged:
    """Parameters for the SELECT, metadata for its file, and folders (written, target) to publish before it."""

    parameters: dict[str, object] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    folders: list[tuple[Path, Path]] = field(default_factory=list)


def state_of(inputs: Inputs, table: Table, quarter: Quarter | None) -> str | None:
    """Return a digest of all that a table of stage 0, or the raw commits, is made from; None where nobody knows.

    Only a source that is visited knows: what it holds of a repository carries a digest.
    """
    if not (table.stage == 0 or table.name == "raw_commits"):
        return None
    held = inputs.source.state(quarter)
    if held is not None and not any(name.startswith("source_") for name in table.staged):
        held = ""
    content = inputs.content_hash if table.stage == 0 else ""
    return None if held is None else hashlib.sha256(f"{table.version} {held} {content}".encode()).hexdigest()


def is_unchanged(lake: Lake, table: Table, quarter: Quarter | None, state: str | None) -> bool:
    """Whether the file that is there was made from exactly this state."""
    if state is None or not lake.has(table, quarter) or misplaced(lake, table, quarter):
        return False
    return file_metadata(lake.file(table, quarter)).get(STATE) == state


def stage(session: Session, inputs: Inputs, table: Table, quarter: Quarter | None, state: str | None = None) -> Staged:
    """Stage what the SELECT of a table needs for a quarter. The file will carry the state, if there is one."""
    metadata = identities_metadata(inputs.lake, table) | ({STATE: state} if state else {})
    parameters: dict[str, object] = {"identity_key": inputs.source.identity_key}
    if quarter is not None:
        parameters |= {
            "has_previous": quarter > FIRST_QUARTER,
            "previous_start": quarter.shift(-1).start,
            "previous_quarter": quarter.shift(-1).first_day,
            "first_quarter": FIRST_QUARTER.first_day,
        }
    if table.name == "changed_paths":
        parameters |= path_patterns(inputs)
    if table.name == "restatements" and quarter is not None:
        parameters["is_lost"] = is_lost(inputs.lake, quarter.shift(-1))
    if any(read.table in _NOT_MIXED for read in table.reads):
        refuse_mixed(inputs.lake, table, quarter)
    folders = _STAGES[table.name](session, inputs, quarter) if table.name in _STAGES else None
    return Staged(parameters, metadata, folders or [])


def _of_a_quarter(stage_quarter: Callable[[Session, Inputs, Quarter], Folders | None]) -> Stage:
    """Return the stage of a table that is made a quarter at a time."""

    def staged(session: Session, inputs: Inputs, quarter: Quarter | None) -> Folders | None:
        if quarter is None:
            raise ValueError(f"{stage_quarter.__name__} stages a quarter at a time")
        return stage_quarter(session, inputs, quarter)

    return staged


_STAGES: dict[str, Stage] = {
    "tracked_repositories": stage_tracked_repositories,
    "repository_snapshots": stage_repository_snapshots,
    "repository_metadata": stage_repository_metadata,
    "quarantined_commits": stage_quarantined_commits,
    "contributor_aliases": stage_contributor_aliases,
    "contributor_identities": stage_identities,
    "raw_commits": _of_a_quarter(stage_raw_commits),
    "changed_paths": stage_path_overrides,
    "counted_commits": stage_counted_commits,
    "measure_history": _of_a_quarter(stage_history),
    "prediction_scores": _of_a_quarter(stage_predictions),
    "prediction_calibration": _of_a_quarter(stage_quantiles),
    "alias_terms": stage_term_words,
    "focus_terms": stage_words_left_out,
    "category_coordination": _of_a_quarter(stage_coordination),
    "category_overlaps": _of_a_quarter(stage_null_model),
    "restatements": _of_a_quarter(stage_restatements),
    "category_changes": _of_a_quarter(stage_changes),
    "report_facts": _of_a_quarter(stage_facts),
    "quarterly_report": _of_a_quarter(stage_edition),
}
