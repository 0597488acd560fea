"""What the counts mean for a search: who is rare, where many are new, who works in two fields.

No pay, no cause, no promise. A category whose source ends too early is compared with none, and a place among all twelve is
claimed only where all twelve could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from deepsignal_pipeline.domain.suppression import FEW
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.formats import show
from deepsignal_pipeline.report.model import Text, plain
from deepsignal_pipeline.report.prose import hiring_phrases as phrases

_WIDE = 30
"""A pool of fewer people is not worth a search of its own."""

_FEW_ENGAGED = 10
"""A churn rate of fewer people is not read."""

_BRIDGES = 3
_HALF = 0.5


def write_hiring(context: Context) -> list[Text]:
    """Return the paragraphs of the section."""
    texts = [join([*_rare(context), *_settled(context)]), join(_arrivals(context)), join(_bridges(context))]
    return [*(text for text in texts if text), plain(_pick(context, phrases.CAUTION))]


def _rare(context: Context) -> list[Text]:
    """Say where the smallest part of the people build the core; of a pool that is not wide a part says little."""
    shown = [c for c in context.ranked("core_builder_share") if context.facts.value(c, "core_builders") is not None]
    order = [c for c in shown if context.is_whole(c) and _is_wide(context, c)]
    if not order:
        return []
    rare, wide = order[-1], [c for c in context.categories if _is_wide(context, c)]
    is_first = len(order) == len(wide) > 1 and not _is_tied(context, "core_builder_share", rare, order[-2])
    return [
        _say(context, phrases.SCARCEST if is_first else phrases.SCARCE, rare),
        plain(_pick(context, phrases.ASK_SCARCE)),
    ]


def _is_tied(context: Context, measure: str, first: str, second: str) -> bool:
    """Tell whether two categories have the same number in print."""
    return show(context.facts.of(first, measure)) == show(context.facts.of(second, measure))


def _settled(context: Context) -> list[Text]:
    """Say where people have been longest and most of the engaged came back: above half of the others in both."""
    facts = context.facts
    by_tenure, by_churn = (context.ranked_whole(m) for m in ("median_tenure_years", "engaged_churn_rate_pct"))
    both = [c for c in by_tenure if c in by_churn and _is_wide(context, c)]
    both = [c for c in both if facts.number(c, "engaged_previous") >= _FEW_ENGAGED]
    if not both:
        return []
    tenure, churn = (
        median(facts.number(c, m) for c in both) for m in ("median_tenure_years", "engaged_churn_rate_pct")
    )
    settled = [
        c
        for c in both
        if facts.number(c, "median_tenure_years") > tenure
        and facts.number(c, "engaged_churn_rate_pct") < min(churn, 100 * _HALF)
    ]
    return [_say(context, phrases.SETTLED, settled[0]), plain(_pick(context, phrases.ASK_SETTLED))] if settled else []


def _arrivals(context: Context) -> list[Text]:
    """Say where most people are new, and how many of a category's people were there for a week only."""
    if not context.has_previous:
        return []
    ranked = context.ranked_whole("contributors_new")
    order = [c for c in ranked if _is_wide(context, c) and context.facts.value(c, "contributors_new") is not None]
    if not order:
        return []
    first, others = order[0], order[1:2]
    is_first = first == ranked[0] and _is_alone(context, "contributors_new", first, ranked[1:2])
    texts = [_say(context, phrases.MOST_NEW if is_first else phrases.MANY_NEW, first)]
    texts += [_say(context, phrases.NEXT_NEW, category) for category in others]
    is_passing = all(context.facts.number(c, "one_week_share") > _HALF for c in (first, *others))
    return [*texts, plain(_pick(context, phrases.ASK_PASSING if is_passing else phrases.ASK_NEW))]


def _bridges(context: Context) -> list[Text]:
    """Name the pairs of categories that share most people with some work in both."""
    facts = context.facts
    wide = [p for p in context.pairs if facts.number(p, "shared_qualified") >= FEW]
    whole = [p for p in wide if all(map(context.is_whole, p.split("+")))]
    if not whole:
        return [plain(_pick(context, phrases.NO_BRIDGE))]
    order = sorted(whole, key=lambda p: -facts.number(p, "shared_qualified"))[:_BRIDGES]
    named = [_bridge(context, pair, pattern) for pair, pattern in zip(order, phrases.BRIDGE, strict=False)]
    bridges = say(facts, _pick(context, phrases.BRIDGES), bridges=listed(named))
    return [bridges, plain(_pick(context, phrases.ASK_BRIDGE))]


def _bridge(context: Context, pair: str, pattern: str) -> Text:
    first, second = pair.split("+")
    return say(context.facts, pattern, p=pair, a=context.short(first), b=context.short(second))


def _is_wide(context: Context, category: str) -> bool:
    return context.facts.number(category, "contributors") >= _WIDE


def _is_alone(context: Context, measure: str, category: str, others: Sequence[str]) -> bool:
    """Tell whether a category holds its place among all twelve alone; `others` are those next to it."""
    value = context.facts.number(category, measure)
    is_all = len(context.ranked_whole(measure)) == len(context.categories)
    return is_all and bool(others) and all(context.facts.number(other, measure) != value for other in others)


def _say(context: Context, patterns: Sequence[str], category: str) -> Text:
    return say(context.facts, _pick(context, patterns), c=category, who=context.short(category))


def _pick(context: Context, variants: Sequence[str]) -> str:
    """Return the variant of the quarter: the next edition says it in other words."""
    return variants[(4 * context.quarter.year + context.quarter.number) % len(variants)]
