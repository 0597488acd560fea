"""What an edition shows of the work itself: the chart and the tables of mix and depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deepsignal_pipeline.report.charts.work import WorkRow, draw_work
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Block, Column, Figure, Paragraph, Table, as_string, plain
from deepsignal_pipeline.report.prose import titles
from deepsignal_pipeline.report.prose.work import is_known, write_coordination
from deepsignal_pipeline.report.tables import INTERVALS, category_table, fact_cell, word_cell

_MIX = (
    ("Core", "core_share"),
    ("Integration", "integration_share"),
    ("Tests", "tests_share"),
    ("Docs", "docs_share"),
    ("Build and CI", "build_share"),
    ("Benchmarks", "benchmarks_share"),
    ("Vendored", "vendored_share"),
    ("No files", "empty_share"),
)
_DRAWN = 5
"""So many kinds have a part of their own in the chart; the others are drawn together."""

_DEPTH = (
    ("People", "contributors", ""),
    ("One commit", "one_commit", ""),
    ("people", "sustained", "Sustained"),
    ("share", "sustained_share", "Sustained"),
    ("core", "sustained_core", "of these, mostly on"),
    ("integration", "sustained_integration", "of these, mostly on"),
    ("docs", "sustained_docs", "of these, mostly on"),
    ("build", "sustained_build", "of these, mostly on"),
    ("people", "core_builders", "Core builders"),
    ("share", "core_builder_share", "Core builders"),
    ("Full-time-like", "full_time_like_share", ""),
)


def write_work(context: Context) -> tuple[Block, ...]:
    """Return the blocks of the section; where no paths are known it says so, and how much people did is all there is."""
    if not is_known(context):
        unknown = "Which files the commits of this quarter touched is not known, so what kind of work they were is not either."
        return (Paragraph(plain(unknown)), depth_table(context))
    coordination = write_coordination(context)
    said = (Paragraph(coordination),) if coordination else ()
    return (mix_figure(context), depth_table(context), *said)


def mix_figure(context: Context) -> Figure:
    """Return the work-type mix of the categories, the one with most core code first, and of the catalogue."""
    order = context.ranked("core_share")
    rows = [_row(context, entity, context.short(entity)) for entity in order]
    whole = replace(_row(context, "catalogue", "All categories"), is_whole=True)
    kinds = [*(words for words, _ in _MIX[:_DRAWN]), "Other"]
    said = "; ".join(f"{row.label} {row.parts[0][1]} core, {row.parts[1][1]} integration" for row in (*rows, whole))
    title = titles.work(context)
    return Figure(
        key="work",
        title=title,
        subtitle="Parts of the work by kind: every commit weighs one, spread over the files that it touches",
        footer=context.footer,
        alt=f"Stacked bar chart of the kinds of work in each category: {said}. It shows where people write the thing "
        "itself and where they tie it to others, document, test and package it.",
        facts="<category>.core_share, .integration_share, .tests_share, .docs_share, .build_share",
        data=mix_table(context, order, f"Data of the chart: {as_string(title)}"),
        draw=lambda look: draw_work(kinds, (*rows, whole), look),
    )


def mix_table(context: Context, order: Sequence[str], caption: str) -> Table:
    """Return the shares of all kinds of work, of categories in an order and of the catalogue."""
    columns = (Column("Category", "category", is_number=False), *(Column(title, key) for title, key in _MIX))
    named = [*((c, context.names[c]) for c in order), ("catalogue", "All categories")]
    rows = [(word_cell(words), *(fact_cell(context, entity, key) for _, key in _MIX)) for entity, words in named]
    note = plain(
        "A commit’s weight of one is spread evenly over its files; commits over 50 files, and those whose files are not "
        "known, are left out. Core is what is none of the others. Vendored: copies of other projects and generated files."
    )
    return Table("work-data", caption, columns, tuple(rows), note=note)


def depth_table(context: Context) -> Table:
    """Return how many people did how much, and what the sustained ones worked on."""
    note = (
        f"{INTERVALS} Sustained: three commits or more in two weeks or more. Mostly on: at least half of the weight on core, "
        "integration, docs and build, tests and benchmarks aside; whoever is not listed mixes them. Core builders: three "
        "commits’ worth of core code or more, over two weeks or more; their share is of the people of whom a file is known. "
        "Full-time-like: ten active days or more within four weeks."
    )
    return category_table(context, "depth", f"How deep people went, {context.quarter}", _DEPTH, note)


def _row(context: Context, entity: str, label: str) -> WorkRow:
    facts = [context.facts.of(entity, key) for _, key in _MIX[:_DRAWN]]
    parts = [(fact.shown or 0.0, show(fact)) for fact in facts]
    return WorkRow(label, [*parts, (max(0.0, 1 - sum(share for share, _ in parts)), "")])
