"""The contracts of all tables, in the order in which they are made. One module a table."""

from __future__ import annotations

from deepsignal_pipeline.tables import (
    alias_activity,
    bridge_people,
    category_changes,
    category_coordination,
    category_depth,
    category_metrics,
    category_overlaps,
    changed_paths,
    commit_audit,
    contributor_activity,
    contributor_aliases,
    contributor_identities,
    contributor_migration,
    contributor_profiles,
    counted_commits,
    proposed_imports,
    quarantined_commits,
    quarterly_report,
    raw_commits,
    report_facts,
    repository_metadata,
    repository_metrics,
    repository_snapshots,
    restatements,
    tracked_repositories,
    work_type_mix,
)
from deepsignal_pipeline.tables.contract import Table

TABLES: dict[str, Table] = {
    module.TABLE.name: module.TABLE
    for module in (
        tracked_repositories,
        repository_snapshots,
        repository_metadata,
        quarantined_commits,
        contributor_aliases,
        contributor_identities,
        raw_commits,
        changed_paths,
        counted_commits,
        proposed_imports,
        alias_activity,
        contributor_activity,
        contributor_profiles,
        category_metrics,
        category_changes,
        repository_metrics,
        work_type_mix,
        category_depth,
        category_coordination,
        category_overlaps,
        bridge_people,
        contributor_migration,
        commit_audit,
        restatements,
        report_facts,
        quarterly_report,
    )
}
