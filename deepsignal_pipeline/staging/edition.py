"""The edition: printed from the facts, staged as the table of its files."""

from __future__ import annotations

from pathlib import Path

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import remove, temporary
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.press import Press
from deepsignal_pipeline.settings import lock_hash
from deepsignal_pipeline.staging.inputs import Folders, Inputs
from deepsignal_pipeline.staging.published_figures import keep_published_figures
from deepsignal_pipeline.staging.relations import relation_of
from deepsignal_pipeline.staging.versions import file_digest, identities_digest, refuse_mixed
from deepsignal_pipeline.tables import TABLES


def stage_edition(session: Session, inputs: Inputs, quarter: Quarter) -> Folders:
    """Print the edition and stage its files; return its folder, and what its figures are kept in for restatements."""
    table = TABLES["quarterly_report"]
    target = inputs.lake.edition(quarter)
    folder = temporary(target)
    files = _press(session, inputs).files(inputs.quarters.index(quarter))
    rows = [{"file": f.name, "media_type": f.media_type} | file_digest(folder / f.name) for f in files]
    session.stage("edition_files", relation_of(rows, table.columns))
    # The press has read all quarters of a range: what is kept must be read of this one
    session.read(table, quarter)
    return [(folder, target), *keep_published_figures(session, inputs.lake, quarter)]


def _press(session: Session, inputs: Inputs) -> Press:
    """Begin to print the editions of all quarters, once; whoever asks for one waits for it."""
    if inputs.press is None:
        orders = [_order(session, inputs, quarter) for quarter in inputs.quarters if quarter]
        for _, folder in orders:
            inputs.opened.callback(remove, folder)
        inputs.press = inputs.opened.enter_context(Press(orders))
    return inputs.press


def _order(session: Session, inputs: Inputs, quarter: Quarter) -> tuple[Context, Path]:
    table = TABLES["quarterly_report"]
    refuse_mixed(inputs.lake, table, quarter)
    session.read(table, quarter)
    context = read_context(session.connection, quarter, inputs.catalogue, _provenance(inputs))
    return context, temporary(inputs.lake.edition(quarter))


def _provenance(inputs: Inputs) -> dict[str, object]:
    """Return what an edition was made from, so that it can be made again: the same bytes from the same hashes."""
    return {
        "content_hash": inputs.content_hash,
        "identities_hash": identities_digest(inputs.lake),
        "lock_hash": lock_hash(),
        "tables": {name: table.version for name, table in TABLES.items()},
    }
