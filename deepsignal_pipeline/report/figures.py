"""The charts of an edition: what each finds, what it measures, what is read out to those who do not see it."""

from __future__ import annotations

from dataclasses import replace

from deepsignal_pipeline.report import tables
from deepsignal_pipeline.report.charts.engagement import EngagementRow, draw_engagement
from deepsignal_pipeline.report.charts.overlap import OverlapGrid, draw_overlap
from deepsignal_pipeline.report.charts.projects import ProjectRow, draw_projects
from deepsignal_pipeline.report.charts.snapshot import Change, SnapshotRow, draw_snapshot
from deepsignal_pipeline.report.charts.turnover import TurnoverRow, draw_turnover
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Cell, Column, Figure, Table, Text, as_string
from deepsignal_pipeline.report.prose import titles
from deepsignal_pipeline.report.words import read_change


def _footer(context: Context) -> str:
    source = "embedded sample of public git histories" if context.is_sample else "public git histories"
    return f"DeepSignal Open Quarterly {context.quarter}. Source: {source}."


def _shown(context: Context, entity: str, measure: str) -> str:
    return show(context.facts.of(entity, measure))


def snapshot_figure(context: Context) -> Figure:
    """Return the changes of contributors and commits by category."""
    order = sorted(
        context.categories,
        key=lambda c: (context.facts.value(c, "basket_contributors_qoq_pct") is None,
                       -context.facts.number(c, "basket_contributors_qoq_pct")),
    )  # fmt: skip
    rows = [_snapshot_row(context, category) for category in order]
    said = "; ".join(f"{r.label} {r.contributors.basket_shown} ({r.contributors.raw_shown} raw)" for r in rows)
    return _figure(
        context, "snapshot", titles.snapshot(context),
        "Change against the quarter before, over the same repositories (bar) and raw (ring); grey number: contributors",
        f"Bar chart of the change of contributors and commits in each category, over the same repositories and raw. "
        f"Contributors: {said}. It shows how much of a raw change comes from repositories that only just began.",
        "<category>.contributors, .basket_contributors_qoq_pct, .contributors_qoq_pct, .basket_commits_qoq_pct, "
        ".commits_qoq_pct",
        _reordered(tables.snapshot_table(context), [context.names[c] for c in order]),
        lambda look: draw_snapshot(rows, look),
    )  # fmt: skip


def _snapshot_row(context: Context, category: str) -> SnapshotRow:
    return SnapshotRow(
        context.short(category),
        _shown(context, category, "contributors"),
        _change(context, category, "contributors"),
        _change(context, category, "commits"),
        is_silent=not read_change(context.facts, category, "contributors").word,
    )


def _change(context: Context, category: str, counted: str) -> Change:
    basket, raw = f"basket_{counted}_qoq_pct", f"{counted}_qoq_pct"
    value, shown = context.facts.value, _shown
    return Change(
        value(category, basket), shown(context, category, basket), value(category, raw), shown(context, category, raw)
    )


def projects_figure(context: Context) -> Figure:
    """Return the repositories with most contributors."""
    facts = context.facts
    rows = [
        ProjectRow(
            repository, context.short(context.category_of[repository]),
            facts.number(repository, "contributors"), _shown(context, repository, "contributors"),
            facts.value(repository, "new_contributors"), _shown(context, repository, "new_contributors"),
        )
        for repository in context.projects[: tables.TOP_PROJECTS]
    ]  # fmt: skip
    said = "; ".join(f"{row.label} {row.people_shown}, {row.new_shown} new" for row in rows)
    return _figure(
        context, "projects", titles.projects(context),
        "People with at least one counted commit in the quarter; in colour, those whose first commit to the repository it was",
        f"Bar chart of the repositories with most contributors: {said}. It shows where people are, and how many just came.",
        "<repository>.contributors, .new_contributors",
        tables.projects_table(context), lambda look: draw_projects(rows, look),
    )  # fmt: skip


def engagement_figure(context: Context) -> Figure:
    """Return active weeks and the one-week share by category."""
    order = context.ranked("mean_active_weeks")
    tones = {order[0]: "deep", order[-1]: "shallow"} if len(order) > 1 else {}
    facts = context.facts
    rows = [
        EngagementRow(
            context.short(c), _shown(context, c, "contributors"),
            facts.number(c, "mean_active_weeks"), _shown(context, c, "mean_active_weeks"),
            facts.number(c, "median_active_weeks"),
            facts.number(c, "one_week_share"), _shown(context, c, "one_week_share"), tones.get(c, ""),
        )
        for c in order
    ]  # fmt: skip
    said = "; ".join(f"{r.label} mean {r.mean_shown} weeks, {r.one_week_shown} in one week only" for r in rows)
    return _figure(
        context, "engagement", titles.engagement(context),
        "Distinct active weeks of a person in the quarter’s thirteen, and the share of people active in a single one",
        f"Dot and bar chart by category: {said}. It shows where people stay at the work and where they pass by.",
        "<category>.mean_active_weeks, .median_active_weeks, .one_week_share, .contributors",
        _reordered(tables.engagement_table(context), [context.names[c] for c in order]),
        lambda look: draw_engagement(rows, look),
    )  # fmt: skip


def turnover_figure(context: Context) -> Figure:
    """Return who stayed, came and was not seen again by category."""
    facts = context.facts
    order = [c for c in context.ranked("contributors") if facts.value(c, "contributors_churned") is not None]
    rows = [
        TurnoverRow(
            context.short(c), facts.number(c, "contributors_churned"), _shown(context, c, "contributors_churned"),
            facts.number(c, "contributors_retained"), facts.number(c, "contributors_returning"),
            facts.number(c, "contributors_new"), _shown(context, c, "contributors_new"),
        )
        for c in order
    ]  # fmt: skip
    said = "; ".join(f"{r.label} {r.churned_shown} not seen again, {r.new_shown} new" for r in rows)
    return _figure(
        context, "turnover", titles.turnover(context),
        "People of the quarter before who were not seen in this one, and people of this one by where they come from",
        f"Diverging bar chart by category: {said}. It shows how much of a category is the same people as a quarter ago.",
        "<category>.contributors_churned, .contributors_retained, .contributors_returning, .contributors_new",
        _reordered(tables.turnover_table(context), [context.names[c] for c in order]),
        lambda look: draw_turnover(rows, look),
    )  # fmt: skip


def overlap_figure(context: Context) -> Figure:
    """Return the people whom each two categories share."""
    order = context.categories
    grid = OverlapGrid(
        [context.short(c) for c in order],
        [_shown(context, c, "contributors") for c in order],
        {
            (row, column): (context.facts.value(pair, "shared"), _shown(context, pair, "shared"))
            for row in range(len(order))
            for column in range(row)
            for pair in (f"{order[column]}+{order[row]}",)
        },
        [
            (_shown(context, pair, "shared"), " and ".join(context.short(slug) for slug in pair.split("+")))
            for pair in context.pairs[:3]
        ],
    )
    said = "; ".join(f"{words} {figure}" for figure, words in grid.notes)
    return _figure(
        context, "overlap", titles.overlap(context),
        "People with at least one counted commit in both categories of a pair; fewer than five are not printed",
        f"Grid of the people whom each two categories share. Most: {said or 'none of five or more'}. It shows which "
        "fields can be searched together.",
        "<category>+<category>.shared, <category>.contributors",
        _grid_table(context), lambda look: draw_overlap(grid, look),
    )  # fmt: skip


def _grid_table(context: Context) -> Table:
    order = context.categories
    columns = [Column("Category", "category", is_number=False)]
    columns += [Column(context.short(c), c) for c in order[:-1]]
    rows = [
        (
            tables.word_cell(context.short(c)),
            *(tables.fact_cell(context, f"{other}+{c}", "shared") for other in order[:row]),
            *(Cell((), "") for _ in range(len(order) - 1 - row)),
        )
        for row, c in enumerate(order)
        if row
    ]
    return Table("overlap", f"People whom each two categories share, {context.quarter}", tuple(columns), tuple(rows))


def _figure(context: Context, key: str, title: Text, subtitle: str, alt: str, facts: str, data: Table, draw) -> Figure:  # type: ignore[no-untyped-def]
    data = replace(data, key=f"{key}-data", caption=f"Data of the chart: {as_string(title)}", totals=(), note=())
    return Figure(key, title, subtitle, _footer(context), alt, facts, data, draw)


def _reordered(table: Table, order: list[str]) -> Table:
    """Return the table with the rows of the chart, in its order."""
    place = {words: number for number, words in enumerate(order)}
    rows = [row for row in table.rows if row[0].raw in place]
    return replace(table, rows=tuple(sorted(rows, key=lambda row: place[row[0].raw])))
