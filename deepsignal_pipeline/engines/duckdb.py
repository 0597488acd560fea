"""Run the SELECT of a table over the lake in DuckDB, and write what it gives as Parquet.

The text of every SELECT stands in `sql/`; the only SQL made here is the frame around it, from names and types of the
contracts. Nothing here decides what is published: that is the caller's, after its checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.frames import (
    cell_text,
    derived_text,
    framed,
    part_name,
    quarter_parameters,
    relation_name,
    window_of,
)
from deepsignal_pipeline.engines.stored_files import (
    MissingQuarterError,
    account_of,
    broken_file,
    command_of,
    explain_missing,
    refuse_misplaced,
)
from deepsignal_pipeline.lake import Lake, LakeError, removed_on_error, temporary
from deepsignal_pipeline.sql import parameters_of
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column, Read, Table

Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
Parameters = Mapping[str, object]

_SETTINGS = (
    "SET TimeZone = 'UTC'",  # date_trunc on an instant follows the session's zone
    "SET python_enable_replacements = false",  # a missing table must not become a Python variable of that name
    "SET autoinstall_known_extensions = false",
)


_PREVIEW_ROWS, _PREVIEW_COLUMNS = 12, 12
_BY_CATEGORY = ("alias_activity", "first_commits", "tracked_repositories")
"""What is grouped and joined by category, by person, over whole windows."""


@dataclass
class Session:
    """One connection over the lake. Relations handed to `stage` live as long as the session."""

    connection: duckdb.DuckDBPyConnection
    lake: Lake
    metadata: dict[str, str] = field(default_factory=dict)
    bound: set[Path] = field(default_factory=set)
    _derived: dict[str, list[Quarter]] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _names_categories: bool = False
    _read: tuple[str, Quarter | None] | None = None

    def stage(self, name: str, relation: pa.Table | duckdb.DuckDBPyRelation) -> None:
        """Give a relation the name under which the SELECTs read it."""
        if isinstance(relation, pa.Table):
            relation = self.connection.from_arrow(relation)
        relation.create_view(name, replace=True)

    def stage_file(self, name: str, path: str) -> None:
        """Give the rows of a Parquet or CSV file the name under which the SELECTs read them."""
        read = self.connection.read_csv if path.endswith(".csv") else self.connection.read_parquet
        read(path).create_view(name, replace=True)

    def materialize(self, name: str, select: str, parameters: Parameters) -> None:
        """Compute a SELECT once and keep the rows under a name, for several SELECTs to read."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation_name(name)} AS {select}", dict(parameters))

    def holds(self, name: str) -> bool:
        """Tell whether rows are kept under a name."""
        found = self.connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": name})
        return bool(found.fetchall())

    def keep(self, name: str, columns: Sequence[str]) -> None:
        """Hold columns of a table in memory under its own name, for many quarters to read.

        Where the contract lists every value, they are numbers with names: they compare in the order of the contract.
        """
        contract = {column.name: column for column in TABLES[name].columns}
        held = ", ".join(_kept_column(contract[column]) for column in columns)
        self.materialize(f"{name}_kept", f"SELECT {held} FROM {relation_name(name)}", {})
        self.connection.table(f"{name}_kept").create_view(relation_name(name), replace=True)
        self._kept.add(name)

    def replace(self, name: str, select: str, parameters: Parameters) -> None:
        """Put the rows of a SELECT, which may read the relation itself, in the place of a staged relation."""
        kept = relation_name(f"{name}_replaced")
        self.connection.execute(f"CREATE OR REPLACE TABLE {kept} AS {select}", dict(parameters))
        # What was a view stays one and what was a table stays one: the next quarter stages it again
        if not self.holds(name):
            self.connection.table(kept).create_view(relation_name(name), replace=True)
        else:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation_name(name)} AS FROM {kept}")

    def write(self, table: Table, quarter: Quarter | None = None, **parameters: object) -> Path:
        """Run the SELECT of a table and write its rows, sorted and typed by the contract, to a temporary file.

        Parameters `quarter`, `quarter_start` and `quarter_end` are bound where the SELECT uses them. Raises
        MissingQuarterError if a quarter that it reads is not in the lake.
        """
        # Staging may have bound it already, to count what it stages
        if self._read != (table.name, quarter):
            self.read(table, quarter)
        written = temporary(self.lake.file(table, quarter))
        select = framed(table)
        bound = {**quarter_parameters(quarter), **parameters}
        used = {name: bound[name] for name in parameters_of(select)}
        copy = f"COPY ({select}) TO $target_file (FORMAT parquet, COMPRESSION zstd, KV_METADATA $file_metadata)"
        metadata = account_of(table, quarter) | self.metadata
        with removed_on_error(written):
            self.connection.execute(copy, {**used, "target_file": str(written), "file_metadata": metadata})
        return written

    def read(self, table: Table, quarter: Quarter | None = None, *, derives: bool = True) -> None:
        """Bind every table that the SELECT of `table` reads, and derive what it derives, at the quarters of its window."""
        if table.derives and not self._names_categories:
            self.name_categories()
        for read in table.reads:
            self.bind(read, quarter)
        if table.derives and derives:
            reads = {read.table: read for read in table.reads}
            rebound = [reads[read.table] for name in table.derives if name in TABLES for read in TABLES[name].reads]
            window = max((window_of(read, quarter) for read in rebound), key=len)
            self.derive(table, [q for q in window if q is not None])
            for read in rebound:
                self.bind(read, quarter)
        self._read = (table.name, quarter)

    def name_categories(self) -> None:
        """Hold the categories of what is bound from here on as numbers with names, in the order of the names.

        A dozen names are told apart once a person and quarter; as texts a quarter costs a fourth more (docs/performance.md).
        """
        self.bind(Read("tracked_repositories"))
        names = "SELECT DISTINCT category FROM tracked_repositories ORDER BY category"
        self.connection.execute(f"CREATE TYPE category_name AS ENUM ({names})")
        self._names_categories = True

    def with_named_categories(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Return a relation with its category as one of the session's."""
        return relation.project("* REPLACE (CAST(category AS category_name) AS category)")

    def refuse_other_categories(self) -> None:
        """Raise LakeError if a file that was bound has a category that the catalogue of today has not."""
        if not self._names_categories:
            return
        for path in sorted(path for path in self.bound if not set(_BY_CATEGORY).isdisjoint(path.parts[-3:])):
            odd = self.connection.execute(
                "SELECT DISTINCT category FROM read_parquet($file) WHERE TRY_CAST(category AS category_name) IS NULL",
                {"file": str(path)},
            ).fetchall()
            if odd:
                told = ", ".join(sorted(category for (category,) in odd))
                raise LakeError(f"{path}: was read under other categories ({told}); run: {command_of(path)}")

    def derive(self, table: Table, quarters: Sequence[Quarter]) -> None:
        """Give the names of what `table` derives to what their SELECTs give for some quarters, oldest first.

        A SELECT is applied to a quarter at a time, and once a session as long as the quarter is asked for: the next
        quarter's window shares most of it. What it reads is bound to single quarters afterwards.
        """
        for name in table.derives:
            kept = self._derived.setdefault(name, [])
            for q in [q for q in kept if q not in quarters]:
                self.connection.execute(f"DROP TABLE {part_name(name, q)}")
                kept.remove(q)
            for q in [q for q in quarters if q not in kept]:
                self._bind_for(name, q)
                self.materialize(part_name(name, q), derived_text(name), {})
                kept.append(q)
        for name in table.derives:
            self._unite(name, quarters)

    def _bind_for(self, name: str, quarter: Quarter) -> None:
        """Bind what a derived relation reads of a quarter: tables, or what is derived before it.

        A table without quarters is held in memory, as far as the SELECT names it.
        """
        if name not in TABLES:
            for source in [source for source, quarters in self._derived.items() if quarter in quarters]:
                self._unite(source, [quarter])
            return
        for read in TABLES[name].reads:
            table = TABLES[read.table]
            if table.quarterly:
                self.bind(read, quarter)
            elif table.name not in self._kept:
                self.bind(read)
                words = set(re.findall(r"\w+", derived_text(name)))
                self.keep(table.name, [column for column in table.column_names if column in words])
            else:
                self.connection.table(f"{table.name}_kept").create_view(table.name, replace=True)

    def _unite(self, name: str, quarters: Sequence[Quarter]) -> None:
        """Give a derived relation's name to its rows of some quarters, with the quarter of each."""
        parts = " UNION ALL ".join(f"SELECT DATE '{q.key}' AS quarter, * FROM {part_name(name, q)}" for q in quarters)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {relation_name(name)} AS {parts}")

    def bind(self, read: Read, quarter: Quarter | None = None) -> None:
        """Give the files of a table's window the table's name. An empty window before the first quarter is empty.

        Raises MissingQuarterError for a quarter that is not there, BrokenFileError for a file of another place.
        """
        source = TABLES[read.table]
        window = window_of(read, quarter)
        missing = [q for q in window if not self.lake.has(source, q)]
        if missing:
            raise MissingQuarterError(explain_missing(self.lake, source, missing, quarter))
        refuse_misplaced(self.lake, source, window)
        files = [self.lake.file(source, q) for q in window]
        self.bound |= set(files)
        relation = self.connection.read_parquet([str(file) for file in files], hive_partitioning=source.quarterly)
        if self._names_categories and source.name in _BY_CATEGORY:
            relation = self.with_named_categories(relation)
        relation.create_view(source.name, replace=True)

    def rows(self, path: Path) -> int:
        """Return the number of rows of a Parquet file."""
        return int(pq.read_metadata(path).num_rows)

    def preview(self, table: Table, path: Path) -> str:
        """First rows of a file as a Markdown table, without the columns that tell who somebody is."""
        shown = [column.name for column in table.columns if not column.is_personal][:_PREVIEW_COLUMNS]
        # A relation would be bound once more at every step of its making
        select = f"SELECT {', '.join(shown)} FROM read_parquet($file, hive_partitioning = false) LIMIT {_PREVIEW_ROWS}"
        rows = self.connection.execute(select, {"file": str(path)}).fetchall()
        lines = [shown, ["---"] * len(shown), *([cell_text(value) for value in row] for row in rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def frame(self, select: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyConnection:
        """Run a SELECT; the result is fetched by the caller."""
        return self.connection.execute(select, dict(parameters or {}))


@dataclass(frozen=True)
class DuckDBEngine:
    """Opens sessions over a lake through a connection factory (dagster-duckdb's resource in a run)."""

    connect: Connect
    lake: Lake
    threads: int | None = None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a connection for the length of a `with`. The resource does not close it on an exception; this does."""
        with self.connect() as connection:
            session = Session(connection, self.lake)
            try:
                for setting in _SETTINGS:
                    connection.execute(setting)
                # What does not fit in memory may hold addresses: it stays in the home, under a name that is swept
                connection.execute("SET temp_directory = $folder", {"folder": str(temporary(self.lake.home / "spill"))})
                if self.threads:
                    connection.execute(f"SET threads = {self.threads:d}")
                yield session
            except duckdb.Error as error:
                # Not every complaint of DuckDB names the file
                for path in sorted(session.bound):
                    if _is_broken(connection, path):
                        raise broken_file(path) from error
                if isinstance(error, duckdb.ConversionException):
                    session.refuse_other_categories()
                raise
            finally:
                connection.close()


def _kept_column(column: Column) -> str:
    """Return how a column is kept: numbers join and compare faster than texts (docs/performance.md)."""
    if not column.allowed:
        return column.name
    names = ", ".join(f"'{value}'" for value in column.allowed)
    return f"CAST({column.name} AS ENUM({names})) AS {column.name}"


def _is_broken(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    try:
        connection.execute("SELECT max(hash(stored)) FROM read_parquet($files) AS stored", {"files": [str(path)]})
    except duckdb.Error:
        return True
    return False
