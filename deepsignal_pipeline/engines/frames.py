"""What the engine puts around the SELECTs of `sql/`: windows, parameters, names of relations, the frame of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.sql import select_text, sums_text
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Read, Table


def window_of(read: Read, quarter: Quarter | None) -> Sequence[Quarter | None]:
    """Quarters that a read covers, oldest first; `[None]` for a table without quarters. None lies before the first."""
    if not TABLES[read.table].quarterly:
        return [None]
    if quarter is None:
        raise ValueError(f"{read.table} is read a quarter at a time")
    return [q for n in range(read.quarters_back, -1, -1) if (q := quarter.shift(-n)) >= FIRST_QUARTER]


def framed(table: Table) -> str:
    """Frame a SELECT: the contract's columns, cast to its types, in its order of rows."""
    columns = ", ".join(f"CAST({c.name} AS {c.type}) AS {c.name}" for c in table.columns)
    return f"SELECT {columns} FROM ({select_text(table.name)}) ORDER BY {', '.join(table.sort_columns)}"


def derived_text(name: str) -> str:
    """Return the SELECT of a derived relation: of a table, or of sums that a table alone reads."""
    return select_text(name) if name in TABLES else sums_text(name)


def quarter_parameters(quarter: Quarter | None) -> dict[str, object]:
    """Return what a SELECT may ask about its quarter: first day, first instant, and the first instant after it."""
    if quarter is None:
        return {}
    return {"quarter": quarter.first_day, "quarter_start": quarter.start, "quarter_end": quarter.end}


def cell_text(value: object) -> str:
    """Show a value in a Markdown table: on one line, nothing of it read as markup."""
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return re.sub(r"([\\|`<>*_\[\]])", r"\\\1", " ".join(text.split()))[:60]


def part_name(name: str, quarter: Quarter) -> str:
    """Return the name under which a quarter of a derived relation is held."""
    return f"{relation_name(name)}_{quarter.year}_q{quarter.number}"


def relation_name(identifier: str) -> str:
    """Return the name of a relation as it may stand in SQL; raise ValueError for anything else."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", identifier):
        raise ValueError(f"{identifier!r} is no relation name")
    return identifier
