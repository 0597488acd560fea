"""Write docs/methodology.md from contracts and SQL headers, so that what is told is what is computed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from deepsignal_pipeline.sql import header_of, select_text, sums_text
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column, Table

_INTRODUCTION = """# Methodology

Generated from the contracts (`deepsignal_pipeline/tables/`) and the headers of the SELECTs (`deepsignal_pipeline/sql/`) by
`make docs`; `make check` fails if it is out of date. Every table is made by one SELECT, checked against its contract before
anyone can see it, and kept as Parquet, one file a quarter.

A quarter is half open in UTC and decided by the committer date. Stage 1 is made from one quarter alone and knows no persons;
stage 2 reads stage 1 over a stated window, under one version of the identities.
"""


def methodology() -> str:
    """Return the page: one section a table, in the order in which the tables are made."""
    return "\n".join([_INTRODUCTION, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    grain = ", ".join(f"`{name}`" for name in (("quarter",) if table.quarterly else ()) + table.grain)
    lines = [
        f"## {table.name}",
        "",
        f"A row is {table.one_row_is}. Stage {table.stage}, group {table.group}, version {table.version}. Grain: {grain}.",
        "",
        header_of(select_text(table.name)),
        "",
        *_reads(table),
        *_sums(table),
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
        *(_row(column) for column in table.columns),
        "",
    ]
    if table.rules:
        lines += ["Checked before publication, row by row:", "", *(f"- {rule.sentence}" for rule in table.rules), ""]
    return "\n".join(lines)


def _reads(table: Table) -> list[str]:
    if not table.reads:
        return []
    return [f"Reads {', '.join(read.described for read in table.reads)}.", ""]


def _sums(table: Table) -> list[str]:
    """Tell what is summed on the way, by the first sentence of each file's header."""
    names = [*table.sums, *(name for name in table.derives if name not in TABLES)]
    if not names:
        return []
    return ["Summed on the way:", "", *(f"- `{n}`: {header_of(sums_text(n)).splitlines()[0]}" for n in names), ""]


def _row(column: Column) -> str:
    meaning = column.meaning + (f"; one of: {', '.join(column.allowed)}" if column.allowed else "")
    nullable = "" if column.required else " (may be null)"
    return f"| `{column.name}` | {column.type} | {column.unit} | {meaning}{nullable} |"


def main(arguments: Sequence[str]) -> int:
    """Write the page to a path, or with `--check` compare it; return the exit status."""
    path = Path(arguments[-1])
    page = methodology()
    if "--check" not in arguments:
        path.write_text(page, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == page:
        return 0
    sys.stderr.write(f"{path} is out of date; run: make docs\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
