"""The edition in a real browser: it fits a phone, loads nothing, and shows every chart."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.report.context import read_context
from deepsignal_pipeline.report.edition import print_edition

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install -y chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = [320, 390, 768, 1100, 1280]


def small_lake() -> ModuleType:
    """Load the tables of the report's tests, whichever folder the tests were started for."""
    path = Path(__file__).parents[1] / "report" / "small_lake.py"
    spec = importlib.util.spec_from_file_location("small_lake_in_browser", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.path.append(str(path.parent))  # it imports its neighbours
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Print the edition of the small lake, and return where it is."""
    folder = tmp_path_factory.mktemp("browser") / "edition"
    lake = small_lake()
    print_edition(read_context(lake.connect(), lake.QUARTER, lake.CATALOGUE, lake.PROVENANCE), folder)
    return (folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser: Browser, address: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_charts_are_shown_and_nothing_complains(browser: Browser, address: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 844})
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url[:40]))
    page.goto(address)
    page.evaluate("Promise.all([...document.images].map(i => i.decode()))")
    sizes = page.evaluate("[...document.images].map(i => [i.naturalWidth, i.clientWidth])")
    assert len(sizes) == page.locator("figure").count() > 5
    assert {natural for natural, _ in sizes} == {358 if width == 390 else 920}
    assert all(shown > 300 for _, shown in sizes)
    assert complaints == []
    assert all(url.startswith(("file:", "data:")) for url in requests)
    page.close()


@pytest.mark.parametrize("width", [390, 1100, 1280])
def test_tables_fit_a_desk_and_scroll_on_a_phone(browser: Browser, address: str, width: int):
    """Only the data behind a chart, which is folded away, may be wider than the text."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(address)
    tables = page.evaluate(
        "[...document.querySelectorAll('main .scroll')].filter(e => !e.closest('details')).map("
        "e => [e.querySelector('table').className, e.scrollWidth > e.clientWidth + 1, getComputedStyle(e).overflowX])"
    )
    category_tables = {"snapshot", "engagement", "turnover", "depth", "pairs", "homes", "predictions", "coverage"}
    assert category_tables <= {name for name, _, _ in tables}
    assert {overflow for _, _, overflow in tables} == {"auto"}
    if width > 1000:
        assert [name for name, is_wide, _ in tables if is_wide] == []
    page.close()


def test_an_interval_is_small_below_its_value_and_ends_where_it_does(browser: Browser, address: str):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(address)
    places = page.evaluate(
        "[...document.querySelectorAll('main section > .scroll td > .under')].map(e => {"
        "const [value, range] = [...e.parentElement.querySelectorAll('data')];"
        "const [v, r] = [value.getBoundingClientRect(), range.getBoundingClientRect()];"
        "return [r.top >= v.bottom - 4, Math.abs(r.right - v.right) < 2, r.height < v.height]})"
    )
    assert len(places) > 12 * 7
    assert {tuple(place) for place in places} == {(True, True, True)}
    page.close()


def test_the_page_prints_without_tables_cut_off(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate("[...document.querySelectorAll('main .scroll')].filter(e => e.clientWidth).every("
                         "e => e.scrollWidth <= e.clientWidth + 1)")  # fmt: skip
    page.close()


def test_a_pointer_on_a_number_shows_its_fact(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address)
    assert page.locator("main data").first.get_attribute("title") == "catalogue.contributors"
    page.close()
