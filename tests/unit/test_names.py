"""One table has one name everywhere, its SELECT the columns of its contract, and a changed SELECT a raised version.

After the meaning of a SELECT changed and the version in `tables/<table>.py` was raised, write the digests anew with
`python tests/unit/test_names.py`; the diff of `tests/sql/versions.csv` then shows what changed under which version.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from deepsignal_pipeline.sql import header_of, parameters_of, select_text, sums_text
from deepsignal_pipeline.staging.work_types import PATTERNS
from deepsignal_pipeline.tables import TABLES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "deepsignal_pipeline"
VERSIONS = ROOT / "tests" / "sql" / "versions.csv"
BOUND = {
    "quarter",
    "quarter_start",
    "quarter_end",
    "previous_start",
    "previous_quarter",
    "has_previous",
    "first_quarter",
    "identity_key",
    "is_lost",
    *PATTERNS,
}


def digest(table: str) -> str:
    """Return the digest of a table's SELECT and of its sums, without their comments, line breaks and indents."""
    code = re.sub(r"--[^\n]*", "", "\n".join([select_text(table), *map(sums_text, sums_of(table))]))
    return hashlib.sha256(" ".join(code.split()).encode()).hexdigest()[:16]


def sums_of(table: str) -> list[str]:
    """Return the files of `sql/sums/` that a table is made with."""
    contract = TABLES[table]
    return [*contract.sums, *(name for name in contract.derives if name not in TABLES)]


def stated_versions() -> dict[str, tuple[str, str]]:
    with VERSIONS.open(encoding="utf-8", newline="") as file:
        return {row["table"]: (row["version"], row["digest"]) for row in csv.DictReader(file)}


def write_versions() -> None:
    with VERSIONS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("table", "version", "digest"))
        writer.writerows((name, table.version, digest(name)) for name, table in TABLES.items())


def test_asset_table_select_module_and_test_have_the_same_names() -> None:
    from deepsignal_pipeline.definitions import defs

    names = set(TABLES)
    assert {key.to_user_string() for key in defs().resolve_asset_graph().get_all_asset_keys()} == names
    assert {path.stem for path in (PACKAGE / "sql").glob("*.sql")} == names
    modules = {path.stem for path in (PACKAGE / "tables").glob("*.py")} - {"__init__", "contract"}
    assert modules == names
    assert names <= {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "sql").glob("test_*.py")}


@pytest.mark.parametrize("name", TABLES)
def test_a_module_holds_the_contract_of_its_name(name: str) -> None:
    assert import_module(f"deepsignal_pipeline.tables.{name}").TABLE is TABLES[name]
    assert TABLES[name].name == name


@pytest.mark.parametrize("name", TABLES)
def test_what_a_table_reads_is_made_before_it(name: str) -> None:
    order = list(TABLES)
    reads = [read.table for read in TABLES[name].reads]
    assert all(order.index(read) < order.index(name) for read in reads)
    assert all(TABLES[read].stage <= TABLES[name].stage for read in reads)
    assert set(TABLES[name].grain) | set(TABLES[name].sort_columns) <= set(TABLES[name].column_names)


def columns_selected(name: str) -> list[str]:
    """Return the names of the columns that the last SELECT of a file gives, as DuckDB's parser sees them."""
    with duckdb.connect() as connection:
        (tree,) = connection.execute("SELECT json_serialize_sql(?)", [select_text(name)]).fetchone() or ("",)
        chosen = connection.execute(
            "SELECT json_extract(?, '$.statements[0].node.select_list[*].alias'), "
            "json_extract(?, '$.statements[0].node.select_list[*].column_names')",
            [tree, tree],
        ).fetchone()
    aliases, names = chosen or ([], [])
    # An expression without an alias is a column; `s.repository` has two names, of which the last counts
    plain = iter(names)
    return [alias.strip('"') or re.findall(r'"([^"]+)"', next(plain))[-1] for alias in aliases]


@pytest.mark.parametrize("name", TABLES)
def test_a_select_gives_the_columns_of_the_contract_in_their_order(name: str) -> None:
    given = [column for column in columns_selected(name) if not (column == "quarter" and TABLES[name].quarterly)]
    assert given == list(TABLES[name].column_names)


@pytest.mark.parametrize("name", TABLES)
def test_the_header_says_what_the_table_is_and_names_its_grain(name: str) -> None:
    lines = header_of(select_text(name)).splitlines()
    assert lines[0].endswith(".")
    assert lines[1] == ""
    assert lines[2].startswith("Grain: ")
    assert len(lines[0]) > 20


@pytest.mark.parametrize("name", TABLES)
def test_a_select_uses_only_parameters_that_are_bound(name: str) -> None:
    assert parameters_of(select_text(name)) <= BOUND


@pytest.mark.parametrize("name", TABLES)
def test_every_table_that_a_select_names_is_read_derived_or_staged(name: str) -> None:
    table = TABLES[name]
    named = _named(select_text(name))
    summed = {table for text in map(sums_text, sums_of(name)) for table in _named(text)}
    handed = {read.table for read in table.reads} | set(table.derives) | set(table.staged)
    assert named <= handed
    # What is only waited for (a dependency) or read by the derived tables is not named
    derived = {read.table for derive in table.derives if derive in TABLES for read in TABLES[derive].reads}
    assert set(table.staged) <= named
    assert set(table.derives) <= named | summed
    assert derived <= {read.table for read in table.reads}


def _named(select: str) -> set[str]:
    with duckdb.connect() as connection:
        return connection.get_table_names(re.sub(r"\$[a-z_]+", "NULL", select))


def test_every_sum_belongs_to_a_table() -> None:
    assert {path.stem for path in (PACKAGE / "sql" / "sums").glob("*.sql")} == {
        s for name in TABLES for s in sums_of(name)
    }


@pytest.mark.parametrize("name", TABLES)
def test_a_changed_select_raises_the_version(name: str) -> None:
    stated = stated_versions().get(name)
    version, now = TABLES[name].version, digest(name)
    assert stated is not None, f"{name} is not in {VERSIONS.name}; run: python tests/unit/test_names.py"
    if stated == (version, now):
        return
    if stated[0] == version:
        pytest.fail(
            f"sql/{name}.sql or its sums changed under version {version}: raise `version` in tables/{name}.py if a value means "
            "something else now, then run: python tests/unit/test_names.py"
        )
    pytest.fail(f"{name} is version {version}, the file says {stated[0]}; run: python tests/unit/test_names.py")


def test_the_digest_sees_code_and_not_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"a": "-- x\nSELECT\n  1 -- one\n", "b": "SELECT 1", "c": "SELECT 2"}
    monkeypatch.setattr(sys.modules[__name__], "sums_of", dict.fromkeys(texts, ()).__getitem__)
    monkeypatch.setattr(sys.modules[__name__], "select_text", texts.__getitem__)
    assert digest("a") == digest("b") != digest("c")


if __name__ == "__main__":
    write_versions()
