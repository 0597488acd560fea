"""How a table is made: stage what no SELECT can read, run the SELECT, check what was written, publish it.

This is the one place where lake, engine, source, quality and report meet. It knows no orchestrator: an asset calls
`make` and reports what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from deepsignal_pipeline.content import load_catalogue
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine, Session
from deepsignal_pipeline.engines.frames import window_of
from deepsignal_pipeline.engines.stored_files import MissingQuarterError, explain_missing, refuse_misplaced
from deepsignal_pipeline.engines.views import ensure_views
from deepsignal_pipeline.lake import Lake, LakeError, discard, reject, replace_file, replace_folder
from deepsignal_pipeline.quality.checker import warm_up
from deepsignal_pipeline.quality.expectations import checks_of
from deepsignal_pipeline.quality.suites import Outcome
from deepsignal_pipeline.quality.validation import validate
from deepsignal_pipeline.sources import Asked, CommitSource, SourceError
from deepsignal_pipeline.staging import Staged, is_unchanged, stage, state_of
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

QUARTERS_CHECKED_AT_ONCE = 12
"""Great Expectations costs about as much for twelve quarters as for one; more would only cost memory."""

ROWS_CHECKED_AT_ONCE = 1_000_000
"""Of quarters so large that they would cost memory together, fewer are checked at once, down to one."""

_LAST_OF_STAGE = {table.stage: name for name, table in TABLES.items()}.values()
"""After these tables the views for people follow; after every table would cost as much as the tables."""

Quarters = Sequence[Quarter | None]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Pipeline:
    """Where tables live, who computes them, where commits come from, and what people write.

    `repositories`: only these are asked for, catalogued or not; none means all of the catalogue. `mailmaps`: a folder that
    is evidence of who is who.
    """

    lake: Lake
    engine: DuckDBEngine
    source: CommitSource
    content: Path
    repositories: tuple[str, ...] = ()
    shards: int = 1
    mailmaps: Path | None = None


@dataclass(frozen=True)
class Made:
    """What became of a table: rows, preview and file a quarter, what the checks found, and the files refused.

    The files of `unchanged` quarters stayed, with what their checks found when they were written.
    """

    table: Table
    rows: dict[Quarter | None, int]
    previews: dict[Quarter | None, str]
    files: dict[Quarter | None, Path]
    outcomes: list[Outcome]
    rejected: list[Path] = field(default_factory=list)
    unchanged: frozenset[Quarter | None] = frozenset()

    @property
    def is_published(self) -> bool:
        """Whether every check that blocks passed, so that the new files took their places."""
        return not self.rejected


def make(pipeline: Pipeline, name: str, quarters: Quarters = (None,), progress: Progress = lambda _: None) -> Made:
    """Make quarters of a table (`(None,)` for one without quarters) and publish them if every check allows it.

    If a check fails, no quarter is published: the last good files stay, the broken ones are kept as `.rejected`. Each
    quarter is published whole; a run that is killed may have published some of them. Raises
    MissingQuarterError, before anything is computed, if a quarter that is read was never made.
    """
    table = TABLES[name]
    refuse_missing(pipeline.lake, table, quarters)
    pipeline.lake.prepare()
    staged: dict[Quarter | None, Staged] = {}
    written: dict[Quarter | None, Path] = {}
    outcomes = [Outcome(check.name, passed=True, blocks=check.blocks) for check in checks_of(table)]
    rejected: list[Path] = []
    try:
        with Inputs(
            pipeline.lake, pipeline.source, pipeline.content, quarters, mailmap_folder=pipeline.mailmaps
        ) as inputs:
            states = {quarter: state_of(inputs, table, quarter) for quarter in quarters}
            unchanged = frozenset(q for q, state in states.items() if is_unchanged(pipeline.lake, table, q, state))
            if len(unchanged) < len(quarters):
                warm_up()
            with pipeline.engine.session() as session:
                for quarter in (quarter for quarter in quarters if quarter not in unchanged):
                    staged[quarter] = stage(session, inputs, table, quarter, states[quarter])
                    session.metadata = dict(staged[quarter].metadata)
                    written[quarter] = session.write(table, quarter, **staged[quarter].parameters)
                    progress(f"{name} {quarter or ''}".rstrip())
                files = {quarter: written.get(quarter) or pipeline.lake.file(table, quarter) for quarter in quarters}
                rows = {quarter: session.rows(path) for quarter, path in files.items()}
                outcomes = _checked(session, table, written, rows) or outcomes
                previews = {quarter: session.preview(table, path) for quarter, path in files.items()}
            if all(outcome.passed or not outcome.blocks for outcome in outcomes):
                _publish(pipeline.lake, table, written, staged)
            else:
                rejected = _refuse(pipeline.lake, table, written, outcomes)
    finally:
        discard(written.values())
    files = {quarter: pipeline.lake.file(table, quarter) for quarter in quarters}
    return Made(table, rows, previews, files, outcomes, rejected, unchanged)


def visit(pipeline: Pipeline, shard: int, quarters: Sequence[Quarter], progress: Progress) -> None:
    """Have the source visit a shard (counted from 0) of the repositories that are asked for. Raises SourceError."""
    asked = _asked(pipeline)
    pipeline.lake.prepare()
    pipeline.source.visit(asked[shard :: pipeline.shards], quarters, progress)


def _asked(pipeline: Pipeline) -> list[Asked]:
    """Return the repositories that are asked for. Raises SourceError for a name of which another case is known too."""
    catalogued = {r.repository: r for r in load_catalogue(pipeline.content).repositories}
    names = pipeline.repositories or tuple(catalogued)
    # GitHub takes both for one repository: its commits would be counted twice
    spelt = {name.lower(): name for name in (*names, *catalogued)}
    for name in names:
        if (known := spelt[name.lower()]) != name:
            raise SourceError(f"{name}: is {known} too, in other letters; name it once, as {known}")
    return [Asked(name, catalogued[name].former_names if name in catalogued else ()) for name in names]


def refuse_missing(lake: Lake, table: Table, quarters: Quarters) -> None:
    """Raise MissingQuarterError if anything that the SELECT of a table reads, in any of the quarters, is not there."""
    _refuse_missing(lake, [table], quarters, lambda *_: False)


def refuse_unread(lake: Lake, quarters: Quarters, being_made: Collection[str] = ()) -> None:
    """Raise MissingQuarterError if stage 2 of the quarters needs a table of stage 0 or 1 that was never made.

    `being_made`: tables that the same run makes for the same quarters, perhaps later than this is asked.
    """

    def is_excused(read: Table, quarter: Quarter | None) -> bool:
        return read.stage == 2 or (read.name in being_made and quarter in (*quarters, None))

    _refuse_missing(lake, [table for table in TABLES.values() if table.stage == 2], quarters, is_excused)


def refuse_unusable(lake: Lake, quarters: Sequence[Quarter]) -> None:
    """Raise BrokenFileError if stage 2 of the quarters reads a file of stage 0 or 1 that is not what its place says."""
    windows: dict[str, set[Quarter | None]] = {}
    for read in (read for table in TABLES.values() if table.stage == 2 for read in table.reads):
        if TABLES[read.table].stage < 2:
            windows.setdefault(read.table, set()).update(q for wanted in quarters for q in window_of(read, wanted))
    for name, window in windows.items():
        refuse_misplaced(lake, TABLES[name], sorted(window, key=str))


def refuse_other_source(lake: Lake, source: str) -> None:
    """Raise LakeError if the lake holds what another source read: reading a few repositories would put them in its place."""
    table = TABLES["repository_snapshots"]
    if not lake.has(table):
        return
    if others := set(pq.read_table(lake.file(table), columns=["source"])["source"].to_pylist()) - {source}:
        raise LakeError(
            f"{lake.home} holds what the source {', '.join(sorted(others))} read, which this would replace; give the "
            f"source {source} a home of its own with --home, or run: deepsignal run --source {source} --quarter QUARTER"
        )


def refuse_other_catalogue(pipeline: Pipeline, quarters: Sequence[Quarter]) -> None:
    """Raise LakeError if the categories were others when the catalogue was read: no edition could name them."""
    table = TABLES["tracked_repositories"]
    read = set(pq.read_table(pipeline.lake.file(table), columns=["category"])["category"].to_pylist())
    written = {category.slug for category in load_catalogue(pipeline.content).categories}
    if odd := sorted(read ^ written):
        command = f"deepsignal run --from {min(quarters)} --quarter {max(quarters)}"
        raise LakeError(f"the catalogue has other categories than when it was read ({', '.join(odd)}); run: {command}")


def _refuse_missing(
    lake: Lake, tables: Sequence[Table], quarters: Quarters, is_excused: Callable[[Table, Quarter | None], bool]
) -> None:
    """Refuse at once all that is missing, so that the command told mends all of it: the longest window is told."""
    found: dict[str, dict[Quarter | None, Quarter | None]] = {}
    for table in tables:
        for quarter in quarters if table.quarterly else (None,):
            for read in table.reads:
                source = TABLES[read.table]
                missing = [q for q in window_of(read, quarter) if not (is_excused(source, q) or lake.has(source, q))]
                for one in missing:
                    found.setdefault(source.name, {}).setdefault(one, quarter)
    if found:
        name, wanted_for = max(found.items(), key=lambda item: len(item[1]))
        missing = sorted(wanted_for, key=lambda q: (q is not None, q or FIRST_QUARTER))
        raise MissingQuarterError(explain_missing(lake, TABLES[name], missing, next(iter(wanted_for.values()))))


def _checked(
    session: Session, table: Table, written: dict[Quarter | None, Path], rows: dict[Quarter | None, int]
) -> list[Outcome]:
    """Validate a few quarters at a time and unite what each check found."""
    batches = [validate(table, batch, session.connection) for batch in _batches(written, rows)]
    return [Outcome.united(outcomes) for outcomes in zip(*batches, strict=True)]


def _batches(
    written: dict[Quarter | None, Path], rows: dict[Quarter | None, int]
) -> Iterator[dict[Quarter | None, Path]]:
    batch: dict[Quarter | None, Path] = {}
    for quarter, path in written.items():
        held = sum(rows[q] for q in batch)
        if batch and (len(batch) == QUARTERS_CHECKED_AT_ONCE or held + rows[quarter] > ROWS_CHECKED_AT_ONCE):
            yield batch
            batch = {}
        batch[quarter] = path
    if batch:
        yield batch


def _refuse(lake: Lake, table: Table, written: dict[Quarter | None, Path], outcomes: list[Outcome]) -> list[Path]:
    broken = {label for outcome in outcomes if outcome.blocks for label in outcome.broken_quarters}
    return [reject(path, lake.file(table, q)) for q, path in written.items() if str(q or "") in broken]


def _publish(
    lake: Lake, table: Table, written: dict[Quarter | None, Path], staged: dict[Quarter | None, Staged]
) -> None:
    for quarter, path in written.items():
        for folder, target in staged[quarter].folders:
            replace_folder(folder, target)
        replace_file(path, lake.file(table, quarter))
    if table.name in _LAST_OF_STAGE:
        ensure_views(lake)
