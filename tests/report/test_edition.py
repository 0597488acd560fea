"""The edition as a whole: complete, equal in every run, self-contained, and true to its facts."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from page import Page
from small_lake import CATALOGUE, MARKED, NAMES, PROVENANCE, QUARTER, connect
from trend_word_check import trend_words_of, untold_trend_words, words_allowed

from deepsignal_pipeline.report.charts.canvas import WIDE, Look, drawing
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.edition import EditionFile, print_edition
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.figures import snapshot_figure
from deepsignal_pipeline.report.files import csv_bytes
from deepsignal_pipeline.report.formats import MINUS, show, show_raw
from deepsignal_pipeline.report.method_tables import readings_table, restatements_table
from deepsignal_pipeline.report.model import Text, as_string
from deepsignal_pipeline.report.prose import titles
from deepsignal_pipeline.report.render import render_markdown
from deepsignal_pipeline.report.sections import write_edition
from deepsignal_pipeline.report.tables import engagement_table, pairs_table, projects_table, turnover_table
from deepsignal_pipeline.report.work_section import depth_table
from deepsignal_pipeline.tables import TABLES

CHARTS = ("arrivals", "engagement", "overlap", "projects", "snapshot", "turnover", "work")


@pytest.fixture(scope="module")
def page(edition: Path) -> Page:
    return Page.parse((edition / "index.html").read_text())


def test_all_files_are_there_and_told(tmp_path: Path):
    files = print_edition(read_context(connect(), QUARTER, CATALOGUE, PROVENANCE), tmp_path / "new")
    names = [f"charts/{chart}.{kind}" for chart in CHARTS for kind in ("csv", "svg")]
    assert [file.name for file in files] == [*names, "edition.md", "facts.json", "index.html"]
    written = {str(path.relative_to(tmp_path / "new")) for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert written == {file.name for file in files}
    assert EditionFile("charts/overlap.svg", "image/svg+xml") in files


def test_an_edition_is_not_written_over_another(edition: Path):
    with pytest.raises(FileExistsError):
        print_edition(read_context(connect(), QUARTER, CATALOGUE, PROVENANCE), edition)


SCRIPT = """
import sys; from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small_lake import CATALOGUE, PROVENANCE, QUARTER, connect
from deepsignal_pipeline.report.charts.canvas import WIDE, Look, drawing
from deepsignal_pipeline.report.context import Context, read_context
from deepsignal_pipeline.report.edition import print_edition
connection = connect(); connection.execute("SET threads = " + sys.argv[3])
print_edition(read_context(connection, QUARTER, CATALOGUE, PROVENANCE), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("threads", "environment"),
    [("1", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}), ("4", {"TZ": "America/New_York", "LC_ALL": "C"})],
)
def test_equal_tables_give_equal_bytes(edition: Path, tmp_path: Path, threads: str, environment: dict[str, str]):
    again = tmp_path / "again"
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(Path(__file__).parent), str(again), threads]
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "tests" / "peers")])
    subprocess.run(command, check=True, env=os.environ | environment | {"PYTHONPATH": paths}, cwd=tmp_path)
    assert digests(again) == digests(edition)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_O08_every_number_equals_its_fact(page: Page, facts: Facts):
    numbers = page.find("data")
    assert len(numbers) > 300
    for element in numbers:
        fact = facts.get(element.attributes["data-fact"] or "")
        assert element.text == show(fact, element.attributes.get("data-style") or "")
        assert element.attributes["value"] == show_raw(fact)


def test_O08_text_has_no_number_without_a_fact(page: Page):
    typed = [
        text for section, text in page.loose if section in ("moving", "quiet", "hiring") and re.search(r"\d", text)
    ]
    assert typed == []
    signal = [text for section, text in page.loose if section == "signal" and re.search(r"\d", text)]
    assert all(text.replace("first quarter of 2023", "").isascii() for text in signal)
    assert not re.search(r"\d", " ".join(signal).replace("2023", ""))


def test_text_says_trend_words_only_by_the_table(page: Page, facts: Facts):
    assert untold_trend_words(page) == []
    assert len(said := trend_words_of(page)) > 8
    assert [text for text, fact_id in said if text not in words_allowed(facts, fact_id)] == []


def test_intervals_are_told_where_the_value_is(edition: Path, facts: Facts):
    told = {fact["id"]: fact for fact in json.loads((edition / "facts.json").read_text())["facts"]}
    assert (told["edge.contributors_qoq_pct"]["low"], told["edge.contributors_qoq_pct"]["high"]) == (43, 59)
    assert told["edge.contributors"]["low"] is None
    hidden = [fact.fact_id for fact in facts if fact.hidden]
    assert hidden
    assert all(told[key]["low"] is None and told[key]["high"] is None for key in hidden)


def test_csv_numbers_are_facts(edition: Path, facts: Facts):
    rows = list(csv.DictReader((edition / "charts/projects.csv").read_text().splitlines()))
    assert len(rows) == 15
    for row in rows:
        for measure in ("contributors", "contributors_new", "commits", "mean_active_weeks"):
            assert row[measure] == show_raw(facts.of(row["repository"], measure))


def test_facts_are_all_listed_with_their_queries(edition: Path, facts: Facts):
    document = json.loads((edition / "facts.json").read_text())
    assert (document["quarter"], document["label"]) == ("2023-01-01", "2023-Q1")
    assert document["sources"] == [
        {"source": "sample", "repositories": 18, "fetched_at": "2023-10-01T00:00:00Z",
         "query": "SELECT source, count(*) FROM repository_snapshots JOIN tracked_repositories USING (repository) "
                  "GROUP BY source"},
    ]  # fmt: skip
    assert [fact["id"] for fact in document["facts"]] == [fact.fact_id for fact in facts]
    assert {"id", "value", "unit", "definition", "query", "n", "marks"} <= set(document["facts"][0])


def test_facts_tell_what_they_were_made_from(edition: Path):
    made = json.loads((edition / "facts.json").read_text())["made_from"]
    tips = made.pop("repositories")
    assert made == PROVENANCE
    assert [*made] == sorted(made)
    assert [*made["tables"]] == ["a", "b"]
    assert [*tips] == sorted(tips)
    assert len(tips) == 18
    assert tips["owner/project-00"] == {"tip": "0" * 40, "complete_until": "2023-02-04T00:00:00Z"}


def test_the_method_says_what_it_was_made_from(page: Page):
    text = next(e.text for e in page.find("section") if e.attributes["id"] == "method")
    assert "Made from catalogue 1a2b3c4d, identities 5eed5eed, lock 0badcafe; the whole hashes" in text
    assert "opted-out" not in text


def test_V01_no_file_holds_an_address(edition: Path):
    address = re.compile(rb"[A-Za-z0-9]@[A-Za-z0-9-]+\.[A-Za-z]{2,}")
    assert [path for path in edition.rglob("*") if path.is_file() and address.search(path.read_bytes())] == []


def test_S06_no_file_is_one_that_could_carry_another(edition: Path):
    """Text, charts and tables only: no PDF or archive, whose makers attach files that a name asks for."""
    assert {path.suffix for path in edition.rglob("*") if path.is_file()} == {".csv", ".html", ".json", ".md", ".svg"}
    locked = (Path(__file__).parents[2] / "requirements.lock").read_text()
    assert not re.search(r"(?m)^(weasyprint|reportlab|pdfkit|xhtml2pdf|fpdf2?)==", locked)


def test_O07_every_file_is_utf_8_says_so_and_holds_no_text_that_was_read_as_another(edition: Path, hostile: Path):
    read_wrongly = re.compile("\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00c2\u00a0|\ufffd")
    for path in [path for folder in (edition, hostile) for path in folder.rglob("*") if path.is_file()]:
        assert not read_wrongly.search(path.read_bytes().decode("utf-8")), path
    assert b'<meta charset="utf-8">' in (edition / "index.html").read_bytes()[:1024]
    assert all(b'encoding="utf-8"' in path.read_bytes()[:60] for path in edition.glob("charts/*.svg"))


def test_V04_nothing_that_is_published_has_a_row_a_person(edition: Path, facts: Facts):
    """No dataset about contributors leaves the home, so none needs a licence, a contact or a date of erasure."""
    personal = {column.name for table in TABLES.values() for column in table.columns if column.is_personal}
    personal |= {"contributor_id", "alias_id"}
    for path in edition.glob("charts/*.csv"):
        header, *_ = csv.reader(path.read_text().splitlines())
        assert not personal & set(header)
    kinds = {
        "catalogue",
        "category",
        "repository",
        "small_repositories",
        "pair",
        "flow",
        "term",
        "prediction",
        "forecast",
    }
    assert {fact.entity_kind for fact in facts} <= kinds


def test_headings_are_in_order(page: Page):
    levels = [int(heading.tag[1]) for heading in page.find("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_language_and_title(page: Page):
    assert [len(page.find(tag)) for tag in ("header", "main", "footer", "nav", "title")] == [1, 1, 1, 1, 1]
    assert page.find("html")[0].attributes["lang"] == "en"
    assert page.find("title")[0].text == "DeepSignal Open Quarterly, 2023-Q1"


def test_tables_have_captions_and_scopes(page: Page):
    tables = page.find("table")
    assert len(tables) == len(page.find("caption")) > 8
    assert all(heading.attributes["scope"] in ("col", "row", "colgroup") for heading in page.find("th"))


def test_ids_are_unique_and_links_lead_somewhere(page: Page):
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = [str(a.attributes["href"]) for a in page.find("a")]
    assert all(link.startswith("data:text/csv") or link[1:] in ids for link in links)
    labels = [e.attributes["aria-labelledby"] for e in page.elements if "aria-labelledby" in e.attributes]
    assert set(labels) <= set(ids)


def test_charts_say_what_they_show(page: Page):
    images = page.find("img")
    assert len(images) == len(CHARTS) == len(page.find("details"))
    assert all(len(image.attributes["alt"] or "") > 100 for image in images)


def test_the_page_needs_nothing_else(edition: Path, page: Page):
    for element in page.elements:
        for attribute in ("src", "srcset", "href", "action", "poster"):
            assert re.match(r"data:|#|$", element.attributes.get(attribute) or "")
    assert not page.find("script", "iframe", "object", "link", "form", "base")
    style = page.find("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    policy = page.find("meta")[1].attributes["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert (edition / "index.html").stat().st_size < 3_000_000


def test_hiring_stands_between_overlaps_and_method(edition: Path, page: Page):
    sections = [str(e.attributes["id"]) for e in page.find("section")]
    assert sections[-5:] == ["overlap", "hiring", "predictions", "method", "homes"]
    assert "#hiring" in [a.attributes["href"] for a in page.find("a")]
    assert [e for e in page.find("data") if e.section == "hiring"]
    assert "## What this would mean if you were hiring" in (edition / "edition.md").read_text()


def test_the_sample_is_said(page: Page):
    (invented,) = [e.text for e in page.find("p") if e.section == "hiring" and e.attributes["class"] == "notice"]
    assert invented.startswith("The people of this edition are invented")
    assert "embedded sample: the real histories of 18 repositories" in page.find("header")[0].text


def test_V03_counts_of_few_people_are_printed_nowhere(tmp_path: Path):
    few = {"contributors": 40, "contributors_new": 3, "category": "edge"}
    pair = "gpu-kernels+ml-compilers"
    connection = connect(repositories={"busy/one": few, "tiny/one": {"contributors": 2, "commits": 731}},
                         overlaps={pair: {"shared": 3, "shared_qualified": 0}})  # fmt: skip
    print_edition(read_context(connection, QUARTER, CATALOGUE, PROVENANCE), tmp_path / "few")
    (row,) = [
        r
        for r in csv.DictReader((tmp_path / "few/charts/projects.csv").read_text().splitlines())
        if r["repository"] == "busy/one"
    ]
    assert (row["contributors"], row["contributors_new"]) == ("40", "< 5")
    grid = list(csv.DictReader((tmp_path / "few/charts/overlap.csv").read_text().splitlines()))
    assert grid[0]["gpu-kernels"] == "< 5"
    texts = [path.read_text() for path in sorted((tmp_path / "few").rglob("*.*")) if path.suffix != ".svg"]
    assert not any(re.search(r"\b731\b", re.sub("base64,[A-Za-z0-9+/=]+", "", text)) for text in texts)
    for fact in json.loads((tmp_path / "few/facts.json").read_text())["facts"]:
        if "+" in fact["id"] or "/" in fact["id"]:
            assert fact["unit"] != "people" or fact["value"] is None or fact["value"] >= 5
            few = "< 5" if fact["unit"] == "people" else "withheld"
            assert "suppressed" not in fact["marks"] or (fact["value"] is None and fact["shown"] == few)


def test_a_partial_category_prints_its_basket_and_no_raw_change(tmp_path: Path):
    partial = {"marks": ["partial", "dominated"], "contributors_qoq_pct": -88, "basket_contributors_qoq_pct": 4}
    connection = connect(
        # The one category whose figures one person carries is the one that cannot be compared
        categories=MARKED | {"edge": partial | {"top_contributor_share": 0.4}, "llm-serving": {}},
        repositories={"late/one": {"category": "edge", "null_reason": "partial_source", "contributors": None}},
    )
    print_edition(read_context(connection, QUARTER, CATALOGUE, PROVENANCE), tmp_path / "partial")
    text = (tmp_path / "partial/edition.md").read_text()
    (row,) = [line for line in text.splitlines() if re.match(r"\| Edge & On-Device ML +\| +1,159 ", line)]
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[6:12] == ["130", "n/a", "+4%", f"{MINUS}4 to +12%", "8", "*partial* *one person*"]
    (row,) = [line for line in text.splitlines() if line.startswith("| All categories") and "*" in line]
    assert row.split("|")[-2].strip() == "*partial*"
    assert "contributors; no change is stated: a source ends too early" in text
    assert "88%" not in text
    assert "n/a instead" not in text
    assert "One person made over a quarter of the commits in Edge" in text
    assert "late/one (until 2023-02-04)" in text
    facts = {fact["id"]: fact for fact in json.loads((tmp_path / "partial/facts.json").read_text())["facts"]}
    for measure in ("contributors_qoq_pct", "contributors_churned", "churned_gone", "retention_pct"):
        fact = facts[f"edge.{measure}"]
        assert (fact["value"], fact["n"], fact["shown"], fact["marks"]) == (None, None, "n/a", ["partial", "dominated"])
    assert facts["edge.basket_contributors_qoq_pct"]["value"] == 4
    assert "partial" in facts["catalogue.contributors_qoq_pct"]["marks"]


@pytest.mark.parametrize(
    ("title", "end"), [(titles.engagement, 0), (titles.engagement, -1), (titles.work, 0), (titles.work, -1)]
)
def test_no_title_says_that_a_partial_category_stands_at_an_end(title: Callable[[Context], Text], end: int):
    measure = "mean_active_weeks" if title is titles.engagement else "core_share"
    context = read_context(connect(categories=MARKED), QUARTER, CATALOGUE, PROVENANCE)
    at_end = context.ranked(measure)[end]
    assert any(run.fact_id == f"{at_end}.{measure}" for run in title(context))
    changed = {**MARKED, at_end: {**MARKED.get(at_end, {}), "marks": ["partial"]}}
    partial = read_context(connect(categories=changed), QUARTER, CATALOGUE, PROVENANCE)
    assert not any(run.fact_id.startswith(at_end) for run in title(partial))


def test_a_title_says_that_a_category_of_its_pair_is_partial():
    context = read_context(connect(categories=MARKED), QUARTER, CATALOGUE, PROVENANCE)
    assert "in part" not in as_string(titles.overlap(context))
    first = context.pairs[0].split("+")[0]
    changed = {**MARKED, first: {**MARKED.get(first, {}), "marks": ["partial"]}}
    partial = read_context(connect(categories=changed), QUARTER, CATALOGUE, PROVENANCE)
    assert as_string(titles.overlap(partial)).endswith(", though one was read in part")


def test_the_first_quarter_states_levels_only(tmp_path: Path):
    print_edition(
        read_context(connect(categories={}, has_previous=False), QUARTER, CATALOGUE, PROVENANCE), tmp_path / "first"
    )
    page = Page.parse((tmp_path / "first/index.html").read_text())
    assert "no change" in " ".join(text for section, text in page.loose if section == "signal")
    changes = [e.text for e in page.find("data") if "qoq" in str(e.attributes["data-fact"])]
    assert set(changes) == {"n/a"}
    assert "commits; no change is stated: there is no quarter before" in (tmp_path / "first/edition.md").read_text()


@pytest.mark.parametrize(
    ("catalogue", "sentence"),
    [
        ({}, "The whole histories of 9 were counted independently: 90,000 commits, as many as were read."),
        (
            {"history_commits": 89_999},
            "The whole histories of 9 were counted independently: 90,000 commits, while 89,999 were read.",
        ),
        ({"repositories_recounted": 0, "history_commits": 0, "history_commits_recounted": 0}, None),
    ],
)
def test_the_coverage_line_holds_what_was_read_against_an_independent_count(
    catalogue: dict[str, int], sentence: str | None
):
    context = read_context(connect(catalogue=catalogue), QUARTER, CATALOGUE, PROVENANCE)
    line = as_string(write_edition(context).coverage[-1].text)
    assert (sentence in line) if sentence else ("independently" not in line)


def test_the_coverage_line_names_categories_with_over_1_percent_of_unresolved_authors():
    context = read_context(connect(), QUARTER, CATALOGUE, PROVENANCE)
    line = as_string(write_edition(context).coverage[-1].text)
    assert re.search(r"without a resolved author: 0 of [\d,]+\.", line)
    many = {"edge": {"marks": ["unresolved"], "unresolved_commits": 40, "unresolved_share": 40 / 1159}}
    context = read_context(connect(categories=many), QUARTER, CATALOGUE, PROVENANCE)
    line = as_string(write_edition(context).coverage[-1].text)
    assert re.search(r"without a resolved author: 40 of [\d,]+; over 1% in Edge \(40 of 1,159\)\.", line)


def test_what_few_people_left_out_is_not_listed_and_said_to_be_there():
    context = read_context(connect(of_one_person=("not_counted_import",)), QUARTER, CATALOGUE, PROVENANCE)
    line = as_string(write_edition(context).coverage[-1].text)
    assert "of imported history" not in line
    assert line.endswith(" and a few whose reason would tell what few people did.")


def test_the_catalogue_is_shown_by_other_rules():
    table = readings_table(read_context(connect(), QUARTER, CATALOGUE, PROVENANCE))
    assert [[cell.raw for cell in row[1:]] for row in table.rows[1:]] == [
        ["13700", "9", "", ""],
        ["14100", "7", "1312", "28"],
        ["", "", "1340", "31"],
        ["", "", "1290", "29"],
    ]


def test_what_was_restated_is_listed_with_its_causes():
    edge = {"contributors_published": 110, "contributors_restated": 113, "contributors_by_source": 3}
    context = read_context(connect(categories={"edge": edge}), QUARTER, CATALOGUE, PROVENANCE)
    table = restatements_table(context)
    assert table is not None
    (row,) = table.rows
    assert [cell.raw for cell in row] == [
        "Edge & On-Device ML",
        "880",
        "0",
        "0",
        "0",
        "880",
        "110",
        "0",
        "3",
        "0",
        "0",
        "113",
    ]


def test_an_interval_is_two_columns_of_numbers_in_a_csv(edition: Path, facts: Facts):
    text = (edition / "charts/snapshot.csv").read_text()
    assert "'" not in text
    names = {category.name: category.slug for category in CATALOGUE.categories}
    for row in csv.DictReader(text.splitlines()):
        for measure in ("basket_commits_qoq_pct", "basket_contributors_qoq_pct"):
            interval = facts.of(names[row["category"]], measure).interval
            ends = [row[f"{measure}_{end}"] for end in ("low", "high")]
            assert [float(end) for end in ends if end] == list(interval or ())


def test_rates_of_people_have_their_intervals_in_the_csv_unless_hidden():
    measured = ("mean_active_weeks", "one_week_share", "churn_rate_pct", "engaged_churn_rate_pct")
    ends = {f"{measure} interval": (0.25, 0.75) for measure in measured}
    few = {"contributors_churned": 2, "engaged_churned": 2, "contributors_retained": 108}
    context = read_context(
        connect(categories={"edge": ends, "llm-serving": ends | few}), QUARTER, CATALOGUE, PROVENANCE
    )
    columns = ("mean_active_weeks", "one_week_share"), ("churn_rate_pct", "engaged_churn_rate_pct")
    for table, measures in zip((engagement_table(context), turnover_table(context)), columns, strict=True):
        rows = {row["category"]: row for row in csv.DictReader(csv_bytes(table).decode().splitlines())}
        for measure in measures:
            edge, llm = (rows[context.names[slug]] for slug in ("edge", "llm-serving"))
            assert edge[measure] == show_raw(context.facts.of("edge", measure)) != "withheld"
            assert (edge[f"{measure}_low"], edge[f"{measure}_high"]) == ("0.25", "0.75")
            is_hidden = measure in columns[1]
            assert (llm[f"{measure}_low"], llm[f"{measure}_high"]) == (("", "") if is_hidden else ("0.25", "0.75"))


@pytest.mark.parametrize(("change", "is_certain"), [(7, False), (12, True), (-7, False), (-12, True)])
def test_a_bar_whose_interval_holds_0_is_not_full(change: int, is_certain: bool):
    """The intervals of the small lake are 8 points either way."""
    values = dict.fromkeys(("contributors_qoq_pct", "basket_contributors_qoq_pct"), change)
    figure = snapshot_figure(read_context(connect(categories={"edge": values}), QUARTER, CATALOGUE, PROVENANCE))
    with drawing():
        told = figure.draw(Look(WIDE)).svg().decode()
    pale = "#d3e6e9" if change > 0 else "#f3ded5"
    others = {"edge": dict.fromkeys(values, 0)}
    level = snapshot_figure(read_context(connect(categories=others), QUARTER, CATALOGUE, PROVENANCE))
    with drawing():
        without = level.draw(Look(WIDE)).svg().decode()
    assert told.count(pale) - without.count(pale) == (0 if is_certain else 1)


def test_a_raw_markdown_table_is_aligned_and_says_a_group_once(edition: Path):
    lines = (edition / "edition.md").read_text().split("with the change against the quarter before")[1].splitlines()
    table = [line for line in lines if line.startswith("|")][:15]
    heads = [cell.strip() for cell in table[0].strip("|").split("|")]
    change = ["QoQ", "same basket", "its 95%"]
    people = ["Contributors: count", *change, "Active repos", "Marks"]
    assert heads == ["Category", "Commits: count", *change, *people]
    assert len({tuple(n for n, mark in enumerate(line) if mark == "|")[:11] for line in table}) == 1


def test_the_pairs_table_has_the_interval_whose_lower_end_tells_strength():
    context = read_context(connect(), QUARTER, CATALOGUE, PROVENANCE)
    table, facts = pairs_table(context), context.facts
    place = [column.key for column in table.columns].index("lift")
    ends = [as_string(row[place].under).split("–") for row in table.rows]
    assert ends == [[show(facts.of(p, m)) for m in ("lift_low", "lift_high")] for p in context.pairs[: len(table.rows)]]
    shown = {column.key: as_string(cell.under) for column, cell in zip(table.columns, table.rows[0], strict=True)}
    assert [key for key, under in shown.items() if under] == ["shared", "lift", "containment_a", "containment_b"]


def test_a_value_of_a_category_stands_with_its_interval_on_the_page_and_in_markdown(tmp_path: Path):
    ends = {"mean_active_weeks interval": (2.04, 2.96), "churn_rate_pct interval": (41.2, 58.7)}
    context = read_context(connect(categories={"edge": ends}), QUARTER, CATALOGUE, PROVENANCE)
    print_edition(context, tmp_path / "new")
    page = Page.parse((tmp_path / "new/index.html").read_text())
    ranges = {e.attributes["data-fact"]: e.text for e in page.find("data") if e.attributes.get("data-style") == "range"}
    assert (ranges["edge.mean_active_weeks"], ranges["edge.churn_rate_pct"]) == ("2.0–3.0", "41–59")
    with_ends = [context.facts.get(str(key)) for key in ranges]
    assert {fact.measure for fact in with_ends if fact.entity_kind == "category"} == {
        *("mean_active_weeks", "one_week_share", "churn_rate_pct", "engaged_churn_rate_pct"),
        *("sustained_share", "core_builder_share", "full_time_like_share"),
    }
    weeks, churn = (show(context.facts.of("edge", key)) for key in ("mean_active_weeks", "churn_rate_pct"))
    text = (tmp_path / "new/edition.md").read_text()
    assert re.search(rf"\| +{weeks} \(2\.0–3\.0\) \|", text)
    assert re.search(rf"\| +{churn} \(41–59\) \|", text)


def test_the_tables_of_categories_have_the_marks_of_how_it_was_worked_and_of_few_behind_a_ratio():
    """The mark of a basket that differs, and of a small quarter before, is one of a change, which none of them shows."""
    context = read_context(connect(), QUARTER, CATALOGUE, PROVENANCE)
    few = replace(context.facts.of("ml-platform", "engaged_churn_rate_pct"), n=29)
    dominated = replace(context.facts.of("llm-serving", "sustained_share"), marks=("dominated",))
    changed = {fact.fact_id: fact for fact in (few, dominated)}
    context = replace(context, facts=Facts(QUARTER, [changed.get(f.fact_id, f) for f in context.facts]))
    marks = {
        table.key: {row[0].raw: row[-1].raw for row in table.rows if row[-1].raw}
        for table in (engagement_table(context), turnover_table(context), depth_table(context))
    }
    serving = {NAMES["llm-serving"]: "dominated"}
    assert marks == {
        "engagement": serving,
        "turnover": serving | {NAMES["ml-platform"]: "small_base"},
        "depth": serving,
    }


def test_the_people_of_each_tenure_are_told():
    table = engagement_table(read_context(connect(), QUARTER, CATALOGUE, PROVENANCE))
    places = [n for n, column in enumerate(table.columns) if column.key.startswith("tenure_")]
    assert [[row[n].raw for n in places] for row in table.rows[:2]] == [["48", "6", "6"], ["58", "6", "6"]]


def test_the_projects_have_their_people_of_the_quarter_before_unless_they_were_few():
    known = {"old/one": {"contributors": 300, "contributors_previous": 280},
             "new/one": {"contributors": 299, "contributors_previous": 4}}  # fmt: skip
    context = read_context(connect(repositories=known), QUARTER, CATALOGUE, PROVENANCE)
    table = projects_table(context)
    assert [[cell.raw for cell in row[:4:3]] for row in table.rows[:2]] == [["old/one", "280"], ["new/one", "< 5"]]


def test_repositories_of_few_people_are_told_together_and_few_people_of_them_not_at_all(edition: Path):
    lines = (edition / "edition.md").read_text().split("Repositories and commits behind each category")[1].splitlines()
    told = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[7:10]] for line in lines if "|" in line
    }
    assert told["GPU Kernels & Performance"] == ["3", "6", "41"]
    assert told["Edge & On-Device ML"] == ["1", "< 5", "withheld"]
    assert told["Agent Framework"] == ["", "", ""]


def test_a_matrix_of_homes_that_is_withheld_as_a_whole_is_not_printed():
    context = read_context(connect(), QUARTER, CATALOGUE, PROVENANCE)
    assert "Homes over the four quarters to 2023-Q1" in render_markdown(write_edition(context))
    few = "year:edge:all.people"
    facts = Facts(QUARTER, [replace(f, value=4.0) if f.fact_id == few else f for f in context.facts])
    written = render_markdown(write_edition(replace(context, facts=facts)))
    assert "The matrix is withheld as a whole" in written
    assert "Homes over the four quarters to 2023-Q1" not in written


def test_nothing_restated_is_said(facts: Facts):
    context = read_context(connect(), QUARTER, CATALOGUE, PROVENANCE)
    assert restatements_table(context) is None
    assert "No figure of 2022-Q4 is known to have been printed otherwise than it stands now." in render_markdown(
        write_edition(context)
    )


def test_what_a_lost_edition_printed_is_not_called_unchanged():
    lost = {"commits_published": None, "contributors_published": None}
    context = read_context(connect(categories=dict.fromkeys(NAMES, lost)), QUARTER, CATALOGUE, PROVENANCE)
    written = render_markdown(write_edition(context))
    assert "No first edition of 2022-Q4 is held, so nothing counts as restated." in written
    assert "printed otherwise than it stands" not in written


def test_why_a_tracked_repository_was_not_read_is_said():
    connection = connect()
    context = read_context(connection, QUARTER, CATALOGUE, PROVENANCE)
    assert context.unread == []
    rows = connection.execute("SELECT repository FROM repository_snapshots ORDER BY 1").fetchall()
    gone, failed, unheld, *_ = (repository for (repository,) in rows)
    for repository, status in ((gone, "not_found"), (failed, "failed")):
        change = "UPDATE repository_snapshots SET status = ?, complete_until = NULL WHERE repository = ?"
        connection.execute(change, [status, repository])
    connection.execute("DELETE FROM repository_snapshots WHERE repository = ?", [unheld])
    connection.execute(
        "INSERT INTO tracked_repositories BY NAME SELECT 'a/past' AS repository, DATE '2023-01-01' AS tracked_to"
    )
    written = render_markdown(write_edition(read_context(connection, QUARTER, CATALOGUE, PROVENANCE)))
    assert "Not read: 1 whose visit failed, 1 that the embedded sample does not hold, 1 not found." in written
