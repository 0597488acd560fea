"""What the catalogue and the commit source give: entries, snapshots, aliases of the whole history, commits of a quarter."""

from __future__ import annotations

from dataclasses import asdict

import pyarrow as pa

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.redaction import redact_commits, redact_history
from deepsignal_pipeline.sources import refuse_outside
from deepsignal_pipeline.staging.identities import opted_out_aliases, stage_account_ids, stage_original_authors
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.staging.relations import relation_of
from deepsignal_pipeline.tables import TABLES


def stage_tracked_repositories(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage `catalogue_entries`: what people track, in the catalogue's order."""
    catalogue = inputs.catalogue
    names = {category.slug: category for category in catalogue.categories}
    rows = [
        asdict(repository)
        | {
            "former_names": list(repository.former_names),
            "category_name": names[repository.category].name,
            "category_order": names[repository.category].order,
        }
        for repository in catalogue.repositories
    ]
    session.stage("catalogue_entries", relation_of(rows, TABLES["tracked_repositories"].columns))


def stage_repository_snapshots(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage what the source says of each repository."""
    inputs.source.stage_snapshots(session)


def stage_repository_metadata(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage what the source knows of repositories beside their commits."""
    inputs.source.stage_metadata(session)


def stage_quarantined_commits(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage what no quarter can hold."""
    inputs.source.stage_quarantine(session)


def stage_contributor_aliases(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    """Stage who appears in which commit of the whole history, without those who opted out."""
    inputs.source.stage_history(session)
    stage_account_ids(session, inputs)
    if inputs.opt_outs:
        redact_history(session, opted_out_aliases(session, inputs, inputs.opt_outs))
    _stage_imports(session, inputs)
    stage_original_authors(session, inputs, "source_history")


def stage_raw_commits(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage the commits of a quarter, without those who opted out."""
    refuse_outside(inputs.source, [quarter])
    inputs.source.stage_commits(session, quarter)
    if inputs.opt_outs:
        redact_commits(session, opted_out_aliases(session, inputs, inputs.opt_outs))


def stage_counted_commits(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    """Stage what people say of imports, and the original authors of what importers committed."""
    session.read(TABLES["counted_commits"], quarter)
    _stage_imports(session, inputs)
    stage_original_authors(session, inputs, "raw_commits")


def _stage_imports(session: Session, inputs: Inputs) -> None:
    rows = [asdict(entry) for entry in inputs.overrides.imports]
    schema = pa.schema(
        [
            ("repository", pa.string()),
            ("sha", pa.string()),
            ("committed_from", pa.date32()),
            ("committed_to", pa.date32()),
        ]
    )
    session.stage("import_entries", pa.Table.from_pylist(rows, schema=schema))
