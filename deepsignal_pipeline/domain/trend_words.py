"""The words for a change, by one table: used by whoever writes words and by whoever checks them.

Which changes are measured, and how sure they are, is decided elsewhere; so is how a sentence is built round a word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

TrendWord = Literal["level", "up", "down", "grew", "fell", "surged", "collapsed", ""]

LEVEL_WITHIN = 5
"""A change of at most this many per cent (or points, of a share) is "level"."""

STRONG_FROM = 20
STRONG_BEYOND = 10
"""A change of STRONG_FROM or more whose whole interval lies beyond STRONG_BEYOND surged, or collapsed."""

DIFFERS_BY = 20
"""Raw change and same basket tell different stories from over this many points."""

SMALL_BASE = 30
"""A change on a smaller base gets no word."""

DOMINATED_OVER = 0.25
"""With more than this share of the commits, one person dominates."""

SILENT = frozenset({"partial", "dominated", "small_base", "new", "first_quarter"})
"""Marks under which a change gets no word."""

RISING: frozenset[TrendWord] = frozenset({"up", "grew", "surged"})
FALLING: frozenset[TrendWord] = frozenset({"down", "fell", "collapsed"})

Direction = Literal["up", "down", "level", ""]


@dataclass(frozen=True)
class Change:
    """A change in whole per cent (points, of a share), and its 95 % interval where it has one."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Reading:
    """What may be said: the word (empty = none), and whether it is said of the same basket."""

    word: TrendWord
    is_of_basket: bool


def trend_word(change: Change) -> TrendWord:
    """Return the word for a change that may get one.

    A change of more than LEVEL_WITHIN without an interval gets none: nobody can tell "up" from "grew".
    """
    if change.value is None:
        return ""
    if abs(change.value) <= LEVEL_WITHIN:
        return "level"
    if change.low is None or change.high is None:
        return ""
    if change.value > 0:
        is_strong = change.value >= STRONG_FROM and change.low > STRONG_BEYOND
        return "surged" if is_strong else "grew" if change.low > 0 else "up"
    is_strong = change.value <= -STRONG_FROM and change.high < -STRONG_BEYOND
    return "collapsed" if is_strong else "fell" if change.high < 0 else "down"


def read_change(raw: Change, basket: Change, marks: Collection[str], *, is_basket_small: bool = False) -> Reading:
    """Read a change by its marks: silence where it is due, and the same basket where that differs.

    A small basket is silent too where words would follow it. Where they follow the raw change, they claim no more than
    the same basket bears out: people whom new repositories brought make no trend certain.
    """
    is_of_basket = differs(raw.value, basket.value)
    if SILENT & set(marks) or (is_of_basket and is_basket_small):
        return Reading("", is_of_basket)
    if is_of_basket:
        return Reading(trend_word(basket), is_of_basket)
    word = trend_word(raw)
    return Reading(word if is_basket_small else _borne_out(word, trend_word(basket)), is_of_basket)


def _borne_out(word: TrendWord, by: TrendWord) -> TrendWord:
    """Return the weaker of two words for the same direction; a word stands alone where the other has nothing to say."""
    claims: tuple[TrendWord, ...] = ("up", "grew", "surged") if word in RISING else ("down", "fell", "collapsed")
    if word not in claims or not by:
        return word
    return claims[min(claims.index(word), claims.index(by) if by in claims else 0)]


def differs(raw: float | None, basket: float | None) -> bool:
    """Tell whether the same basket disagrees with the raw change: in sign, or by more than DIFFERS_BY points."""
    if raw is None or basket is None:
        return False
    return raw * basket < 0 or abs(raw - basket) > DIFFERS_BY


def direction_of(word: TrendWord) -> Direction:
    """Return which way a word points."""
    return "up" if word in RISING else "down" if word in FALLING else "level" if word == "level" else ""


def share_word(share: float) -> str:
    """Return the words for a share from 0 to 1 that has them: "most" above a half, "nearly a third" from 28 to 33.3 %."""
    if share > 1 / 2:
        return "most"
    return "nearly a third" if 0.28 <= share <= 1 / 3 else ""
