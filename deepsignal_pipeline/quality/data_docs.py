"""Great Expectations' Data Docs over what the lake holds now: every suite, and its verdict over the newest quarter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import Lake, removed_on_error, replace_folder, temporary
from deepsignal_pipeline.quality.expectations import expectations_of
from deepsignal_pipeline.quality.suites import quiet_context, suite_of
from deepsignal_pipeline.quality.validation import batch_of
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext


def write_data_docs(lake: Lake, connection: Connection) -> Path:
    """Validate the newest quarter of every table, write the pages to `<home>/data-docs`, and return their first page."""
    target = lake.home / "data-docs"
    written = temporary(target)
    with removed_on_error(written):
        _write(lake, connection, written)
    replace_folder(written, target)
    return target / "index.html"


def _write(lake: Lake, connection: Connection, written: Path) -> None:
    context = quiet_context()
    context.add_data_docs_site("lake", _site(written))
    context.delete_data_docs_site("local_site")
    for table in TABLES.values():
        for quarter in lake.newest(table):
            _validate(context, table, (quarter, lake.file(table, quarter)), connection)
    context.build_data_docs()


def _validate(
    context: EphemeralDataContext, table: Table, file: tuple[Quarter | None, Path], connection: Connection
) -> None:
    import great_expectations as gx

    quarter, path = file
    asset = context.data_sources.add_pandas(table.name).add_dataframe_asset(table.name)
    batch = asset.add_batch_definition_whole_dataframe(str(quarter or "all"))
    suite = context.suites.add(suite_of(table, expectations_of(table, quarters=1)))
    definition = gx.ValidationDefinition(name=table.name, data=batch, suite=suite)
    context.validation_definitions.add(definition)
    # A page tells what share of the rows failed: all of them are handed in
    rows = batch_of(table, {quarter: path}, connection, whole=True)
    definition.run(batch_parameters={"dataframe": rows.to_pandas()})


def _site(folder: Path) -> Any:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
