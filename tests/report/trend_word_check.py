"""Trend words of an edition's page against the word table: none is said that the table does not give to its change."""

from __future__ import annotations

import re

from page import Page

from deepsignal_pipeline.domain import trend_words
from deepsignal_pipeline.domain.trend_words import SMALL_BASE, Change
from deepsignal_pipeline.report.facts import Facts

WRITTEN_APART = ("", "method")
"""The masthead, which is written by hand, and the section that explains words instead of using them."""

_TREND = re.compile(
    r"\b(up|down|level\w*|gr[eo]w\w*|fell|fall\w*|surg\w+|collaps\w+|soar\w*|jump\w*|doubl\w+|tripl\w+|rose|ris(?:e|es|ing|en)|"
    r"declin\w*|drop\w*|shr[aiu]nk\w*|climb\w*|increas\w*|decreas\w*|momentum|nearly a third)\b",
    re.IGNORECASE,
)
_IDIOMS = re.compile(r"\b(fell due|shrunk towards|adds? up)\b")
"""What speaks of a date, of a method, or of sums."""
_FORMS = {"level": {"is level", "are level"}, "up": {"is up", "are up"}, "down": {"is down", "are down"}}


def untold_trend_words(page: Page) -> list[str]:
    """Return sentences with a trend word that does not say which change it is of: in prose, and in titles of charts."""
    prose = [
        e
        for e in page.elements
        if e.tag == "p" and e.section not in WRITTEN_APART and e.attributes.get("class") != "note"
    ]
    loose = {text for section, text in page.loose if section not in WRITTEN_APART}
    told = {text for text in loose if _TREND.search(_IDIOMS.sub("", text))}
    return [text for element in prose for text in sorted(told) if text in element.text]


def trend_words_of(page: Page) -> list[tuple[str, str]]:
    """Return every trend word of a page with the change that it is said of."""
    return [(e.text, e.attributes["data-trend"] or "") for e in page.elements if "data-trend" in e.attributes]


def words_allowed(facts: Facts, fact_id: str) -> set[str]:
    """Return the forms of the one word that the table has for a change, worked out from the facts that are published."""
    entity, _, measure = fact_id.rpartition(".")
    counted = measure.removeprefix("basket_").removesuffix("_qoq_pct")
    raw, basket = (_change(facts, f"{entity}.{prefix}{counted}_qoq_pct") for prefix in ("", "basket_"))
    marks = facts.of(entity, f"{counted}_qoq_pct").marks
    is_small = min(facts.number(entity, f"basket_{c}_previous") for c in ("commits", "contributors")) < SMALL_BASE
    if measure.startswith("basket_"):
        word = "" if is_small else trend_words.read_change(basket, basket, marks).word
    else:
        read = trend_words.read_change(raw, basket, marks, is_basket_small=is_small)
        word = "" if read.is_of_basket else read.word
    return _FORMS.get(word, {word} if word else set())


def _change(facts: Facts, fact_id: str) -> Change:
    fact = facts.get(fact_id)
    return Change(fact.shown, *(fact.interval or (None, None)))
