"""From a contract to an asset: one decorator gives every asset the same metadata, one function reports what was made."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import dagster as dg

from deepsignal_pipeline.defs.partitions import QUARTERS, quarters_of
from deepsignal_pipeline.defs.resources import PipelineResource
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.pipeline import Made, Pipeline, make, refuse_unread
from deepsignal_pipeline.quality.expectations import checks_of
from deepsignal_pipeline.quality.suites import Outcome
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column, Table

OWNERS = ["team:deepsignal"]
_SECONDS_BETWEEN_LINES = 2.0
Metadata = dict[str, Any]
Context = dg.AssetExecutionContext | dg.OpExecutionContext
Visit = Callable[[Pipeline, int, Sequence[Quarter], Callable[[str], None]], None]
Events = Iterator[dg.AssetCheckResult | dg.MaterializeResult]  # type: ignore[type-arg]


def table_asset(name: str) -> Callable[[Callable[..., Events]], dg.AssetsDefinition]:
    """Decorate the body of the asset that makes a table; everything else comes from the table's contract."""
    table = TABLES[name]

    def decorate(body: Callable[..., Events]) -> dg.AssetsDefinition:
        return _asset(table, f"{body.__doc__}\n\n{_description(table)}")(body)

    return decorate


def visited_table_asset(name: str, visit: Visit) -> dg.AssetsDefinition:
    """Define the asset of a table before which steps visit the source, a shard of the repositories each.

    The executor decides where the steps run; within a step, the source uses the cores of its machine.
    """
    table = TABLES[name]
    (read,) = table.reads
    options = _options(table)
    checks = options["check_specs"]
    outputs = ["result", *(f"{name}_{check.name}" for check in checks)]

    @dg.op(name="publish", ins={"visited": dg.In(dg.Nothing)}, out={output: dg.Out(dg.Nothing) for output in outputs})
    def publish(context: dg.OpExecutionContext, pipeline: PipelineResource) -> Events:
        yield from materialize(context, pipeline, name)

    before = {"before": dg.AssetIn(key=read.table, dagster_type=dg.Nothing)}

    @dg.graph_asset(name=name, ins=before, description=f"{visit.__doc__}\n\n{_description(table)}", **options)
    def visited(before: Any) -> dict[str, Any]:
        published = publish(_shards(before).map(_visiting(visit)).collect())
        return dict(zip(outputs, published, strict=True))

    return visited


@dg.op(name="shards", ins={"before": dg.In(dg.Nothing)}, out=dg.DynamicOut(int))
def _shards(pipeline: PipelineResource) -> Iterator[dg.DynamicOutput[int]]:
    for shard in range(pipeline.open().shards):
        yield dg.DynamicOutput(shard, mapping_key=str(shard))


def _visiting(visit: Visit) -> dg.OpDefinition:
    @dg.op(name="visit", out=dg.Out(dg.Nothing))
    def visiting(context: dg.OpExecutionContext, pipeline: PipelineResource, shard: int) -> None:
        visit(pipeline.open(), shard, quarters_of(context), _told(context.log.info))

    return visiting


def _asset(table: Table, description: str) -> Callable[[Callable[..., Events]], dg.AssetsDefinition]:
    reads = [read.table for read in table.reads]
    decorate: Callable[[Callable[..., Events]], dg.AssetsDefinition] = dg.asset(
        name=table.name, deps=reads, description=description, **_options(table)
    )
    return decorate


def _options(table: Table) -> dict[str, Any]:
    return {
        "partitions_def": QUARTERS if table.quarterly else None,
        "backfill_policy": dg.BackfillPolicy.single_run(),
        "group_name": table.group,
        "kinds": set(table.kinds),
        "owners": OWNERS,
        "code_version": table.version,
        "metadata": {"dagster/column_schema": _schema(table), "dagster/table_name": table.name},
        "tags": {"deepsignal/stage": str(table.stage)},
        "check_specs": [
            dg.AssetCheckSpec(check.name, asset=table.name, description=check.sentence, blocking=check.blocks)
            for check in checks_of(table)
        ],
    }


def materialize(context: Context, pipeline: PipelineResource, name: str | None = None) -> Events:
    """Make the run's quarters of the asset's table and report checks, rows and a preview a quarter.

    Raises Failure after the checks if one of them failed: nothing was published, and nothing downstream runs.
    """
    name = name or context.asset_key.to_user_string()
    table, quarters, opened = TABLES[name], quarters_of(context), pipeline.open()
    if table.stage == 2:
        # The order of steps follows what assets read: identities, made of the aliases alone, may come before the commits
        run_makes = {key.to_user_string() for key in context.job_def.asset_layer.selected_asset_keys}
        refuse_unread(opened.lake, quarters, run_makes)
    made = make(opened, name, quarters if table.quarterly else (None,), _thinned(context.log.info))
    yield from (_check_result(made, outcome) for outcome in made.outcomes)
    if not made.is_published:
        raise dg.Failure(_refusal(made), metadata={"rejected": [str(path) for path in made.rejected]})
    for quarter in filter(None, made.rows):
        cast("dg.AssetExecutionContext", context).add_asset_metadata(
            _metadata(made, quarter), partition_key=quarter.key
        )
    yield dg.MaterializeResult(metadata=None if table.quarterly else _metadata(made, None))


def _told(log: Callable[[str], None]) -> Callable[[str], None]:
    """Log a line, and show it where the command was given."""

    def told(line: str) -> None:
        sys.stderr.write(f"  {line}\n")
        log(line)

    return told


def _thinned(log: Callable[[str], None]) -> Callable[[str], None]:
    """Log at most a line every few seconds: storing one takes as long as many a quarter does."""
    last = time.monotonic()

    def thinned(line: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            log(line)
            last = time.monotonic()

    return thinned


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
    reads = ", ".join(read.described for read in table.reads)
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
