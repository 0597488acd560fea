"""Faults S04, S09, V01 and V05: names that look like markup or SQL, and addresses, in tables, previews and editions."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pipeline_fixtures import Shared

if TYPE_CHECKING:
    from conftest import Lab

NAMES = (
    "Robert'); DROP TABLE raw_commits; --",
    'Quo"te',
    "$quarter",
    "%s {0} {{7*7}}",
    "back\\slash",
    "x' OR '1'='1",
    "<script>alert(1)</script>",
    "$$dollar$$",
)
_PART = re.compile(r"[^\s,;\"'<>()\[\]{}|&=]+")


def test_S09_names_are_values_and_never_part_of_a_query(lab: Lab) -> None:
    bench = lab.bench([lab.commit("a/one", name, "2023-02-01") for name in NAMES], categories="a")
    bench.write("category_metrics", read="2023-Q1")
    assert {row["name"] for row in bench.rows("contributor_aliases")} == set(NAMES)
    assert bench.row("category_metrics", "2023-Q1", category="a")["commits"] == len(NAMES)


def test_S09_a_table_that_is_missing_is_no_variable_and_no_file(lab: Lab) -> None:
    bench = lab.bench([lab.commit("a/one", "Nari", "2023-02-01")], categories="a")
    elsewhere = pa.table({"x": [1]})
    with bench.pipeline.engine.session() as session, pytest.raises(duckdb.CatalogException, match="elsewhere"):
        session.frame("FROM elsewhere")
    assert elsewhere.num_rows == 1


def test_S04_a_preview_in_the_web_server_shows_text_as_text(lab: Lab) -> None:
    path = "<img src=x onerror=alert(1)> [x](javascript:y) | `code`"
    bench = lab.bench([lab.commit("a/one", "Nari", "2023-02-01", paths=[path])], categories="a")
    bench.run("tracked_repositories", "repository_snapshots", read="2023-Q1")
    (preview,) = bench.make("raw_commits", "2023-Q1").previews.values()
    assert r"\<img src=x onerror=alert(1)\> \[x\]" in preview
    assert "<img" not in preview.replace(r"\<", "")
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in preview.splitlines()}) == 1


def test_V01_V05_no_address_of_a_commit_or_of_a_trailer_is_in_an_edition(runs: Shared) -> None:
    """Aliases have every address of the history, those of trailers and GitHub's own included."""
    aliases = pq.ParquetFile(runs.published_home / "lake" / "contributor_aliases" / "part-0.parquet").read()
    addresses = {address for address in aliases["email"].to_pylist() if "@" in address}
    assert len(addresses) > 1000
    assert any("noreply.github.com" in address for address in addresses)
    for path in (runs.published_home / "editions").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        embedded = [base64.b64decode(data).decode() for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", text)]
        for part in (text, *embedded):
            assert not addresses & set(_PART.findall(part)), path
