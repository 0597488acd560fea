"""What a SELECT cannot read by itself: the catalogue, the source's commits, resolved identities, definitions, editions.

One function a table that needs any; each stages relations in a session and returns parameters, and what else is to be
published with the table. What a file is written with (`metadata`) tells which version of the identities it stands under.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.change_staging import stage_changes
from deepsignal_pipeline.change_sums import Known
from deepsignal_pipeline.content import (
    content_hash,
    load_catalogue,
    load_overrides,
    load_predictions,
    load_work_types,
)
from deepsignal_pipeline.coordination_staging import stage_coordination
from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.identity import Alias
from deepsignal_pipeline.domain.mailmap import Mailmaps
from deepsignal_pipeline.domain.opt_outs import OptOuts
from deepsignal_pipeline.domain.overrides import Overrides
from deepsignal_pipeline.domain.predictions import Predictions
from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.domain.work_types import WorkTypes
from deepsignal_pipeline.engines.duckdb import Session, broken_file
from deepsignal_pipeline.fact_staging import stage_intervals
from deepsignal_pipeline.focus_staging import stage_person_words, stage_stop_words
from deepsignal_pipeline.identity_staging import (
    opted_out_aliases,
    stage_account_ids,
    stage_identities,
    stage_original_authors,
)
from deepsignal_pipeline.lake import Lake, remove, temporary
from deepsignal_pipeline.mailmap_files import read_mailmaps
from deepsignal_pipeline.opt_out_file import read_opt_outs
from deepsignal_pipeline.overlap_staging import stage_null_model
from deepsignal_pipeline.prediction_staging import stage_predictions, stage_quantiles, stage_window
from deepsignal_pipeline.published_figures import keep_published_figures, stage_published_figures
from deepsignal_pipeline.redaction import redact_commits, redact_history
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.press import Press
from deepsignal_pipeline.settings import lock_hash
from deepsignal_pipeline.sources import CommitSource, refuse_outside
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column, Table
from deepsignal_pipeline.tables.report_facts import CATALOGUE_SUMS, CATALOGUE_VALUES
from deepsignal_pipeline.work_type_staging import path_patterns, stage_path_overrides

IDENTITIES = "deepsignal.identities"
STATE = "deepsignal.state"


class MixedVersionsError(Exception):
    """Tables of one quarter stand under different versions of the identities."""


@dataclass
class Inputs:
    """Where what is staged comes from, while one table is made; a context that cleans up after itself."""

    lake: Lake
    source: CommitSource
    content: Path
    quarters: Sequence[Quarter | None] = (None,)
    _opened: ExitStack = field(default_factory=ExitStack)
    _press: Press | None = None
    gone: list[Alias] | None = None
    mailmap_folder: Path | None = None
    counted: Known = field(default_factory=dict)

    def __enter__(self) -> Inputs:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def press(self, session: Session) -> Press:
        """Begin to print the editions of all quarters, once; whoever asks for one waits for it."""
        if self._press is None:
            orders = [_order(session, self, quarter) for quarter in self.quarters if quarter]
            for _, folder in orders:
                self._opened.callback(remove, folder)
            self._press = self._opened.enter_context(Press(orders))
        return self._press

    @cached_property
    def catalogue(self) -> Catalogue:
        """What people track; read once a table."""
        return load_catalogue(self.content)

    @cached_property
    def content_hash(self) -> str:
        """Digest of all that people write; read once a table."""
        return content_hash(self.content)

    @cached_property
    def overrides(self) -> Overrides:
        """What people decided by hand; read once a table."""
        return load_overrides(self.content, self.catalogue)

    @cached_property
    def predictions(self) -> Predictions:
        """What people predicted; read once a table."""
        return load_predictions(self.content, self.catalogue)

    @cached_property
    def work_types(self) -> WorkTypes:
        """What kind of work a path stands for; read once a table."""
        return load_work_types(self.content, self.catalogue)

    @cached_property
    def mailmaps(self) -> Mailmaps:
        """What mailmaps say that a user gave as evidence; read once a table, and never without being asked for."""
        return read_mailmaps(self.mailmap_folder)

    @cached_property
    def opt_outs(self) -> OptOuts | None:
        """Who asked to be left out; read once a table."""
        return read_opt_outs(self.lake.home)


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
    file = lake.file(table, quarter)
    return state is not None and file.is_file() and _file_metadata(file).get(STATE) == state


def stage(session: Session, inputs: Inputs, table: Table, quarter: Quarter | None, state: str | None = None) -> Staged:
    """Stage what the SELECT of a table needs for a quarter. The file will carry the state, if there is one."""
    metadata = _metadata(inputs.lake, table) | ({STATE: state} if state else {})
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
    if any(read.table == "first_commits" for read in table.reads):
        refuse_mixed(inputs.lake, table, quarter)
    folders = _STAGES[table.name](session, inputs, quarter) if table.name in _STAGES else None
    return Staged(parameters, metadata, folders or [])


Folders = list[tuple[Path, Path]]


def _tracked_repositories(session: Session, inputs: Inputs, _: Quarter | None) -> None:
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
    session.stage("catalogue_entries", _arrow(rows, TABLES["tracked_repositories"].columns))


def _repository_snapshots(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    inputs.source.stage_snapshots(session)


def _repository_metadata(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    inputs.source.stage_metadata(session)


def _quarantined_commits(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    inputs.source.stage_quarantine(session)


def _contributor_aliases(session: Session, inputs: Inputs, _: Quarter | None) -> None:
    inputs.source.stage_history(session)
    stage_account_ids(session, inputs)
    if inputs.opt_outs:
        redact_history(session, opted_out_aliases(session, inputs, inputs.opt_outs))
    _stage_imports(session, inputs)
    stage_original_authors(session, inputs, "source_history")


def _raw_commits(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    if quarter is None:
        raise ValueError("raw_commits is made a quarter at a time")
    refuse_outside(inputs.source, [quarter])
    inputs.source.stage_commits(session, quarter)
    if inputs.opt_outs:
        redact_commits(session, opted_out_aliases(session, inputs, inputs.opt_outs))


def _counted_commits(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
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


def _alias_terms(session: Session, _: Inputs, __: Quarter | None) -> None:
    stage_stop_words(session)


def _focus_terms(session: Session, _: Inputs, quarter: Quarter | None) -> None:
    stage_person_words(session, quarter)


def _category_depth(_: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    refuse_mixed(inputs.lake, TABLES["category_depth"], quarter)


def _category_coordination(session: Session, _: Inputs, quarter: Quarter | None) -> None:
    if quarter is None:
        raise ValueError("coordination is measured a quarter at a time")
    stage_coordination(session, quarter)


def _category_changes(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    if quarter is None:
        raise ValueError("category_changes is made a quarter at a time")
    stage_changes(session, quarter, inputs.counted)


def _category_overlaps(session: Session, _: Inputs, quarter: Quarter | None) -> None:
    if quarter is None:
        raise ValueError("overlaps are made a quarter at a time")
    stage_null_model(session, quarter)


def _report_facts(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    refuse_mixed(inputs.lake, TABLES["report_facts"], quarter)
    session.stage("measure_definitions", measure_definitions())
    session.read(TABLES["report_facts"], quarter)
    stage_intervals(session)


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
        "identities_hash": _identities(inputs.lake),
        "lock_hash": lock_hash(),
        "tables": {name: table.version for name, table in TABLES.items()},
    }


def _quarterly_report(session: Session, inputs: Inputs, quarter: Quarter | None) -> Folders:
    if quarter is None:
        raise ValueError("an edition is made a quarter at a time")
    table = TABLES["quarterly_report"]
    target = inputs.lake.edition(quarter)
    folder = temporary(target)
    files = inputs.press(session).files(inputs.quarters.index(quarter))
    rows = [{"file": f.name, "media_type": f.media_type} | _digest(folder / f.name) for f in files]
    session.stage("edition_files", _arrow(rows, table.columns))
    return [(folder, target), *keep_published_figures(session, inputs.lake, quarter)]


def _restatements(session: Session, inputs: Inputs, quarter: Quarter | None) -> None:
    if quarter is None:
        raise ValueError("restatements are made a quarter at a time")
    stage_published_figures(session, inputs.lake, quarter.shift(-1))


_STAGES: dict[str, Callable[[Session, Inputs, Quarter | None], Folders | None]] = {
    "tracked_repositories": _tracked_repositories,
    "repository_snapshots": _repository_snapshots,
    "repository_metadata": _repository_metadata,
    "quarantined_commits": _quarantined_commits,
    "contributor_aliases": _contributor_aliases,
    "contributor_identities": stage_identities,
    "raw_commits": _raw_commits,
    "changed_paths": stage_path_overrides,
    "counted_commits": _counted_commits,
    "measure_history": stage_window,
    "prediction_scores": stage_predictions,
    "prediction_calibration": stage_quantiles,
    "alias_terms": _alias_terms,
    "focus_terms": _focus_terms,
    "category_depth": _category_depth,
    "category_coordination": _category_coordination,
    "category_overlaps": _category_overlaps,
    "restatements": _restatements,
    "category_changes": _category_changes,
    "report_facts": _report_facts,
    "quarterly_report": _quarterly_report,
}


_MEASURED = (
    "category_metrics",
    "restatements",
    "repository_metrics",
    "category_overlaps",
    "contributor_migration",
    "work_type_mix",
    "category_depth",
    "category_coordination",
    "prediction_scores",
    "prediction_calibration",
    "focus_terms",
)
"""Tables whose columns with a unit become facts."""


def measure_definitions() -> pa.Table:
    """Return unit and definition of every measure that becomes a fact, from the contracts."""
    category = {column.name: column for column in TABLES["category_metrics"].columns}
    rows = [row for name in _MEASURED for row in _definitions(name, (c for c in TABLES[name].columns if c.unit))]
    rows += _definitions("catalogue_sums", (category[name] for name in CATALOGUE_SUMS))
    rows += _definitions("catalogue_values", CATALOGUE_VALUES)
    return pa.Table.from_pylist(rows)


def refuse_mixed(lake: Lake, table: Table, quarter: Quarter | None) -> None:
    """Raise MixedVersionsError if what a table reads of a quarter was made under two versions of the identities."""
    expected = _identities(lake)
    for read in table.reads:
        source = TABLES[read.table]
        if not _stands_under_identities(source):
            continue
        made_for = quarter if source.quarterly else None
        if _file_metadata(lake.file(source, made_for)).get(IDENTITIES) != expected:
            what = f"{source.name} of {quarter}" if made_for else source.name
            command = f"deepsignal run --job publish_quarters --quarter {quarter}"
            raise MixedVersionsError(
                f"{what} stands under other identities than contributor_identities; run: {command}"
            )


def _definitions(table_name: str, columns: Iterable[Column]) -> list[dict[str, object]]:
    return [
        {
            "table_name": table_name,
            "measure": column.name,
            "unit": column.unit,
            "definition": column.meaning,
            "people": column.people,
        }
        for column in columns
    ]


def _stands_under_identities(table: Table) -> bool:
    return table.stage == 2 and table.name != "contributor_identities"


def _metadata(lake: Lake, table: Table) -> dict[str, str]:
    """Return what the files of stage 2 carry: the digest of the identities that they stand under."""
    return {IDENTITIES: _identities(lake)} if _stands_under_identities(table) else {}


def _identities(lake: Lake) -> str:
    file = lake.file(TABLES["contributor_identities"])
    stated = file.stat()
    return _digest_once(file, stated.st_ino, stated.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest_once(file: Path, _inode: int, _written: int) -> str:
    """Return the digest of a file that is replaced and never changed: every table and quarter asks for it."""
    return str(_digest(file)["sha256"])


def _file_metadata(path: Path) -> dict[str, str]:
    try:
        stored = pq.read_metadata(path).metadata or {}
    except pa.ArrowException:
        raise broken_file(path) from None
    return {key.decode(): value.decode() for key, value in stored.items()}


def _digest(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {"size_bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DATE": pa.date32(),
}


def _arrow(rows: list[dict[str, object]], columns: Iterable[Column]) -> pa.Table:
    """Turn rows into a relation with a contract's columns and types."""
    return pa.Table.from_pylist(rows, schema=pa.schema([(column.name, _ARROW[column.type]) for column in columns]))
