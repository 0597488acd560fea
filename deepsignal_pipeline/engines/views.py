"""`deepsignal.duckdb`: views over the lake, for people. No run reads it, so nobody who holds it open stops anything.

It is built beside the old file and renamed over it; it holds no rows and can be thrown away at any time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import duckdb

from deepsignal_pipeline.lake import Lake, LakeError, discard, remove, replace_file, temporary
from deepsignal_pipeline.sql import view_text
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Table

_LONGEST = 200  # characters of a complaint of DuckDB's that are told

VIEWS = {"commits": ("counted_commits", "contributor_identities")}
"""Views beside one a table, with the tables that each of them needs; a column means what it means in the first that has it."""

_ROWS = {"commits": "a commit, counted or not, with its contributor"}
_MEANINGS = {
    "commits": {
        "is_counted": "no reason stands against it, and no bot or agent made it",
        "not_counted_reason": "first reason that applies, bot the last; null when counted",
    }
}
"""What is said of these views: of their rows, and of the columns that are not those of a table."""


def database_of(lake: Lake) -> Path:
    """Path of the file of views."""
    return lake.home / "deepsignal.duckdb"


def ensure_views(lake: Lake) -> None:
    """Build the file of views anew unless it is there and has a view for every table of the lake, at this home."""
    if not is_current(lake):
        rebuild_views(lake)


def is_current(lake: Lake) -> bool:
    """Whether the file of views is there and was built for this home and for the tables that the lake has."""
    stamp = _stamp_of(lake)
    return database_of(lake).is_file() and stamp.is_file() and stamp.read_bytes() == _state(lake).encode()


def problem_of_views(lake: Lake) -> str:
    """Say in one line why the file of views cannot be read; empty if it can, or if somebody holds it open for writing."""
    try:
        with duckdb.connect(str(database_of(lake)), read_only=True) as connection:
            connection.execute("FROM duckdb_views()").fetchall()
    except duckdb.Error as error:
        text = " ".join(str(error).split())
        return "" if "Conflicting lock" in text else text[:_LONGEST]
    return ""


def rebuild_views(lake: Lake) -> None:
    """Build the file of views anew and put it in the place of the old one; raise LakeError if it cannot be written."""
    target = database_of(lake)
    written = temporary(target)
    remove(written)
    tables = _tables_present(lake)
    try:
        made = _create_views(lake, written, tables)
        replace_file(written, target)
    except duckdb.Error as error:
        reason = " ".join(str(error).split())[:_LONGEST]
        raise LakeError(f"{target}: {reason}; what was there stays, mend that and run: deepsignal views") from None
    finally:
        discard([written, written.with_name(written.name + ".wal")])
    # A notebook that wrote into the old file may have left its journal, which does not belong to the new one
    remove(target.with_name(target.name + ".wal"))
    if made != tables:
        return
    stamp = temporary(_stamp_of(lake))
    stamp.write_text(_state(lake), encoding="utf-8")
    replace_file(stamp, _stamp_of(lake))


def _create_views(lake: Lake, database: Path, tables: list[str]) -> list[str]:
    """Write a file with a view for each table and return those that have one: a broken file stops nobody else's view.

    The runs that read the file name it, and `deepsignal doctor` does; the views are tried again until it is mended.
    """
    made = []
    with duckdb.connect(str(database)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in tables:
            table = TABLES[name]
            pattern = lake.folder(table) / ("*" if table.quarterly else "") / "part-0.parquet"
            with contextlib.suppress(duckdb.InvalidInputException):
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_quoted(str(pattern))})")
                made.append(name)
                _comment(connection, name, table.one_row_is, _meanings(table))
        for view, needs in VIEWS.items():
            if set(needs) <= set(made):
                connection.execute(f"CREATE VIEW {view} AS {view_text(view)}")
                _comment(connection, view, _ROWS[view], _meanings_of_view(view))
    return made


def _meanings(table: Table) -> dict[str, str]:
    """Return what each column of a table means."""
    said = {c.name: f"{c.meaning} [{c.unit}]" if c.unit else c.meaning for c in table.columns}
    return said | ({"quarter": "first day of the quarter, UTC"} if table.quarterly else {})


def _meanings_of_view(view: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for name in reversed(VIEWS[view]):
        said |= _meanings(TABLES[name])
    return said | _MEANINGS[view]


def _comment(connection: duckdb.DuckDBPyConnection, view: str, one_row_is: str, meanings: Mapping[str, str]) -> None:
    """Say in the database itself what a row and each column is; a file of an older contract may lack some columns."""
    held = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
    comments = [f"COMMENT ON VIEW {view} IS {_quoted(f'A row is {one_row_is}.')}"]
    comments += [f"COMMENT ON COLUMN {view}.{name} IS {_quoted(meanings[name])}" for name in held if name in meanings]
    # One transaction: each alone would write to the disk
    connection.execute(";".join(["BEGIN", *comments, "COMMIT"]))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tables_present(lake: Lake) -> list[str]:
    return [name for name, table in TABLES.items() if (lake.quarters(table) if table.quarterly else lake.has(table))]


def _stamp_of(lake: Lake) -> Path:
    return lake.home / ".views"


def _state(lake: Lake) -> str:
    return "\n".join([str(lake.home), *(f"{name} {TABLES[name].version}" for name in _tables_present(lake))]) + "\n"
