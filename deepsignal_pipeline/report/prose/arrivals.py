"""The text about people who came from somewhere: arrivals with a past, and homes year on year."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.flows import ELSEWHERE, arrival, read_in_part, streams, with_past, year
from deepsignal_pipeline.report.model import Text, plain

_CAUTION = (
    "Who was active in two other categories stands in both streams, so the streams sum to more than the people. An arrival says "
    "where somebody was before, not that they left it."
)
_WITHOUT_PAST = "and may count as without a past where they came to"
_EARLY = "The quarters that this looks back on begin before the catalogue does, so nothing is said about it yet."


def write_arrivals(context: Context) -> list[Text]:
    """Return the paragraphs about people who are new to a category and not to the catalogue."""
    if context.facts.of(arrival("any", context.categories[0]), "people").value is None:
        return [plain(_EARLY)]
    found = [c for c in with_past(context) if context.facts.value(c, "contributors_new") is not None]
    if not found:
        few = plain("Fewer than five of the people new to any category had been active in another in the year before.")
        return [join([few, read_in_part(context, _WITHOUT_PAST)])]
    return [
        join([_most(context, found), _without(context)]),
        join([_broadest(context), read_in_part(context, _WITHOUT_PAST)]),
    ]


def _most(context: Context, found: list[str]) -> Text:
    """Say who of the newcomers is known from elsewhere, for the two categories with most of them."""
    first = say(
        context.facts,
        "New to a category is not always new to the catalogue. Of the {c.contributors_new} people whose first commit in {who} "
        "is of this quarter, {f.people} had been active in another category of the catalogue within the four quarters "
        "before",
        c=found[0], who=context.short(found[0]), f=arrival("any", found[0]),
    )  # fmt: skip
    if len(found) < 2:
        return join([first, plain(".")], "")
    second = say(
        context.facts, "; in {who} it is {f.people} of {c.contributors_new}.",
        c=found[1], who=context.short(found[1]), f=arrival("any", found[1]),
    )  # fmt: skip
    return join([first, second], "")


def _without(context: Context) -> Text:
    """Say where newcomers come from outside."""
    facts = context.facts
    counts = {c: ((arrival("none", c), "people"), (c, "contributors_new")) for c in context.categories}
    shown = [c for c, needed in counts.items() if all(facts.value(*count) is not None for count in needed)]
    if not shown:
        return ()
    most = max(shown, key=lambda c: facts.number(arrival("none", c), "people"))
    return say(
        facts, "Most come from outside: {f.people} of the {c.contributors_new} people new to {who} have no such past."
        if facts.number(arrival("none", most), "people") * 2 > facts.number(most, "contributors_new")
        else "Of the {c.contributors_new} people new to {who}, {f.people} have no such past.",
        c=most, who=context.short(most), f=arrival("none", most),
    )  # fmt: skip


def _broadest(context: Context) -> Text:
    """Name the broadest streams."""
    found = streams(context)
    if not found:
        return plain("No stream from one category to another has five people.")
    ways = [
        say(
            context.facts, "from {origin} to {destination} ({f.people})",
            origin=context.short(origin), destination=context.short(destination), f=arrival(origin, destination),
        )
        for origin, destination in found[:3]
    ]  # fmt: skip
    verb = "The broadest stream leads" if len(ways) == 1 else "The broadest streams lead"
    return join([plain(f"{verb} "), listed(ways), plain(f". {_CAUTION}")], "")


def write_homes(context: Context) -> list[Text]:
    """Return the paragraph about homes a year ago and now."""
    facts = context.facts
    if facts.of(year("all", "all"), "people").value is None:
        return [plain(_EARLY)]
    homes = [c for c in context.categories if all(_value(context, c, to) for to in (c, "absent", "all"))]
    moves = [(o, d) for o in context.categories for d in context.categories if o != d and _value(context, o, d)]
    texts = []
    if homes:
        largest = max(homes, key=lambda c: facts.number(year(c, "all"), "people"))
        texts.append(
            say(
                facts,
                "Taken over four quarters each, people stay or go; few change home. Of the {a.people} people at home in {who} a "
                "year ago, {s.people} are at home there still and {g.people} were seen nowhere in the catalogue since.",
                a=year(largest, "all"), s=year(largest, largest), g=year(largest, "absent"),
                who=context.short(largest),
            )
        )  # fmt: skip
    texts += [_moves(context, moves), read_in_part(context, ELSEWHERE)]
    texts.append(plain("The whole matrix, with those who entered and left, stands in the appendix."))
    return [join(texts)]


def _moves(context: Context, moves: list[tuple[str, str]]) -> Text:
    """Name the largest move from one home to another."""
    if not moves:
        return plain("From one category’s home to another’s, no number of people is large enough to be printed.")
    origin, destination = max(moves, key=lambda move: _value(context, *move) or 0)
    return say(
        context.facts, "The largest move between two homes is from {origin} to {destination}: {f.people} people.",
        origin=context.short(origin), destination=context.short(destination), f=year(origin, destination),
    )  # fmt: skip


def _value(context: Context, origin: str, destination: str) -> float | None:
    return context.facts.value(year(origin, destination), "people")
