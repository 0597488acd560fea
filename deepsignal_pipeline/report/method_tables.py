"""The tables of the method: what was read, the quarter by other rules, and what was restated."""

from __future__ import annotations

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Cell, Column, Table, plain
from deepsignal_pipeline.report.tables import EMPTY, fact_cell, word_cell


def coverage_table(context: Context) -> Table:
    """Return what was tracked, read and complete, and the repositories that are too small to be printed one by one."""
    measures = (
        ("Tracked", "repositories_tracked"),
        ("Read", "repositories_read"),
        ("Complete", "repositories_complete"),
        ("Active", "repositories_active"),
        ("Commits", "commits"),
    )
    small = (("repos", "repositories"), ("people", "contributors"), ("commits", "commits"))
    columns = (
        Column("Category", "category", is_number=False),
        *(Column(title, key) for title, key in measures),
        *(Column(title, f"small_{key}", f"Under {FEW} people each") for title, key in small),
    )
    named = [*((c, context.names[c]) for c in context.categories), ("catalogue", "All categories")]
    rows = [
        (
            word_cell(words),
            *(fact_cell(context, c, key) for _, key in measures),
            *(_cell_if_any(context, f"{c}:small_repositories", key) for _, key in small),
        )
        for c, words in named
    ]
    caption = f"Repositories and commits behind each category, {context.quarter}"
    return Table("coverage", caption, columns, tuple(rows[:-1]), (rows[-1],))


_READINGS = (
    ("As counted", ("commits", "commits_qoq_pct", "contributors", "contributors_qoq_pct")),
    ("With automation", ("commits_with_bots", "commits_qoq_pct_with_bots", "", "")),
    (
        "With merges",
        (
            "commits_with_merges",
            "commits_qoq_pct_with_merges",
            "contributors_with_merges",
            "contributors_qoq_pct_with_merges",
        ),
    ),
    (
        "One person only by id, login or address",
        ("", "", "contributors_strict", "contributors_qoq_pct_strict"),
    ),
    ("One person by every full name", ("", "", "contributors_loose", "contributors_qoq_pct_loose")),
)


def readings_table(context: Context) -> Table:
    """Return the catalogue's quarter by other rules; what a rule does not touch has no number."""
    columns = (
        Column("Rule", "rule", is_number=False),
        Column("count", "commits", "Commits"),
        Column("QoQ", "commits_qoq_pct", "Commits"),
        Column("count", "contributors", "Contributors"),
        Column("QoQ", "contributors_qoq_pct", "Contributors"),
    )
    rows = tuple(
        (word_cell(words), *(fact_cell(context, "catalogue", measure) if measure else EMPTY for measure in measures))
        for words, measures in _READINGS
    )
    note = (
        "With automation: commits by bots and AI agents too; nobody of them is a contributor. With merges: those by people that "
        "nothing else stands against, and those who made them. Where nothing stands, the rule changes nothing."
    )
    return Table("readings", f"The catalogue by other rules, {context.quarter}", columns, rows, note=plain(note))


def _cell_if_any(context: Context, entity: str, measure: str) -> Cell:
    return fact_cell(context, entity, measure) if context.facts.has(entity, measure) else EMPTY


def restatements_table(context: Context) -> Table | None:
    """Return the categories whose figures of the quarter before are no longer what was printed; None if all are."""
    facts, before = context.facts, context.quarter.shift(-1)
    moved = [
        c
        for c in context.categories
        if any(
            facts.number(c, f"{m}_published") != facts.number(c, f"{m}_restated") for m in ("commits", "contributors")
        )
    ]
    if not moved:
        return None
    causes = ("published", "by_catalogue", "by_source", "by_identities", "restated")
    titles = ("printed", "catalogue", "late commits", "identities", "now")
    either = (Column("either of these", "contributors_by_either", "Contributors"),)
    columns = [
        Column(title, f"{measure}_{cause}", measure.title())
        for measure in ("commits", "contributors")
        for title, cause in zip(titles, causes, strict=True)
    ]
    columns = [Column("Category", "category", is_number=False), *columns[:-1], *either, columns[-1]]
    rows = tuple(
        (word_cell(context.names[c]), *(fact_cell(context, c, column.key) for column in columns[1:])) for c in moved
    )
    return Table("restatements", f"What was printed of {before}, and what is known of it now", tuple(columns), rows)
