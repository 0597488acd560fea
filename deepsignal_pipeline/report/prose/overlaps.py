"""The text about people whom categories share. Overlap is presence, not movement."""

from __future__ import annotations

from deepsignal_pipeline.report.compose import join, listed, say
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.model import Text, plain

CAUTION = (
    "This is presence, not movement: a person counted in two categories committed to both in the same quarter. "
    "Nothing here says which came first, or that anyone left."
)


def write_overlaps(context: Context) -> list[Text]:
    """Return the paragraphs about overlaps."""
    facts, pairs = context.facts, context.pairs
    if not pairs:
        return [plain("No two categories share five people or more this quarter."), plain(CAUTION)]
    first = say(
        facts,
        "{a} and {b} share most people: {p.shared} committed to both in the quarter, {p.containment_a} of the "
        "first and {p.containment_b} of the second.",
        **_bound(context, pairs[0]),
    )
    return [
        join([first, _depth(context, pairs[0]), *_second(context)]),
        join([_strongest(context), _newest(context)]),
        plain(CAUTION),
    ]


def _depth(context: Context, pair: str) -> Text:
    if context.facts.value(pair, "shared_qualified") is None:
        return plain("Fewer than five of them did so with two active weeks or three commits on each side.")
    return say(
        context.facts, "With two active weeks or three commits on each side it is {p.shared_qualified}.",
        **_bound(context, pair),
    )  # fmt: skip


def _second(context: Context) -> list[Text]:
    if len(context.pairs) < 2:
        return []
    is_shown = context.facts.value(context.pairs[1], "shared_qualified") is not None
    qualified = "{p.shared_qualified}" if is_shown else "fewer than five"
    pattern = f"Next come {{a}} and {{b}}, with {{p.shared}} shared people ({qualified} qualified)."
    texts = [say(context.facts, pattern, **_bound(context, context.pairs[1]))]
    if len(context.pairs) > 2 and _is_below(context):
        is_sparse = len(context.pairs) * 2 < len(context.facts.entities("pair"))
        texts.append(plain(f"Every other pair shares fewer{'; most of the grid is below five' if is_sparse else ''}."))
    return texts


def _is_below(context: Context) -> bool:
    """Tell whether the third pair shares fewer people than the second."""
    second, third = (context.facts.number(pair, "shared") for pair in context.pairs[1:3])
    return third < second


def _strongest(context: Context) -> Text:
    """Say which pairs share more people than chance gives them, and how many times as many."""
    strong = context.ranked_pairs("strength_rank")
    if not strong:
        return plain(
            "No pair that shares five people or more is above chance: with as many people in each category, any two might "
            "share as many."
        )
    told = strong[:4]
    first = say(
        context.facts,
        "Against chance the strongest tie is that of {a} and {b}: {p.lift} times the {p.shared_expected} people whom the two "
        "would share if the same people stood in as many categories at random, and at least {p.lift_low} times at 95% "
        "confidence, which is what strength is told by."
        if _has_lift(context, told[0])
        else "Against chance the strongest tie is that of {a} and {b}: {p.shared} people, where the two would share fewer than "
        "one if the same people stood in as many categories at random; of so few no lift is said.",
        **_bound(context, told[0]),
    )
    others = [
        say(
            context.facts,
            "{a} and {b} ({p.lift} times, at least {p.lift_low})"
            if _has_lift(context, pair)
            else "{a} and {b} ({p.shared} people, fewer than one expected)",
            **_bound(context, pair),
        )
        for pair in told[1:]
    ]
    more = join([plain("Above chance as well: "), listed(others, "; and "), plain(".")], "") if others else ()
    compares = plain("Such a lift compares pairs with one another; over all pairs together it is one by construction.")
    return join([first, more, compares if any(_has_lift(context, pair) for pair in told) else ()])


def _has_lift(context: Context, pair: str) -> bool:
    return context.facts.value(pair, "lift") is not None


def _newest(context: Context) -> Text:
    """Say for which of the pairs above chance most of the shared people are new to one of the two."""
    new = [p for p in context.ranked_pairs("newness_rank") if context.facts.value(p, "shared_new_share") is not None]
    if not new:
        return ()
    before = context.facts.of(new[0], "shared_previous")
    past = (
        "the quarter before it shared {p.shared_previous}"
        if before.shown is not None
        else "the quarter before it shared fewer than five"
        if before.hidden
        else "nothing is known of the quarter before"
    )
    return say(
        context.facts,
        "Of the pairs above chance the newest is {a} and {b}: to {p.shared_new} of the {p.shared} people it shares, one of "
        f"the two is new this quarter; {past}.",
        **_bound(context, new[0]),
    )


def _bound(context: Context, pair: str) -> dict[str, str | Text]:
    first, second = pair.split("+")
    return {"p": pair, "a": context.short(first), "b": context.short(second)}
