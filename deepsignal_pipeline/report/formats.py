"""How numbers are written. One place, so that a number reads the same in text, tables, charts and checks."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.report.facts import Fact
from deepsignal_pipeline.report.model import Run, Text

SUPPRESSED = f"< {FEW}"
WITHHELD = "withheld"
HIDDEN = "hidden"
"""The same in the narrow columns of a terminal."""
NOT_AVAILABLE = "n/a"
MINUS = "\N{MINUS SIGN}"

_SIGNED = (
    "_qoq_pct", "_qoq_pct_strict", "_qoq_pct_loose", "_qoq_pct_without_top", "_qoq_pct_with_bots",
    "_qoq_pct_with_merges", "_change",
    "_in_basket", "_of_catalogue", "_surprise",
    "_by_catalogue", "_by_source", "_by_identities", "_by_either",
)  # fmt: skip
_DECIMAL = ("weeks", "years", "days", "standard deviations", "times", "people by chance")
_BETWEEN = {"interval": " to ", "range": "\N{EN DASH}"}
"""What stands between the ends of an interval, by style; a dash only where neither end can have a sign."""
_HALF = Decimal("0.5")
_SMALLEST_Q = Decimal("0.001")


def show(fact: Fact, style: str = "") -> str:
    """Write a fact's value for readers, or why there is none.

    Styles: "bare" leaves the sign of a change to the words around it; "short" drops a decimal that is 0; "interval" writes
    the 95 % interval instead; "range" the same below or behind the value, whose unit it leaves out.
    """
    if instead := _instead(fact):
        return instead
    if style in _BETWEEN:
        return _interval(fact, style)
    value = fact.shown
    if value is None:
        return NOT_AVAILABLE
    return _write(Decimal(repr(value)), fact, style)


def show_raw(fact: Fact) -> str:
    """Write a fact's value for machines: a bare number, `< 5`, `withheld`, or nothing."""
    if instead := _instead(fact):
        return instead
    value = fact.shown
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(round(value, 6))


def show_raw_interval(fact: Fact) -> tuple[str, str]:
    """Write the ends of a fact's interval for machines: two bare numbers, or nothing twice."""
    if fact.interval is None:
        return "", ""
    low, high = (repr(round(end, 6)) for end in fact.interval)
    return low, high


def number(fact: Fact, style: str = "") -> Run:
    """Return a fact's number as a run of text."""
    return Run(show(fact, style), fact.fact_id, style, show_raw(fact))


def number_text(fact: Fact, style: str = "") -> Text:
    """Return a fact's number as a text."""
    return (number(fact, style),)


def half_up(value: Decimal, places: int = 0) -> Decimal:
    """Round a half towards plus infinity, also below 0, as the changes of the metric tables are."""
    scale = Decimal(10) ** places
    return ((value * scale + _HALF).to_integral_value(ROUND_FLOOR)) / scale


def _instead(fact: Fact) -> str:
    """Return what is written for a value that is hidden; nothing if it is not, or if there is no such number.

    Only of people it is said that they are fewer than five: a rate of 60% or 40 commits by so few are not "< 5".
    """
    if fact.hidden == "suppressed" and fact.unit == "people":
        return SUPPRESSED
    return WITHHELD if fact.hidden in ("suppressed", "withheld") else ""


def _write(value: Decimal, fact: Fact, style: str) -> str:
    if fact.unit == "share":
        places = 1 if fact.measure == "jaccard" else 0
        return f"{half_up(value * 100, places):.{places}f}%"
    if fact.unit in _DECIMAL:
        return _decimal(value, style)
    if fact.unit == "q":
        return f"{value:.3f}" if value >= _SMALLEST_Q else f"< {_SMALLEST_Q}"
    if fact.unit == "score":
        size = value.quantize(Decimal("0.001"), ROUND_HALF_UP)
        return _sign(size, is_signed=False) + str(abs(size))
    if fact.unit == "ratio":
        return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
    whole = half_up(value)
    digits = f"{abs(whole):,.0f}{'%' if fact.unit == '%' else ''}"
    return digits if style == "bare" else _sign(whole, is_signed=fact.measure.endswith(_SIGNED)) + digits


def _interval(fact: Fact, style: str) -> str:
    if fact.interval is None:
        return NOT_AVAILABLE
    low, high = (_write(Decimal(repr(end)), fact, "") for end in fact.interval)
    return f"{low.removesuffix('%')}{_BETWEEN[style]}{high if style == 'interval' else high.removesuffix('%')}"


def _decimal(value: Decimal, style: str) -> str:
    size = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = _sign(size, is_signed=False) + str(abs(size))
    return text.removesuffix(".0") if style == "short" else text


def _sign(value: Decimal, *, is_signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if value > 0 and is_signed else ""
