"""The words for a change, by one table (METRICS, "words"). Text says no other.

No change has an interval yet, so only three of the table's words can be said: level, up, down. "Grew" and stronger
words claim an interval that excludes 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deepsignal_pipeline.report.facts import Facts

Word = Literal["level", "up", "down", ""]
Counted = Literal["contributors", "commits"]

LEVEL_WITHIN = 5
"""A change of at most this many per cent is "level"."""

SMALL_BASE = 30
"""A change on a smaller base gets no word."""

SILENT = frozenset({"partial", "dominated", "small_base", "new", "first_quarter"})
"""Marks under which a change gets no word."""


@dataclass(frozen=True)
class Reading:
    """What may be said of a change: the word (empty = none), and the measure that it is said of."""

    word: Word
    measure: str
    is_of_basket: bool


def read_change(facts: Facts, category: str, counted: Counted) -> Reading:
    """Read the change of a category's contributors or commits.

    Where the same basket of repositories disagrees with the raw change, words follow the basket.
    """
    marks = facts.marks(category)
    is_of_basket = "basket_differs" in marks or "partial" in marks
    prefix = "basket_" if is_of_basket else ""
    measure = f"{prefix}{counted}_qoq_pct"
    value = facts.value(category, measure)
    is_silent = bool(SILENT & set(marks)) or (is_of_basket and has_small_basket(facts, category))
    return Reading("" if is_silent else word_of(value), measure, is_of_basket)


def word_of(value: float | None) -> Word:
    """Return the word for a change in per cent."""
    if value is None:
        return ""
    if abs(value) <= LEVEL_WITHIN:
        return "level"
    return "up" if value > 0 else "down"


def has_small_basket(facts: Facts, category: str) -> bool:
    """Tell whether the same basket was too small a quarter before for its change to be read."""
    return min(facts.number(category, f"basket_{c}_previous") for c in ("contributors", "commits")) < SMALL_BASE
