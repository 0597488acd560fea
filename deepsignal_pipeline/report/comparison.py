"""Two quarters side by side for the terminal: what each edition says, and the change between them.

Any two published quarters can be compared. Changes here are differences of what is printed; intervals and the same basket
belong to neighbouring quarters and stand in the later edition.
"""

from __future__ import annotations

from decimal import Decimal

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.report.facts import Fact, Facts, UnknownFactError
from deepsignal_pipeline.report.formats import HIDDEN, MINUS, WITHHELD, half_up, show
from deepsignal_pipeline.report.marks import known

_MEASURES = (
    ("commits", "commits"),
    ("contributors", "people"),
    ("mean_active_weeks", "weeks"),
    ("churn_rate_pct", "churn"),
)
_NAME, _VALUE, _CHANGE = 28, 8, 7


def comparison_table(before: Facts, after: Facts, catalogue: Catalogue) -> str:
    """Return the comparison as text: for each measure the earlier value, the later one and the change.

    Counts change in per cent, weeks and rates in their own unit; no change is given where a value is hidden or missing.
    """
    names = {category.slug: category.name for category in catalogue.categories}
    # A category that the catalogue has no longer was printed all the same
    names |= {slug: slug for facts in (before, after) for slug in facts.entities("category") if slug not in names}
    head = "Category".ljust(_NAME) + "".join(title.rjust(2 * _VALUE + _CHANGE) for _, title in _MEASURES)
    quarters = "".join(str(facts.quarter).rjust(_VALUE) for facts in (before, after)) + "change".rjust(_CHANGE)
    lines = [head, " " * _NAME + quarters * len(_MEASURES), "-" * len(head)]
    lines += [_row(before, after, slug, name.partition(" & ")[0]) for slug, name in names.items()]
    lines += ["-" * len(head), _row(before, after, "catalogue", "All categories"), ""]
    return "\n".join(line.rstrip() for line in [*lines, *_explained(before, after, list(names))]) + "\n"


def _row(before: Facts, after: Facts, entity: str, label: str) -> str:
    cells = "".join(_cells(before, after, entity, measure) for measure, _ in _MEASURES)
    return f"{label[: _NAME - 1].ljust(_NAME)}{cells}"


def _cells(before: Facts, after: Facts, entity: str, measure: str) -> str:
    facts = [_find(found, entity, measure) for found in (before, after)]
    shown = [(show(fact) if fact else "").replace(MINUS, "-").replace(WITHHELD, HIDDEN).rjust(_VALUE) for fact in facts]
    return "".join(shown) + _change(*facts).rjust(_CHANGE)


def _find(facts: Facts, entity: str, measure: str) -> Fact | None:
    try:
        return facts.of(entity, measure)
    except UnknownFactError:  # the catalogue as a whole has no such measure, or the category is newer than the edition
        return None


def _change(before: Fact | None, after: Fact | None) -> str:
    if before is None or after is None or before.shown is None or after.shown is None:
        return ""
    old, new = Decimal(repr(before.shown)), Decimal(repr(after.shown))
    if after.unit in ("weeks", "%"):
        return _signed(half_up(new - old, 1))
    return f"{_signed(half_up(100 * (new / old - 1)))}%" if old else "new"


def _signed(change: Decimal) -> str:
    return f"{change:+}" if change else "0"


def _explained(before: Facts, after: Facts, slugs: list[str]) -> list[str]:
    """Return the marks that stand against reading a change, with the categories that carry them."""
    lines = []
    for facts in (before, after):
        marked = {slug: known(_marks(facts, slug)) for slug in slugs}
        for mark in known(mark.key for marks in marked.values() for mark in marks):
            bearers = ", ".join(slug for slug, marks in marked.items() if mark in marks)
            lines.append(f"{facts.quarter} {mark.word}: {bearers}")
    return lines


def _marks(facts: Facts, slug: str) -> tuple[str, ...]:
    fact = _find(facts, slug, "commits")
    return fact.marks if fact else ()
