"""The snapshot for the terminal: twelve rows and totals, at most 110 columns, plain characters."""

from __future__ import annotations

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.formats import HIDDEN, MINUS, WITHHELD, show
from deepsignal_pipeline.report.marks import known
from deepsignal_pipeline.report.words import row_marks

_MEASURES = (
    ("commits", 8),
    ("commits_qoq_pct", 7),
    ("basket_commits_qoq_pct", 7),
    ("contributors", 8),
    ("contributors_qoq_pct", 7),
    ("basket_contributors_qoq_pct", 7),
    ("repositories_active", 7),
)
_TITLES = ("commits", "QoQ", "same", "people", "QoQ", "same", "active")
_NAME = 41


def snapshot_table(facts: Facts, catalogue: Catalogue) -> str:
    """Return the snapshot as text, the marks explained below it."""
    slugs = [category.slug for category in catalogue.categories]
    names = {category.slug: category.name for category in catalogue.categories}
    width = _NAME + sum(size for _, size in _MEASURES) + 7
    head = "Category".ljust(_NAME) + "".join(
        title.rjust(size) for title, (_, size) in zip(_TITLES, _MEASURES, strict=True)
    )
    lines = [f"{facts.quarter}: commits, people and active repositories", "", f"{head}  marks", "-" * width]
    lines += [_row(facts, slug, names[slug]) for slug in slugs]
    lines += ["-" * width, _row(facts, "catalogue", "All categories"), "", *_explained(facts, [*slugs, "catalogue"])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _row(facts: Facts, entity: str, label: str) -> str:
    cells = "".join(_cell(facts, entity, measure).rjust(size) for measure, size in _MEASURES)
    letters = "".join(mark.letter for mark in row_marks(facts, entity))
    return f"{label[: _NAME - 1].ljust(_NAME)}{cells}  {letters}"


def _cell(facts: Facts, entity: str, measure: str) -> str:
    return show(facts.of(entity, measure)).replace(MINUS, "-").replace(WITHHELD, HIDDEN)


def _explained(facts: Facts, entities: list[str]) -> list[str]:
    used = known(mark.key for entity in entities for mark in row_marks(facts, entity))
    lines = ["QoQ: change against the quarter before. same: over the repositories that were already there."]
    return lines + [f"{mark.letter} {mark.word}: {mark.gist}" for mark in used]
