"""The word for a change of a category's people or commits, as a run of text that says which change it is said of.

The table stands in `domain.trend_words`; here it is applied to facts and put into a grammatical form. Text says a trend
word in no other way, so that a test, or a claim checker, can hold every one of them against the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from deepsignal_pipeline.domain import trend_words
from deepsignal_pipeline.domain.trend_words import SMALL_BASE, Change, Direction, TrendWord, direction_of
from deepsignal_pipeline.report.facts import Facts
from deepsignal_pipeline.report.marks import Mark, known
from deepsignal_pipeline.report.model import Run, Text

Counted = Literal["contributors", "commits"]
Number = Literal["one", "many"]

_FORMS: dict[Number, dict[TrendWord, str]] = {
    "one": {"level": "is level", "up": "is up", "down": "is down"},
    "many": {"level": "are level", "up": "are up", "down": "are down"},
}
"""The verb after a singular or plural subject; the other words are verbs of their own and the same after both."""
_OF_LEVELS = frozenset({"partial", "dominated", "unresolved"})
"""Marks of what was read and of who did it; the others are of a change."""


@dataclass(frozen=True)
class Reading:
    """What may be said of a change: the word (empty = none), and the fact that it is said of."""

    word: TrendWord
    fact_id: str

    @property
    def direction(self) -> Direction:
        """Which way the word points."""
        return direction_of(self.word)

    @property
    def is_certain(self) -> bool:
        """Whether the word claims more than the count does: that the interval excludes 0."""
        return self.word in ("grew", "surged", "fell", "collapsed")

    def said(self, number: Number) -> Text:
        """Return the word as the verb of a sentence, after a subject of that number; no text if there is no word."""
        if not self.word:
            return ()
        return (Run(_FORMS[number].get(self.word, self.word), value=self.fact_id, kind="word"),)


def read_change(facts: Facts, entity: str, counted: Counted) -> Reading:
    """Read the change of the contributors or commits of a category or the catalogue: of the same basket if that differs."""
    raw, basket = f"{entity}.{counted}_qoq_pct", f"{entity}.basket_{counted}_qoq_pct"
    marks, is_small = facts.get(raw).marks, has_small_basket(facts, entity)
    read = trend_words.read_change(_change(facts, raw), _change(facts, basket), marks, is_basket_small=is_small)
    return Reading(read.word, basket if read.is_of_basket else raw)


def read_basket(facts: Facts, entity: str, counted: Counted) -> Reading:
    """Read the change over the same basket of repositories by itself."""
    basket = f"{entity}.basket_{counted}_qoq_pct"
    marks, change = facts.get(f"{entity}.{counted}_qoq_pct").marks, _change(facts, basket)
    if has_small_basket(facts, entity):
        return Reading("", basket)
    return Reading(trend_words.read_change(change, change, marks).word, basket)


def has_small_basket(facts: Facts, entity: str) -> bool:
    """Tell whether the same basket was too small a quarter before for its change to be read."""
    return min(facts.number(entity, f"basket_{c}_previous") for c in ("contributors", "commits")) < SMALL_BASE


def row_marks(facts: Facts, entity: str) -> list[Mark]:
    """Return the marks of the row of a category or the catalogue: its own, and those of the same basket, which stands there."""
    baskets = [facts.of(entity, f"basket_{counted}_qoq_pct") for counted in ("commits", "contributors")]
    few = {mark for fact in baskets for mark in fact.marks} & {"change_by_few"}
    has_previous = facts.of("catalogue", "commits_previous").value is not None
    small = {"small_base"} if has_previous and has_small_basket(facts, entity) else set()
    return known([*facts.marks(entity), *few, *small])


def level_marks(facts: Facts, entity: str, measures: Iterable[str]) -> list[Mark]:
    """Return the marks of measures of an entity that are no changes: a small base is that of a ratio, under 30 people behind it.

    That the quarter before was small, or that the same basket differs, says nothing of them.
    """
    found = [facts.of(entity, measure) for measure in measures]
    marks = {mark for fact in found for mark in fact.marks} & _OF_LEVELS
    is_small = any(fact.shown is not None and fact.n is not None and fact.n < SMALL_BASE for fact in found)
    return known(marks | ({"small_base"} if is_small else set()))


def _change(facts: Facts, fact_id: str) -> Change:
    fact = facts.get(fact_id)
    return Change(fact.shown, *(fact.interval or (None, None)))
