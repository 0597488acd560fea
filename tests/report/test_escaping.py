"""Names are data: whatever a repository is called, it is shown as it is in every file."""

import base64
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import PAYLOADS
from page import Page

from deepsignal_pipeline.report.charts.fonts import MISSING, clean, fitted, width
from deepsignal_pipeline.report.files import safe_cell
from deepsignal_pipeline.report.render import escape_markdown


def test_S04_html_shows_names_as_they_are(hostile: Path):
    page = Page.parse((hostile / "index.html").read_text())
    shown = {element.text for element in page.find("span", "th")}
    assert set(PAYLOADS) <= shown
    assert not page.find("script", "iframe")
    assert all(set(image.attributes) == {"src", "alt"} for image in page.find("img"))
    assert not [e for e in page.elements for a in e.attributes if a.startswith("on")]


def test_S04_pictures_are_well_formed_and_hold_no_foreign_element(hostile: Path):
    page = (hostile / "index.html").read_text()
    embedded = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    assert len(embedded) == 2 * len(list((hostile / "charts").glob("*.svg"))) > 0
    for data in [*map(base64.b64decode, embedded), *(path.read_bytes() for path in hostile.glob("charts/*.svg"))]:
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(data).iter()}  # noqa: S314
        assert not tags & {"script", "image", "foreignObject", "a", "img"}


def test_S05_markdown_tables_stay_whole(hostile: Path):
    text = (hostile / "edition.md").read_text()
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) > 8
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\]\((?!charts/)", text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_S05_markdown_keeps_the_characters_of_a_name(payload: str):
    written = escape_markdown(payload)
    plain = re.sub(r"\\([^\w\s])", r"\1", written).replace("&lt;", "<").replace("&amp;", "&")
    assert plain == payload.replace("\n", " ")


def test_S08_csv_cells_are_no_formulas(hostile: Path):
    names = [
        row["repository"]
        for row in csv.DictReader(io.StringIO((hostile / "charts/projects.csv").read_text(), newline=""))
    ]
    assert "'=HYPERLINK(1)" in names
    assert "<script>alert(1)</script>" in names


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("+1", "+1"), ("-5", "-5"), ("-5.25", "-5.25"), ("-2+3", "'-2+3"), ("@x", "'@x"),
     ("\tx", "'\tx"), ("\rx", "'\rx"), ("a=b", "a=b"), ("", ""), ("< 5", "< 5"), ("1e3", "1e3"), ("+1+cmd", "'+1+cmd")],
)  # fmt: skip
def test_S08_cells_that_begin_like_formulas(cell: str, written: str):
    assert safe_cell(cell) == written


def test_json_holds_names_as_they_are(hostile: Path):
    ids = {fact["id"] for fact in json.loads((hostile / "facts.json").read_text())["facts"]}
    assert {f"{payload}.commits" for payload in PAYLOADS} <= ids


def test_S07_O05_text_of_charts_has_glyphs_only():
    assert clean("a\x00b\u202ec\ud800 模") == f"abc {MISSING}"
    assert clean("$\\frac{$") == "$\\frac{$"


def test_long_names_are_cut_to_their_room():
    cut = fitted("a-very-long-owner/with-a-very-long-repository-name", 12, 120)
    assert cut.endswith("…")
    assert width(cut, 12) <= 120
    assert fitted("short", 12, 120) == "short"
