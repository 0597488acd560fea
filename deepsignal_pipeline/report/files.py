"""The files beside the page: CSV tables and facts.json."""

from __future__ import annotations

import csv
import io
import json
import re

from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.facts import Fact
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Column, Table

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(table: Table) -> bytes:
    """Return a table as CSV; an interval is two columns of numbers. No cell can be read as a formula by a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    keys = [_parts(c, c.key, (f"{c.key}_low", f"{c.key}_high")) for c in table.columns]
    writer.writerow([safe_cell(key) for column in keys for key in column])
    for row in (*table.rows, *table.totals):
        raw = [_parts(column, cell.raw, cell.ends) for column, cell in zip(table.columns, row, strict=True)]
        writer.writerow([safe_cell(text) for cell in raw for text in cell])
    return written.getvalue().encode()


def _parts(column: Column, value: str, ends: tuple[str, str]) -> tuple[str, ...]:
    """Return what a column of a table puts into a CSV."""
    return (*(() if column.has_ends else (value,)), *(ends if column.has_ends or column.adds_ends else ()))


def safe_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; numbers stay numbers."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def facts_json(context: Context) -> bytes:
    """Return every fact of the quarter as JSON, sorted by id; what is hidden is not in it."""
    quarter = context.quarter
    document = {
        "quarter": quarter.key,
        "label": quarter.label,
        "sources": [
            {
                "source": source.name,
                "repositories": source.repositories,
                "fetched_at": f"{source.fetched_at:%Y-%m-%dT%H:%M:%SZ}",
                "query": "SELECT source, count(*) FROM repository_snapshots JOIN tracked_repositories USING (repository) "
                "GROUP BY source",
            }
            for source in context.sources
        ],
        "made_from": _made_from(context),
        "facts": [fact_entry(fact) for fact in context.facts],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _made_from(context: Context) -> object:
    """Return what the edition was made from, every name in order, also within the values."""
    tips = {
        tip.repository: {
            "tip": tip.tip,
            "complete_until": f"{tip.complete_until:%Y-%m-%dT%H:%M:%SZ}" if tip.complete_until else None,
        }
        for tip in context.tips
    }
    return json.loads(json.dumps({**context.provenance, "repositories": tips}, sort_keys=True))


def fact_entry(fact: Fact) -> dict[str, object]:
    """Return a fact as it is published: without its value where that is hidden."""
    value = fact.shown
    marks = [*fact.marks, *([fact.hidden] if fact.hidden and fact.hidden not in fact.marks else [])]
    return {
        "id": fact.fact_id,
        "value": int(value) if value is not None and value == int(value) else value,
        "unit": fact.unit,
        "definition": fact.definition,
        "query": fact.query,
        "n": None if fact.hidden else fact.n,
        "low": fact.interval[0] if fact.interval else None,
        "high": fact.interval[1] if fact.interval else None,
        "marks": marks,
        **({"shown": show(fact)} if fact.hidden else {}),
    }
