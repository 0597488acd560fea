"""The table of what each category is about and turned to."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import join
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show_raw
from deepsignal_pipeline.report.model import Block, Cell, Column, Paragraph, Table, Text, plain
from deepsignal_pipeline.report.prose.focus import term_places, term_text, write_catalogue_focus
from deepsignal_pipeline.report.tables import word_cell
from deepsignal_pipeline.report.terms import Term

_SHOWN = 5  # terms, or repositories with theirs
_SCOPES = {
    "apart": "Beside others",
    "across": "Across its repositories",
    "repository": "In one repository",
    "new": "In young or newly crowded repositories",
}
_NOTE = (
    "A term is a word of commit subjects or a folder or file that was changed; in brackets are the people who used it, and "
    "where a word is told of both, which of them. The first column is no change: it tells what at least two repositories of "
    "a category worked on, with a larger part of its people than of other categories’ in the same quarter; if repositories "
    "were put into categories at random, about three in ten as many terms "
    "would stand there. Across and within repositories a term is compared with their own four quarters before; about one "
    "in six would stand there by chance. Young or newly crowded repositories, which have more people now than in the whole year "
    "before, are compared with all settled ones of the quarter; they need not have begun too late for the same basket. No term "
    "stands for fewer than five people, and none is anybody’s name."
)


def write_turn(context: Context) -> tuple[Block, ...]:
    """Return what rose over the catalogue as a whole, and the table by category and scope; nothing without terms."""
    if not context.terms:
        return ()
    text = write_catalogue_focus(context)
    return (*((Paragraph(text),) if text else ()), _table(context))


def _table(context: Context) -> Table:
    columns = (
        Column("Category", "category", is_number=False),
        *(Column(title, scope, is_number=False) for scope, title in _SCOPES.items()),
    )
    rows = tuple(
        (word_cell(context.short(category)), *(_cell(context, category, scope) for scope in _SCOPES))
        for category in context.categories
    )
    caption = f"What the work of each category is about and turned to, {context.quarter}"
    return Table("focus", caption, columns, rows, note=plain(_NOTE))


def _cell(context: Context, category: str, scope: str) -> Cell:
    terms = context.terms_of(category, scope)
    if scope == "repository":
        return _joined(context, term_places(context, terms, _SHOWN), terms)
    return _joined(context, [term_text(context, term) for term in terms[:_SHOWN]], terms[:_SHOWN])


def _joined(context: Context, told: list[Text], terms: list[Term]) -> Cell:
    return Cell(join(told, ", "), "; ".join(_raw(context, term) for term in terms))


def _raw(context: Context, term: Term) -> str:
    place = f" {term.repositories[0]}" if term.scope == "repository" else ""
    return f"{term.term} {show_raw(context.facts.of(term.entity, 'people'))}{place}"
