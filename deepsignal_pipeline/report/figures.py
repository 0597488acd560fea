"""The charts of an edition: what each finds, what it measures, what is read out to those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
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
from deepsignal_pipeline.report.words import Counted, read_basket


def snapshot_figure(context: Context) -> Figure:
    """Return the changes of contributors and commits by category."""
    changing = context.ranked("basket_contributors_qoq_pct")
    order = changing + [category for category in context.categories if category not in changing]
    rows = [_snapshot_row(context, category) for category in order]
    said = "; ".join(f"{r.label} {r.contributors.basket_shown} ({r.contributors.raw_shown} raw)" for r in rows)
    title = titles.snapshot(context)
    return Figure(
        key="snapshot",
        title=title,
        subtitle="Change against the quarter before, over the same repositories (bar, with its 95% interval; pale where that "
        "holds 0) and raw (ring), and contributors",
        footer=context.footer,
        alt="Bar chart of the change of contributors and commits in each category, over the same repositories and raw. "
        f"Contributors: {said}. It shows how much of a raw change comes from repositories that only just began.",
        facts="<category>.contributors, .basket_contributors_qoq_pct, .contributors_qoq_pct, "
        ".basket_commits_qoq_pct, .commits_qoq_pct",
        data=_data(context, tables.snapshot_table(context), title, order),
        draw=lambda look: draw_snapshot(rows, look),
    )


def projects_figure(context: Context) -> Figure:
    """Return the repositories with most contributors."""
    rows = [_project_row(context, repository) for repository in context.projects[: tables.TOP_PROJECTS]]
    said = "; ".join(f"{row.label} {row.people_shown}, {row.new_shown} new" for row in rows)
    title = titles.projects(context)
    return Figure(
        key="projects",
        title=title,
        subtitle="People with a counted commit in the quarter; in colour, those who had none in the repository before",
        footer=context.footer,
        alt=f"Bar chart of the repositories with most contributors: {said}. It shows where people are, and how many "
        "just came.",
        facts="<repository>.contributors, .contributors_new",
        data=_data(context, tables.projects_table(context), title),
        draw=lambda look: draw_projects(rows, look),
    )


def engagement_figure(context: Context) -> Figure:
    """Return active weeks and the one-week share by category."""
    order = context.ranked("mean_active_weeks")
    whole = context.ranked_whole("mean_active_weeks")
    tones = {whole[0]: "deep", whole[-1]: "shallow"} if len(whole) > 1 else {}
    rows = [_engagement_row(context, category, tones.get(category, "")) for category in order]
    said = "; ".join(f"{r.label} mean {r.mean_shown} weeks, {r.one_week_shown} in one week only" for r in rows)
    title = titles.engagement(context)
    return Figure(
        key="engagement",
        title=title,
        subtitle="A person’s distinct active weeks of the quarter’s thirteen, and the share of people active in one",
        footer=context.footer,
        alt=f"Dot and bar chart by category: {said}. It shows where people stay at the work and where they pass by.",
        facts="<category>.mean_active_weeks, .median_active_weeks, .one_week_share, .contributors",
        data=_data(context, tables.engagement_table(context), title, order),
        draw=lambda look: draw_engagement(rows, look),
    )


def turnover_figure(context: Context) -> Figure:
    """Return who stayed, came and was not seen again by category."""
    order = [c for c in context.ranked("contributors") if context.facts.value(c, "contributors_churned") is not None]
    rows = [_turnover_row(context, category) for category in order]
    said = "; ".join(f"{r.label} {r.churned_shown} not seen again, {r.new_shown} new" for r in rows)
    left_out = ", ".join(context.short(category) for category in context.categories if category not in order)
    missing = f"; without {left_out}, whose source ends too early" if left_out else ""
    title = titles.turnover(context)
    return Figure(
        key="turnover",
        title=title,
        subtitle=f"People of the quarter before who were not seen again, and people of this one by where they come "
        f"from{missing}",
        footer=context.footer,
        alt=f"Diverging bar chart by category: {said}. It shows how much of a category is the same people as a "
        "quarter ago.",
        facts="<category>.contributors_churned, .contributors_retained, .contributors_returning, .contributors_new",
        data=_data(context, tables.turnover_table(context), title, order),
        draw=lambda look: draw_turnover(rows, look),
    )


def overlap_figure(context: Context) -> Figure:
    """Return the people whom each two categories share."""
    grid = _grid(context)
    said = "; ".join(f"{words} {figure}" for figure, words in grid.notes) or "none of five or more"
    title = titles.overlap(context)
    return Figure(
        key="overlap",
        title=title,
        subtitle="People with a counted commit in both categories of a pair; fewer than five are not printed. Below it, for "
        "pairs above chance, how many times as many that is as by chance; vs <1 where chance gives fewer than one",
        footer=context.footer,
        alt=f"Grid of the people whom each two categories share. Most: {said}. It shows in which fields the same "
        "people were active in the quarter; presence, not movement.",
        facts="<category>+<category>.shared, .lift, <category>.contributors",
        data=_data(context, _grid_table(context), title),
        draw=lambda look: draw_overlap(grid, look),
    )


def _shown(context: Context, entity: str, measure: str) -> str:
    return show(context.facts.of(entity, measure))


def _snapshot_row(context: Context, category: str) -> SnapshotRow:
    return SnapshotRow(
        context.short(category),
        _shown(context, category, "contributors"),
        _change(context, category, "contributors"),
        _change(context, category, "commits"),
    )


def _change(context: Context, category: str, counted: Counted) -> Change:
    basket, raw = f"basket_{counted}_qoq_pct", f"{counted}_qoq_pct"
    fact, read = context.facts.of(category, basket), read_basket(context.facts, category, counted)
    return Change(
        basket=fact.shown,
        basket_shown=_shown(context, category, basket),
        raw=context.facts.value(category, raw),
        raw_shown=_shown(context, category, raw),
        direction=read.direction,
        is_certain=read.is_certain,
        interval=fact.interval,
    )


def _project_row(context: Context, repository: str) -> ProjectRow:
    return ProjectRow(
        label=repository,
        category=context.short(context.category_of[repository]),
        people=context.facts.number(repository, "contributors"),
        people_shown=_shown(context, repository, "contributors"),
        new=context.facts.value(repository, "contributors_new"),
        new_shown=_shown(context, repository, "contributors_new"),
    )


def _engagement_row(context: Context, category: str, tone: str) -> EngagementRow:
    return EngagementRow(
        label=context.short(category),
        people=_shown(context, category, "contributors"),
        mean=context.facts.number(category, "mean_active_weeks"),
        mean_shown=_shown(context, category, "mean_active_weeks"),
        median=context.facts.number(category, "median_active_weeks"),
        one_week=context.facts.number(category, "one_week_share"),
        one_week_shown=_shown(context, category, "one_week_share"),
        tone=tone,
    )


def _turnover_row(context: Context, category: str) -> TurnoverRow:
    number = context.facts.number
    return TurnoverRow(
        label=context.short(category),
        churned=number(category, "contributors_churned"),
        churned_shown=_shown(context, category, "contributors_churned"),
        retained=number(category, "contributors_retained"),
        returning=number(category, "contributors_returning"),
        new=number(category, "contributors_new"),
        new_shown=_shown(context, category, "contributors_new"),
    )


def _grid(context: Context) -> OverlapGrid:
    order = context.categories
    pairs = {(row, column): f"{order[column]}+{order[row]}" for row in range(len(order)) for column in range(row)}
    named = {pair: " and ".join(context.short(slug) for slug in pair.split("+")) for pair in context.pairs[:3]}
    return OverlapGrid(
        labels=[context.short(category) for category in order],
        people=[_shown(context, category, "contributors") for category in order],
        shared={
            at: (context.facts.value(pair, "shared"), _shown(context, pair, "shared")) for at, pair in pairs.items()
        },
        lifts={
            at: f"×{_shown(context, pair, 'lift')}" if context.facts.value(pair, "lift") is not None else "vs <1"
            for at, pair in pairs.items()
            if context.facts.value(pair, "strength_rank") is not None
        },
        notes=[(_shown(context, pair, "shared"), words) for pair, words in named.items()],
    )


def _grid_table(context: Context) -> Table:
    order = context.categories
    columns = [Column("Category", "category", is_number=False)]
    columns += [Column(context.short(category), category) for category in order[:-1]]
    rows = [_grid_row(context, order, row) for row in range(1, len(order))]
    return Table("overlap", "", tuple(columns), tuple(rows))


def _grid_row(context: Context, order: Sequence[str], row: int) -> tuple[Cell, ...]:
    category = order[row]
    shared = [tables.fact_cell(context, f"{other}+{category}", "shared") for other in order[:row]]
    return (tables.word_cell(context.short(category)), *shared, *[Cell((), "")] * (len(order) - 1 - row))


def _data(context: Context, table: Table, title: Text, order: Sequence[str] = ()) -> Table:
    """Return the table behind a chart: its rows, in its order, under a caption of its own."""
    rows = list(table.rows)
    if order:
        by_name = {row[0].raw: row for row in rows}
        rows = [by_name[context.names[category]] for category in order]
    caption = f"Data of the chart: {as_string(title)}"
    return replace(table, key=f"{table.key}-data", caption=caption, rows=tuple(rows), totals=(), note=())
