"""Stage what a store holds under the names that the SELECTs of the lake read: the same for every real source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources import MERGED_BRANCH, Workspace
from deepsignal_pipeline.sources.pieces import COMMITS, INSTANT, QUARANTINE
from deepsignal_pipeline.sources.store import Store

SNAPSHOTS = pa.schema(
    [
        ("repository", pa.string()),
        ("tip", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("source", pa.string()),
        ("commits", pa.int64()),
        ("recounted_commits", pa.int64()),
        ("first_committed_at", INSTANT),
        ("last_committed_at", INSTANT),
        ("fetched_at", INSTANT),
        ("complete_until", INSTANT),
        ("restated_quarters", pa.list_(pa.string())),
    ]
)
METADATA = pa.schema(
    [
        ("repository", pa.string()),
        ("github_id", pa.int64()),
        ("names", pa.list_(pa.string())),
        ("stars", pa.int64()),
        ("forks", pa.int64()),
        ("topics", pa.list_(pa.string())),
        ("language", pa.string()),
        ("licence", pa.string()),
        ("is_archived", pa.bool_()),
        ("created_at", INSTANT),
        ("pushed_at", INSTANT),
        ("fetched_at", INSTANT),
    ]
)
ACCOUNTS = pa.schema(
    [
        ("repository", pa.string()),
        ("github_id", pa.int64()),
        ("login", pa.string()),
        ("email", pa.string()),
        ("kind", pa.string()),
        ("last_seen_at", INSTANT),
    ]
)
HISTORY = pa.schema(
    [
        ("repository", pa.string()),
        ("sha", pa.string()),
        ("parent_count", pa.int32()),
        *((name, COMMITS.field(name).type) for name in ("author_name", "author_email", "author_login")),
        ("committed_at", INSTANT),
        ("coauthors", COMMITS.field("coauthors").type),
        ("merged_login", pa.string()),
        ("merged_sha", pa.string()),
    ]
)

# Row groups know their dates, so comparing them with constants skips all others
_QUARTER = """
SELECT * FROM read_parquet($files, hive_partitioning = false)
WHERE committed_at >= $window_start::TIMESTAMPTZ AND committed_at < $window_end::TIMESTAMPTZ
"""
_WHOLE = """
SELECT repository, sha, array_length(parents)::INTEGER AS parent_count, author_name, author_email, author_login,
       committed_at, coauthors,
       CASE WHEN array_length(parents) = 2 THEN nullif(regexp_extract(subject, $merged_branch, 1), '') END
         AS merged_login,
       CASE WHEN array_length(parents) = 2 THEN parents[2] END AS merged_sha
FROM read_parquet($files, hive_partitioning = false)
"""


def stage_snapshots(store: Store, workspace: Workspace, recounted: Mapping[str, int] | None = None) -> None:
    """Stage one row a repository that was ever visited; `recounted` are commits by an independent count, by repository."""
    counts, of_record = recounted or {}, [name for name in SNAPSHOTS.names if name != "recounted_commits"]
    rows = [
        {name: getattr(record, name) for name in of_record} | {"recounted_commits": counts.get(record.repository)}
        for record in store.records()
    ]
    workspace.stage("source_snapshots", pa.Table.from_pylist(rows, schema=SNAPSHOTS))


def stage_history(store: Store, workspace: Workspace) -> None:
    """Stage who appears in which commit, over all that is held, without messages and paths."""
    files = [file for record in store.records() for file in store.files(record)]
    _stage_files(workspace, "source_history", _WHOLE, files, HISTORY, merged_branch=MERGED_BRANCH)


def stage_commits(store: Store, workspace: Workspace, quarter: Quarter) -> None:
    """Stage the commits of a quarter, from those pieces only that have any."""
    files = [
        file
        for record in store.records()
        for piece, file in zip(record.pieces, store.files(record), strict=True)
        if quarter.label in piece.quarters
    ]
    window = {"window_start": quarter.start, "window_end": quarter.end}
    _stage_files(workspace, "source_commits", _QUARTER, files, COMMITS, **window)


def stage_quarantine(store: Store, workspace: Workspace) -> None:
    """Stage the rows in quarantine: repository, sha, reason, raw."""
    files = [
        file
        for record in store.records()
        for piece, file in zip(record.pieces, store.files(record, ".quarantine.parquet"), strict=True)
        if piece.quarantined
    ]
    _stage_files(
        workspace,
        "source_quarantine",
        "SELECT * FROM read_parquet($files, hive_partitioning = false)",
        files,
        QUARANTINE,
    )


def stage_no_metadata(workspace: Workspace) -> None:
    """Stage an empty relation of what GitHub says of repositories, for a source that does not know it."""
    workspace.stage("source_metadata", METADATA.empty_table())


def stage_no_accounts(workspace: Workspace) -> None:
    """Stage an empty relation of accounts, for a source that knows none."""
    workspace.stage("source_accounts", ACCOUNTS.empty_table())


def _stage_files(
    workspace: Workspace, name: str, select: str, files: Iterable[object], schema: pa.Schema, **parameters: Any
) -> None:
    listed = [str(file) for file in files]
    if listed:
        workspace.materialize(name, select, {"files": listed} | parameters)
        return
    # Materialised too: what a session materialised for another quarter would hide a view of the same name
    workspace.stage(f"no_{name}", schema.empty_table())
    workspace.materialize(name, f"SELECT * FROM no_{name}", {})
