"""Titles of charts: each states what its chart finds, in facts. Of a category read in part none says that it stands at an end."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Text, name, plain
from deepsignal_pipeline.report.words import read_basket


def snapshot(context: Context) -> Text:
    """Say which categories look different over the same repositories, or where more people are."""
    facts = context.facts
    differing = [c for c in context.categories if "basket_differs" in facts.marks(c)]
    if differing:
        names = listed([plain(context.short(c)) for c in differing[:4]])
        verb = "look" if len(differing) > 1 else "looks"
        more = " and others" if len(differing) > 4 else ""
        return say(facts, f"{{names}}{more} {verb} different over the same repositories", names=names)
    order = context.ranked("basket_contributors_qoq_pct")
    read = {c: read_basket(facts, c, "contributors") for c in order}
    rising = [c for c in order if read[c].direction == "up"]
    if not rising:
        return plain("Contributors and commits by category")
    return say(
        facts, "Over the same repositories the number of people in {who} {basket} by {c.basket_contributors_qoq_pct:bare}",
        who=context.short(rising[0]), c=rising[0], basket=read[rising[0]].said("one"),
    )  # fmt: skip


def projects(context: Context) -> Text:
    """Name the repository with most contributors."""
    if not context.projects:
        return plain("No repository had five contributors")
    top = context.projects[0]
    is_shown = context.facts.value(top, "contributors_new") is not None
    return say(
        context.facts,
        "{who} drew {p.contributors} people, {p.contributors_new} of them new to it"
        if is_shown
        else "{who} drew most people, {p.contributors}",
        who=name(top),
        p=top,
    )


def engagement(context: Context) -> Text:
    """Set the ends of the ranking beside each other."""
    order = context.ranked_whole("mean_active_weeks")
    if len(order) < 2:
        return plain("Active weeks by category")
    return say(
        context.facts,
        "People of {deep} are active in {a.mean_active_weeks} weeks on average, of {shallow} in {b.mean_active_weeks}",
        deep=context.short(order[0]), a=order[0], shallow=context.short(order[-1]), b=order[-1],
    )  # fmt: skip


def turnover(context: Context) -> Text:
    """Say for the category with most people how many came and were not seen again."""
    measures = ("contributors_new", "contributors_churned")
    ranked = context.ranked("contributors")
    order = [c for c in ranked if all(context.facts.value(c, measure) is not None for measure in measures)]
    if not order:
        return plain("New and returning people by category")
    return say(
        context.facts, "{who} met {c.contributors_new} new people and did not see {c.contributors_churned} again",
        who=context.short(order[0]), c=order[0],
    )  # fmt: skip


def work(context: Context) -> Text:
    """Set the categories with most and with least core code beside each other."""
    order = context.ranked_whole("core_share")
    if len(order) < 2:
        return plain("What the work was, by category")
    return say(
        context.facts, "Core code is {a.core_share} of the work in {most}, and {b.core_share} in {least}",
        most=context.short(order[0]), a=order[0], least=context.short(order[-1]), b=order[-1],
    )  # fmt: skip


def overlap(context: Context) -> Text:
    """Name the pair that shares most people."""
    if not context.pairs:
        return plain("No two categories share five people")
    first, second = context.pairs[0].split("+")
    # What a source lacks can only add to the people whom they share
    known = "" if context.is_whole(first) and context.is_whole(second) else ", though one was read in part"
    return say(
        context.facts, f"{{a}} and {{b}} share most people: {{p.shared}}{known}",
        a=context.short(first), b=context.short(second), p=context.pairs[0],
    )  # fmt: skip
