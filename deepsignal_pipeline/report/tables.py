"""The tables of an edition. Every cell with a number is a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import number_text, show_raw, show_raw_interval
from deepsignal_pipeline.report.marks import Mark
from deepsignal_pipeline.report.model import Cell, Column, Run, Table, name, plain
from deepsignal_pipeline.report.words import level_marks, row_marks

TOP_PROJECTS = 15
TOP_PAIRS = 10


def fact_cell(context: Context, entity: str, measure: str, *, is_faint: bool = False) -> Cell:
    """Return the cell of a fact."""
    fact = context.facts.of(entity, measure)
    return Cell(number_text(fact), show_raw(fact), is_faint, show_raw_interval(fact))


def ranged_cell(context: Context, entity: str, measure: str) -> Cell:
    """Return the cell of a fact, with its interval under it if it has one."""
    fact = context.facts.of(entity, measure)
    under = number_text(fact, "range") if fact.interval else ()
    return replace(fact_cell(context, entity, measure), under=under)


def interval_cell(context: Context, entity: str, measure: str) -> Cell:
    """Return the cell of a fact's interval."""
    fact = context.facts.of(entity, measure)
    return Cell(number_text(fact, "interval"), show_raw(fact) if fact.hidden else "", ends=show_raw_interval(fact))


def word_cell(text: str) -> Cell:
    """Return a cell of words of our own."""
    return Cell(plain(text), text)


def name_cell(text: str) -> Cell:
    """Return a cell of a name that others gave."""
    return Cell(name(text), text)


EMPTY = Cell((), "")
"""A cell without anything: not even a reason is missing."""
_MARKS = Column("Marks", "marks", is_number=False)
_NUMBERS = dict(
    enumerate(
        (*("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
         *("eleven", "twelve", "thirteen", "fourteen", "fifteen"))
    )
)  # fmt: skip

_SNAPSHOT = (
    ("commits", "commits_qoq_pct", "basket_commits_qoq_pct"),
    ("contributors", "contributors_qoq_pct", "basket_contributors_qoq_pct"),
)


def snapshot_table(context: Context) -> Table:
    """Return the twelve rows of the quarter with their changes, raw and over the same basket."""
    columns = [Column("Category", "category", is_number=False)]
    for group, keys in zip(("Commits", "Contributors"), _SNAPSHOT, strict=True):
        columns += [Column(title, key, group) for title, key in zip(("count", "QoQ", "same basket"), keys, strict=True)]
        columns.append(Column("its 95%", keys[-1], group, has_ends=True))
    columns += [Column("Active repos", "repositories_active"), _MARKS]
    return Table(
        "snapshot",
        f"Commits, contributors and active repositories, {context.quarter}, with the change against the quarter "
        f"before (QoQ)",
        tuple(columns),
        tuple(_snapshot_row(context, category) for category in context.categories),
        (_snapshot_totals(context),),
        plain(
            "“Same basket” is the change over the repositories that were there before the quarter before began and "
            "whose source is complete; read it first. “Its 95%” is the interval of that same-basket change, as if each "
            "person had independently decided again. A person in two categories counts in both rows, and once in the total."
        ),
    )


def _snapshot_row(context: Context, category: str) -> tuple[Cell, ...]:
    differs = "basket_differs" in context.facts.marks(category)
    cells = [word_cell(context.names[category])]
    for count, raw, basket in _SNAPSHOT:
        cells += [
            fact_cell(context, category, count),
            fact_cell(context, category, raw, is_faint=differs),
            fact_cell(context, category, basket),
            interval_cell(context, category, basket),
        ]
    return (*cells, fact_cell(context, category, "repositories_active"), _snapshot_marks(context, category))


def _snapshot_marks(context: Context, entity: str) -> Cell:
    return _marks_cell(row_marks(context.facts, entity))


def _marks_cell(marks: Iterable[Mark]) -> Cell:
    runs = [run for mark in marks for run in (Run(" "), Run(mark.word, kind="mark"))][1:]
    return Cell(tuple(runs), " ".join(mark.key for mark in marks))


def _snapshot_totals(context: Context) -> tuple[Cell, ...]:
    counted = [
        cell
        for count, raw, basket in _SNAPSHOT
        for cell in (
            *(fact_cell(context, "catalogue", measure) for measure in (count, raw, basket)),
            interval_cell(context, "catalogue", basket),
        )
    ]
    active = fact_cell(context, "catalogue", "repositories_active")
    return (word_cell("All categories"), *counted, active, _snapshot_marks(context, "catalogue"))


def projects_table(context: Context) -> Table:
    """Return the repositories with most contributors."""
    columns = (
        Column("Repository", "repository", is_number=False),
        Column("Category", "category", is_number=False),
        Column("now", "contributors", "Contributors"),
        Column("before", "contributors_previous", "Contributors"),
        Column("new to it", "contributors_new", "Contributors"),
        Column("Commits", "commits"),
        Column("Mean weeks", "mean_active_weeks"),
        _MARKS,
    )
    measures = [column.key for column in columns[2:-1]]
    rows = tuple(
        (
            name_cell(repository),
            word_cell(context.short(context.category_of[repository])),
            *(fact_cell(context, repository, measure) for measure in measures),
            _marks_cell(level_marks(context.facts, repository, measures)),
        )
        for repository in context.projects[:TOP_PROJECTS]
    )
    caption = f"The {_words(len(rows))} repositories with most contributors, {context.quarter}"
    note = (
        "Before: in the quarter before. “Withheld”, of commits: mostly one person’s, or they would tell those of a repository "
        f"that are. “< {FEW}”: fewer than five people, or none."
    )
    return Table("projects", caption, columns, rows, note=plain(note))


_WITH_INTERVAL = frozenset(
    {
        *("mean_active_weeks", "one_week_share", "churn_rate_pct", "engaged_churn_rate_pct"),
        *("sustained_share", "core_builder_share", "full_time_like_share"),
    }
)
"""Measures of the people of a category that have an interval."""

INTERVALS = "With a value stands its 95% interval, where it has one."
"""What the note of a table with intervals says of them."""


def engagement_table(context: Context) -> Table:
    """Return how long the people of each category stay at it."""
    measures = (
        ("People", "contributors", ""),
        ("mean", "mean_active_weeks", "Active weeks"),
        ("median", "median_active_weeks", "Active weeks"),
        ("one only", "one_week_share", "Active weeks"),
        ("Full-time-like", "full_time_like", ""),
        ("median", "median_tenure_years", "Tenure, years"),
        ("under 1", "tenure_under_1_year", "Tenure, years"),
        ("1 to 2", "tenure_1_to_2_years", "Tenure, years"),
        ("2 or more", "tenure_2_years_or_more", "Tenure, years"),
        ("half by", "absence_factor", "Commits"),
        ("Gini", "commits_gini", "Commits"),
    )
    note = (
        f"{INTERVALS} "
        "Weeks are counted within the quarter: who arrived late in it had fewer of them, so where many are new, more were seen "
        "in one week only. Full-time-like: ten active days or more within four weeks. Tenure: years since the first commit in "
        "the category, and how many people have so many. “Half by” is the smallest number of people who made at least half of "
        "the category’s commits. Gini: 0% if all made as many, near 100% if one made nearly all."
    )
    return category_table(context, "engagement", f"How long people stayed at it, {context.quarter}", measures, note)


def turnover_table(context: Context) -> Table:
    """Return who stayed, came and was not seen again."""
    measures = (
        ("Stayed", "contributors_retained", ""),
        ("New", "contributors_new", ""),
        ("Returning", "contributors_returning", ""),
        ("all", "contributors_churned", "Not seen again"),
        ("moved", "churned_moved", "Not seen again"),
        ("narrowed", "churned_narrowed", "Not seen again"),
        ("gone", "churned_gone", "Not seen again"),
        ("of all", "churn_rate_pct", "Churn"),
        ("engaged", "engaged_churn_rate_pct", "Churn"),
    )
    note = (
        f"{INTERVALS} Moved: active in a category where they were not before. Narrowed: active only where they already were. "
        "Gone: active nowhere in the catalogue, for now. Engaged: two active weeks or more in the quarter before."
    )
    return category_table(
        context, "turnover", f"Who stayed, came and was not seen again, {context.quarter}", measures, note
    )


def category_table(
    context: Context, key: str, caption: str, measures: Sequence[tuple[str, str, str]], note: str
) -> Table:
    """Return a row a category: measures (title, measure, group of columns) with their intervals, and the marks of these."""
    columns = (
        Column("Category", "category", is_number=False),
        *(Column(title, key, group, adds_ends=key in _WITH_INTERVAL) for title, key, group in measures),
        _MARKS,
    )
    keys = [measure for _, measure, _ in measures]
    rows = tuple(
        (
            word_cell(context.names[c]),
            *(ranged_cell(context, c, measure) for measure in keys),
            _marks_cell(level_marks(context.facts, c, keys)),
        )
        for c in context.categories
    )
    return Table(key, caption, columns, rows, note=plain(note))


def pairs_table(context: Context) -> Table:
    """Return the pairs of categories that share most people."""
    columns = (
        Column("First category", "category_a", is_number=False),
        Column("Second category", "category_b", is_number=False),
        Column("now", "shared", "Shared"),
        Column("before", "shared_previous", "Shared"),
        Column("qualified", "shared_qualified", "Shared"),
        Column("new", "shared_new", "Shared"),
        Column("expected", "shared_expected", "By chance"),
        Column("lift", "lift", "By chance"),
        Column("q", "q_value", "By chance"),
        Column("first", "containment_a", "Part of the"),
        Column("second", "containment_b", "Part of the"),
        _MARKS,
    )
    rows = tuple(
        (
            *(word_cell(context.short(slug)) for slug in pair.split("+")),
            *(ranged_cell(context, pair, column.key) for column in columns[2:-1]),
            _marks_cell(level_marks(context.facts, pair, ("containment_a", "containment_b"))),
        )
        for pair in context.pairs[:TOP_PAIRS]
    )
    note = plain(
        f"{INTERVALS} "
        "Each pair is counted within the quarter. Before: in the quarter before. Qualified: two active weeks or three commits "
        "in each of the two. New: people to whom one of the two is new this quarter. Expected by chance: with every person in "
        "as many categories, and every category with as many people, as now. Lift: shared over expected; it compares pairs, "
        "since all pairs together share what is expected of them, and is said from one person expected on; the strongest pairs "
        "are told by the lower end of its interval, where fewer than one is expected as if one were. q: the share of false finds "
        "to reckon with if this pair and all with a smaller q are taken as not by chance. The ten largest are listed, of those "
        "that share five people or more."
    )
    return Table("pairs", f"Pairs of categories that share most people, {context.quarter}", columns, rows, note=note)


def _words(count: int) -> str:
    """Write a small number of rows as a word: it describes the table and is no fact."""
    return _NUMBERS.get(count, str(count))
