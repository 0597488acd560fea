"""What of a quarter is more than chance: changes over the same repositories, and what is unusual against its own past."""

from __future__ import annotations

from deepsignal_pipeline.domain.trend_words import LEVEL_WITHIN, Direction
from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.facts import Fact
from deepsignal_pipeline.report.model import Text, plain
from deepsignal_pipeline.report.words import has_small_basket, read_basket, read_change

_WIDEST = 4
_CHANGE = "{c.basket_contributors_qoq_pct}, interval {c.basket_contributors_qoq_pct:interval}"
_FROM_TO = "{c.basket_contributors_previous} to {c.basket_contributors}"
_COUNTS = "{who} counts {c.basket_contributors} people after {c.basket_contributors_previous}"


def write_same_basket(context: Context) -> Text:
    """Say what changed over the same repositories: what is no chance first, with a trend word or without one."""
    facts, sure = context.facts, certain_changes(context)[:_WIDEST]
    read = {c: read_basket(facts, c, "contributors") for c in context.ranked("basket_contributors_qoq_pct")}
    unsure = [c for c in read if read[c].word and not read[c].is_certain]
    more = [c for c in unsure if read[c].direction == "up"][: max(0, _WIDEST - 1 - len(sure))]
    fewer = [c for c in reversed(unsure) if read[c].direction == "down"][:2]
    parts = []
    if sure:
        what = "the widest changes that hold" if len(sure) > 1 else "one change holds"
        parts.append(say(facts, f"Over the same repositories, {what}: {{names}}.", names=_listing(context, sure)))
        parts.append(_output(context, sure))
    for names, words in ((more, "More people"), (fewer, "Fewer people")):
        if names:
            pattern = f"{words} over the same repositories, though within chance: {{names}}."
            parts.append(say(facts, pattern, names=_listing(context, names)))
    return join(parts)


def certain_changes(context: Context) -> list[str]:
    """Return the categories whose people over the same repositories changed by more than chance, the widest change first.

    Marks forbid a trend word and not the number: that one person makes the commits tells nothing about people, and the
    same basket leaves out what is incomplete.
    """
    facts = {
        c: context.facts.of(c, "basket_contributors_qoq_pct") for c in context.ranked("basket_contributors_qoq_pct")
    }
    sure = [c for c, fact in facts.items() if _is_beyond_chance(fact)]
    return sorted(sure, key=lambda c: -abs(facts[c].shown or 0))


def _is_beyond_chance(fact: Fact) -> bool:
    low, high = fact.interval or (0, 0)
    return (low > 0 or high < 0) and way_of(fact) != "level"


def _listing(context: Context, categories: list[str]) -> Text:
    """List categories with the verb for their people where there is one, the counts and the interval."""
    facts, listing, said = context.facts, [], "the number of people in"
    for category in categories:
        bound: dict[str, str | Text] = {"who": context.short(category), "c": category}
        verb = read_basket(facts, category, "contributors").said("one")
        if not verb:
            small = ", on a small base" if has_small_basket(facts, category) else ""
            listing.append(say(facts, f"{_COUNTS} ({_CHANGE}{small})", **bound))
            continue
        listing.append(say(facts, f"{said} {{who}} {{verb}} ({_FROM_TO}, {_CHANGE})", verb=verb, **bound))
        said = "that of"
    return listed(listing)


def _output(context: Context, categories: list[str]) -> Text:
    """Say where commits do not follow a larger number of people that is no chance."""
    facts = context.facts
    up = [c for c in categories if read_basket(facts, c, "contributors").direction == "up"]
    readers = (read_change, read_basket)
    ways = {c: {reader(facts, c, "commits").direction for reader in readers} for c in up}
    behind = [c for c in up if ways[c] <= {"level", "down"}]
    if not behind:
        is_more = bool(up) and up == categories and all(ways[c] == {"up"} for c in up)
        return plain("Their commits are more as well.") if is_more else ()
    if len(categories) == 1:
        return say(facts, "Its commits do not follow ({c.basket_commits_qoq_pct}).", c=behind[0])
    listing = listed([say(facts, "{who} ({c.basket_commits_qoq_pct})", who=context.short(c), c=c) for c in behind])
    return say(facts, "The commits do not follow in {names}.", names=listing)


def write_unusual(context: Context) -> Text:
    """Say what was held against its own past: how many changes are unusual, and where none is, the one furthest out."""
    tested, found = (context.facts.value("catalogue", measure) for measure in ("changes_tested", "discoveries"))
    if not tested:
        return ()
    facts = context.facts
    if found:
        are = "is" if found == 1 else "are"
        return say(
            facts,
            "Each change was held against its own category’s earlier quarters: {c.discoveries} of {c.changes_tested} "
            f"{are} unusual, with one false find in ten allowed for.",
            c="catalogue",
        )
    none = "none can be called unusual with one false find in ten allowed for."
    if not (furthest := _furthest(context)):
        return say(facts, f"Of {{c.changes_tested}} changes held against earlier quarters {none}", c="catalogue")
    ones, are = ("one", "is") if len(furthest) == 1 else ("ones", "are")
    return say(
        facts,
        f"Of the changes in people and commits, held against their category’s own earlier quarters, the raw {ones} in "
        f"{{furthest}} {are} furthest out. With so few earlier quarters and {{c.changes_tested}} changes tested, {none}",
        c="catalogue", furthest=listed(furthest),
    )  # fmt: skip


def _furthest(context: Context) -> list[Text]:
    """Return the change of people or commits furthest from its own past; several that are equally far in print."""
    facts = [
        context.facts.of(c, f"{counted}_surprise")
        for c in context.categories
        for counted in ("contributors", "commits")
    ]
    shown = [fact for fact in facts if fact.shown]
    width = max((abs(fact.shown or 0) for fact in shown), default=0)
    furthest = [fact for fact in shown if f"{abs(fact.shown or 0):.1f}" == f"{width:.1f}"]
    counted = {"contributors_surprise": "people", "commits_surprise": "commits"}
    return [
        say(
            context.facts, f"{{of}} of {{who}} ({{c.{fact.measure}}} standard deviations)",
            of=counted[fact.measure], who=context.short(fact.entity), c=fact.entity,
        )
        for fact in furthest
    ]  # fmt: skip


def way_of(fact: Fact) -> Direction:
    """Return which way a change points by its number alone, as where it gets no trend word."""
    change = fact.shown or 0
    return "level" if abs(change) <= LEVEL_WITHIN else "up" if change > 0 else "down"
