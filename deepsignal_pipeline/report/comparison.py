"""Two quarters side by side for the terminal: what each edition says, and the change between them.

Any two published quarters can be compared. Changes here are differences of what is printed; the same basket belongs to
neighbouring quarters, so it is shown of those alone, as the later edition prints it. Intervals stand in that edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.report.facts import Fact, Facts, UnknownFactError
from deepsignal_pipeline.report.formats import HIDDEN, MINUS, NOT_AVAILABLE, SUPPRESSED, WITHHELD, half_up, show
from deepsignal_pipeline.report.marks import Mark, known
from deepsignal_pipeline.report.words import row_marks


@dataclass(frozen=True)
class _Measure:
    """A measure, its title, and that of its change over the same basket, if it has one."""

    key: str
    title: str
    basket: str = ""


_MEASURES = (
    _Measure("commits", "commits", "basket_commits_qoq_pct"),
    _Measure("contributors", "people", "basket_contributors_qoq_pct"),
    _Measure("mean_active_weeks", "weeks"),
    _Measure("churn_rate_pct", "churn"),
)
_NAME, _VALUE, _CHANGE, _BASKET = 28, 8, 7, 6
_LEGEND = (
    (HIDDEN, "what fewer than five people did, what would give them away, or what is mostly one person's"),
    (SUPPRESSED, "fewer than five people, or none"),
    (NOT_AVAILABLE, "there is no such number, or a source that ended too early would distort it"),
    ("new", "nothing in the earlier quarter, so there is no change to state"),
)


def comparison_table(before: Facts, after: Facts, catalogue: Catalogue) -> str:
    """Return the comparison as text: for each measure the earlier value, the later one and the change.

    Counts change in per cent, weeks and rates in their own unit; no change is given where a value is hidden or missing, or
    where a source ended too early in either quarter.
    """
    names = {category.slug: category.name for category in catalogue.categories}
    # A category that the catalogue has no longer was printed all the same
    names |= {slug: slug for facts in (before, after) for slug in facts.entities("category") if slug not in names}
    has_basket = before.quarter == after.quarter.shift(-1)
    head = [" " * _NAME, " " * _NAME]
    for measure in _MEASURES:
        head[1] += "".join(str(facts.quarter).rjust(_VALUE) for facts in (before, after)) + "change".rjust(_CHANGE)
        head[1] += "same".rjust(_BASKET) if has_basket and measure.basket else ""
        head[0] += measure.title.rjust(len(head[1]) - len(head[0]))
    head[0] = head[0].replace(" " * len("Category"), "Category", 1)
    rule = "-" * len(head[0])
    rows = [_row(before, after, slug, name.partition(" & ")[0]) for slug, name in names.items()]
    rows += [rule, _row(before, after, "catalogue", "All categories")]
    lines = [*head, rule, *rows, "", *_explained("\n".join(rows), has_basket=has_basket)]
    return "\n".join(line.rstrip() for line in [*lines, *_marked(before, after, list(names))]) + "\n"


def _row(before: Facts, after: Facts, entity: str, label: str) -> str:
    cells = "".join(_cells(before, after, entity, measure) for measure in _MEASURES)
    return f"{label[: _NAME - 1].ljust(_NAME)}{cells}"


def _cells(before: Facts, after: Facts, entity: str, measure: _Measure) -> str:
    facts = [_find(found, entity, measure.key) for found in (before, after)]
    cells = "".join(_shown(fact).rjust(_VALUE) for fact in facts) + _change(*facts).rjust(_CHANGE)
    if not measure.basket or before.quarter != after.quarter.shift(-1):
        return cells
    return cells + _shown(_find(after, entity, measure.basket)).rjust(_BASKET)


def _shown(fact: Fact | None) -> str:
    return (show(fact) if fact else "").replace(MINUS, "-").replace(WITHHELD, HIDDEN)


def _find(facts: Facts, entity: str, measure: str) -> Fact | None:
    try:
        return facts.of(entity, measure)
    except UnknownFactError:  # the catalogue as a whole has no such measure, or the category is newer than the edition
        return None


def _change(before: Fact | None, after: Fact | None) -> str:
    if before is None or after is None:
        return ""
    if "partial" in (*before.marks, *after.marks):
        return NOT_AVAILABLE
    if before.shown is None or after.shown is None:
        return ""
    old, new = Decimal(repr(before.shown)), Decimal(repr(after.shown))
    if after.unit in ("weeks", "%"):
        return _signed(half_up(new - old, 1))
    return f"{_signed(half_up(100 * (new / old - 1)))}%" if old else "new"


def _signed(change: Decimal) -> str:
    return f"{change:+}" if change else "0"


def _explained(rows: str, *, has_basket: bool) -> list[str]:
    """Return what the columns and the words in the rows mean."""
    same = (
        "same: change over the repositories that were already there, as the later edition prints it."
        if has_basket
        else "Over the same repositories only neighbouring quarters are compared: each edition has that of its own quarter."
    )
    words = [f"{word}: {meaning}." for word, meaning in _LEGEND if f" {word}" in rows]
    return ["change: of counts in per cent, of weeks in weeks, of churn in points.", same, *words, ""]


def _marked(before: Facts, after: Facts, slugs: list[str]) -> list[str]:
    """Return the marks that stand against reading a change, with the categories that carry them, and what they mean."""
    lines, used = [], []
    for facts in (before, after):
        marked = {slug: _marks(facts, slug) for slug in slugs}
        for mark in known(mark.key for marks in marked.values() for mark in marks):
            bearers = ", ".join(slug for slug, marks in marked.items() if mark in marks)
            lines.append(f"{facts.quarter} {mark.word}: {bearers}")
            used.append(mark.key)
    return [*lines, *([""] if used else []), *(f"{mark.word}: {mark.gist}." for mark in known(used))]


def _marks(facts: Facts, slug: str) -> list[Mark]:
    return row_marks(facts, slug) if facts.has(slug, "commits") else []
