"""From a contract to an asset: one decorator gives every asset the same metadata, one function reports what was made."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from deepsignal_pipeline.defs.partitions import QUARTERS, quarters_of
from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.pipeline import Made, make, refuse_unread
from deepsignal_pipeline.quality.expectations import checks_of
from deepsignal_pipeline.quality.validation import Outcome
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column, Table

OWNERS = ["team:deepsignal"]
Metadata = dict[str, Any]
Events = Iterator[dg.AssetCheckResult | dg.MaterializeResult]  # type: ignore[type-arg]


def table_asset(name: str) -> Callable[[Callable[..., Events]], dg.AssetsDefinition]:
    """Decorate the body of the asset that makes a table; everything else comes from the table's contract."""
    table = TABLES[name]

    def decorate(body: Callable[..., Events]) -> dg.AssetsDefinition:
        return _asset(table, f"{body.__doc__}\n\n{_description(table)}")(body)

    return decorate


def _asset(table: Table, description: str) -> Callable[[Callable[..., Events]], dg.AssetsDefinition]:
    return dg.asset(
        name=table.name,
        deps=[read.table for read in table.reads],
        partitions_def=QUARTERS if table.quarterly else None,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=table.group,
        kinds=set(table.kinds),
        owners=OWNERS,
        code_version=table.version,
        description=description,
        metadata={"dagster/column_schema": _schema(table), "dagster/table_name": table.name},
        tags={"deepsignal/stage": str(table.stage)},
        check_specs=[
            dg.AssetCheckSpec(check.name, asset=table.name, description=check.sentence, blocking=check.blocks)
            for check in checks_of(table)
        ],
    )


def materialize(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> Events:
    """Make the run's quarters of the asset's table and report checks, rows and a preview a quarter.

    Raises Failure after the checks if one of them failed: nothing was published, and nothing downstream runs.
    """
    name = context.asset_key.to_user_string()
    table, quarters, opened = TABLES[name], quarters_of(context), pipeline.open()
    if table.stage == 2:
        # The order of steps follows what assets read: identities, made of the aliases alone, may come before the commits
        run_makes = {key.to_user_string() for key in context.job_def.asset_layer.selected_asset_keys}
        refuse_unread(opened.lake, quarters, run_makes)
    made = make(opened, name, quarters if table.quarterly else (None,), context.log.info)
    yield from (_check_result(made, outcome) for outcome in made.outcomes)
    if not made.is_published:
        raise dg.Failure(_refusal(made), metadata={"rejected": [str(path) for path in made.rejected]})
    for quarter in made.rows if table.quarterly else ():
        context.add_asset_metadata(_metadata(made, quarter), partition_key=quarter.key if quarter else None)
    yield dg.MaterializeResult(metadata=None if table.quarterly else _metadata(made, None))


def _check_result(made: Made, outcome: Outcome) -> dg.AssetCheckResult:
    metadata: Metadata = {
        "quarters": ", ".join(str(quarter) for quarter in made.rows if quarter) or "all",
        "broken rows": outcome.broken_rows,
    }
    if not outcome.passed:
        metadata["broken quarters"] = ", ".join(outcome.broken_quarters)
        metadata["first rows"] = dg.MetadataValue.md("\n".join(f"- `{example}`" for example in outcome.examples))
    return dg.AssetCheckResult(
        passed=outcome.passed,
        check_name=outcome.check,
        severity=dg.AssetCheckSeverity.ERROR if outcome.blocks else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _refusal(made: Made) -> str:
    broken = [outcome for outcome in made.outcomes if outcome.blocks and not outcome.passed]
    found = "; ".join(f"{o.check} ({', '.join(o.broken_quarters)}): {', '.join(o.examples[:3])}" for o in broken)
    return f"{made.table.name} breaks its contract, so the last good files stay: {found}. Refused: {made.rejected[0]}"


def _metadata(made: Made, quarter: Quarter | None) -> Metadata:
    label: Metadata = {"quarter": quarter.label} if quarter else {}
    return label | {
        "dagster/row_count": made.rows[quarter],
        "preview": dg.MetadataValue.md(made.previews[quarter]),
        "file": dg.MetadataValue.path(str(made.files[quarter])),
    }


def _description(table: Table) -> str:
    grain = f"Grain: {'quarter, ' if table.quarterly else ''}{', '.join(table.grain)}."
    reads = ", ".join(
        f"{read.table} (also {read.quarters_back} quarter back)" if read.quarters_back else read.table
        for read in table.reads
    )
    return f"A row is {table.one_row_is}.\n\n{grain}" + (f" Read: {reads}." if reads else "")


def _schema(table: Table) -> dg.TableSchema:
    return dg.TableSchema(columns=[_schema_column(table, column) for column in table.columns])


def _schema_column(table: Table, column: Column) -> dg.TableColumn:
    bounds = [
        f"{sign} {bound:g}" for sign, bound in ((">=", column.minimum), ("<=", column.maximum)) if bound is not None
    ]
    among = [f"one of: {', '.join(column.allowed)}"] if column.allowed else []
    constraints = dg.TableColumnConstraints(
        nullable=not column.required, unique=table.grain == (column.name,) and not table.quarterly, other=bounds + among
    )
    meaning = f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
    return dg.TableColumn(column.name, column.type, description=meaning, constraints=constraints)
